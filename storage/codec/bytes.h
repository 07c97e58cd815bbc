// Reading and writing the small pieces that every stored format is made of.
//
// Varints are LEB128, signed numbers are zigzag varints, fixed numbers are little endian. The
// writing functions append. Thread safety: owned by one thread.
#ifndef TIDEGATE_STORAGE_CODEC_BYTES_H_
#define TIDEGATE_STORAGE_CODEC_BYTES_H_

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tidegate::storage {

static_assert(std::endian::native == std::endian::little, "fixed numbers are copied as they lie");

void PutVarint(uint64_t value, std::string* out);

inline uint64_t ZigzagEncode(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}
inline int64_t ZigzagDecode(uint64_t value) {
  return static_cast<int64_t>((value >> 1) ^ (~(value & 1) + 1));
}
inline void PutZigzag(int64_t value, std::string* out) { PutVarint(ZigzagEncode(value), out); }

inline void PutU8(uint8_t value, std::string* out) { out->push_back(static_cast<char>(value)); }

template <typename T>
void PutFixed(T value, std::string* out) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out->append(bytes, sizeof(T));
}

// A varint length and the bytes.
void PutBytes(std::string_view bytes, std::string* out);

// Reads from the front of bytes that it does not own. The first read that does not fit makes it
// fail for good: it then yields zeros and ok() is false. So a decoder may read a few fields and ask
// once, but must ask before it trusts a count.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  uint64_t Varint();
  int64_t Zigzag() { return ZigzagDecode(Varint()); }
  uint8_t U8();
  template <typename T>
  T Fixed() {
    T value{};
    const std::string_view bytes = Take(sizeof(T));
    if (!bytes.empty()) std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }
  // Exactly `size` bytes, or nothing and failure.
  std::string_view Take(uint64_t size);
  // What PutBytes wrote.
  std::string_view Bytes() { return Take(Varint()); }
  // A count of things that take at least `least_bytes` each (>= 1): fails when they cannot all be
  // there, so that the count may be used to reserve memory.
  uint64_t Count(uint64_t least_bytes);

  void Fail() {
    failed_ = true;
    rest_ = {};
  }
  bool ok() const { return !failed_; }
  size_t remaining() const { return rest_.size(); }
  // Everything was read, and nothing failed.
  bool done() const { return ok() && rest_.empty(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_CODEC_BYTES_H_
