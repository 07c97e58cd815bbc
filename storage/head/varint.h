// Variable-length integers of the log's frames: LEB128, and zigzag for signed ones.
#ifndef TIDEGATE_STORAGE_HEAD_VARINT_H_
#define TIDEGATE_STORAGE_HEAD_VARINT_H_

#include <cstdint>
#include <cstring>
#include <string_view>

namespace tidegate::storage::head {

inline constexpr size_t kMaxVarintBytes = 10;

inline uint64_t ZigZag(int64_t value) {
  return static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63);
}
inline int64_t UnZigZag(uint64_t value) {
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

// Writes up to kMaxVarintBytes at `out` and returns the end.
inline char* PutVarint(uint64_t value, char* out) {
  while (value >= 0x80) {
    *out++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *out++ = static_cast<char>(value);
  return out;
}

// Reads a frame front to back. The first read beyond the end, and an overlong varint, makes it
// fail; from then on it reads zeros. Does not own the bytes.
class FrameReader {
 public:
  explicit FrameReader(std::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool ok() const { return ok_; }
  size_t remaining() const { return static_cast<size_t>(end_ - at_); }

  uint8_t Byte() {
    if (at_ == end_) return Fail();
    return static_cast<uint8_t>(*at_++);
  }
  uint64_t Varint() {
    if (at_ != end_ && static_cast<uint8_t>(*at_) < 0x80) return static_cast<uint8_t>(*at_++);
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const uint8_t byte = Byte();
      if (shift == 63 && byte > 1) return Fail();
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    return Fail();
  }
  int64_t Signed() { return UnZigZag(Varint()); }
  // Little endian, `size` <= 8 bytes.
  uint64_t Fixed(size_t size) {
    uint64_t value = 0;
    if (remaining() < size) return Fail();
    std::memcpy(&value, at_, size);
    at_ += size;
    return value;
  }
  std::string_view Bytes(uint64_t size) {
    if (size > remaining()) {
      Fail();
      return {};
    }
    const std::string_view bytes(at_, size);
    at_ += size;
    return bytes;
  }
  // A length and that many bytes.
  std::string_view String() { return Bytes(Varint()); }

 private:
  uint8_t Fail() {
    ok_ = false;
    at_ = end_;
    return 0;
  }

  const char* at_;
  const char* end_;
  bool ok_ = true;
};

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_VARINT_H_
