#include "storage/codec/bytes.h"

namespace tidegate::storage {

void PutVarint(uint64_t value, std::string* out) {
  while (value >= 0x80) {
    PutU8(static_cast<uint8_t>(value) | 0x80, out);
    value >>= 7;
  }
  PutU8(static_cast<uint8_t>(value), out);
}

void PutBytes(std::string_view bytes, std::string* out) {
  PutVarint(bytes.size(), out);
  out->append(bytes);
}

uint64_t ByteReader::Varint() {
  uint64_t value = 0;
  for (size_t i = 0; i < rest_.size() && i < 10; ++i) {
    const uint8_t byte = static_cast<uint8_t>(rest_[i]);
    if (i == 9 && byte > 1) break;  // More than 64 bits.
    value |= static_cast<uint64_t>(byte & 0x7F) << (7 * i);
    if (byte < 0x80) {
      rest_.remove_prefix(i + 1);
      return value;
    }
  }
  Fail();
  return 0;
}

uint8_t ByteReader::U8() {
  if (rest_.empty()) {
    Fail();
    return 0;
  }
  const uint8_t value = static_cast<uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return value;
}

std::string_view ByteReader::Take(uint64_t size) {
  if (size > rest_.size()) {
    Fail();
    return {};
  }
  const std::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

uint64_t ByteReader::Count(uint64_t least_bytes) {
  const uint64_t count = Varint();
  if (count > rest_.size() / least_bytes) {
    Fail();
    return 0;
  }
  return count;
}

}  // namespace tidegate::storage
