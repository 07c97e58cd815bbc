// Reads bits, most significant first, from bytes.
#ifndef TIDEGATE_STORAGE_CHUNK_BIT_READER_H_
#define TIDEGATE_STORAGE_CHUNK_BIT_READER_H_

#include <cstdint>
#include <cstring>
#include <string_view>

namespace tidegate::storage::chunk {

// Does not own the bytes. Beyond their end it reads zeros. Owned by one thread.
class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : bytes_(bytes) {}

  // The next bits at the top of a word; at least kPeekBits of them are valid.
  static constexpr int kPeekBits = 57;
  uint64_t Peek() const {
    const size_t at = position_ >> 3;
    uint64_t word = 0;
    if (at + sizeof(word) <= bytes_.size()) [[likely]] {
      std::memcpy(&word, bytes_.data() + at, sizeof(word));
    } else if (at < bytes_.size()) {
      std::memcpy(&word, bytes_.data() + at, bytes_.size() - at);
    }
    return __builtin_bswap64(word) << (position_ & 7);
  }
  void Skip(int bits) { position_ += static_cast<size_t>(bits); }

  // The next `size` (1..64) bits, right aligned.
  uint64_t Read(int size) {
    if (size > 32) {
      const uint64_t high = Read(size - 32);
      return high << 32 | Read(32);
    }
    const uint64_t bits = Peek() >> (64 - size);
    Skip(size);
    return bits;
  }
  int64_t ReadSigned(int size) {
    return static_cast<int64_t>(Read(size) << (64 - size)) >> (64 - size);
  }

 private:
  std::string_view bytes_;
  size_t position_ = 0;  // In bits.
};

}  // namespace tidegate::storage::chunk

#endif  // TIDEGATE_STORAGE_CHUNK_BIT_READER_H_
