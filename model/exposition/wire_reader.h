// Reads protobuf's wire format from bytes that nobody has checked.
#ifndef TIDEGATE_MODEL_EXPOSITION_WIRE_READER_H_
#define TIDEGATE_MODEL_EXPOSITION_WIRE_READER_H_

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tidegate::model {

// One field of a message. Which member counts depends on the wire type.
struct WireField {
  uint32_t number = 0;
  uint32_t type = 0;       // 0 varint, 1 fixed64, 2 bytes, 5 fixed32
  uint64_t value = 0;      // Of the numeric types.
  std::string_view bytes;  // Lie in the message.

  double AsDouble() const { return std::bit_cast<double>(value); }
  int64_t AsSigned() const {  // sint32, sint64
    return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
  }
};

// A message, field by field. After the first false it is either at the end or broken. Never reads
// beyond its bytes. Owned by one thread.
class WireReader {
 public:
  explicit WireReader(std::string_view message) : rest_(message) {}

  bool Next(WireField* field) {
    if (rest_.empty() || broken_) return false;
    uint64_t tag = 0;
    if (!TakeVarint(&tag) || tag >> 3 == 0 || tag >> 3 > 0x1fffffff) return Break();
    field->number = static_cast<uint32_t>(tag >> 3);
    field->type = static_cast<uint32_t>(tag & 7);
    switch (field->type) {
      case 0:
        return TakeVarint(&field->value) || Break();
      case 1:
        return TakeFixed(8, &field->value) || Break();
      case 2:
        return TakeBytes(&field->bytes) || Break();
      case 5:
        return TakeFixed(4, &field->value) || Break();
      default:
        return Break();
    }
  }
  bool broken() const { return broken_; }

  // A size and so many bytes. False when there are not so many.
  bool TakeBytes(std::string_view* bytes) {
    uint64_t size = 0;
    if (!TakeVarint(&size) || size > rest_.size()) return false;
    *bytes = rest_.substr(0, static_cast<size_t>(size));
    rest_.remove_prefix(static_cast<size_t>(size));
    return true;
  }
  bool TakeVarint(uint64_t* value) {
    *value = 0;
    for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      *value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }
  bool TakeFixed(size_t size, uint64_t* value) {
    if (rest_.size() < size) return false;
    *value = 0;
    for (size_t i = 0; i < size; ++i) {
      *value |= static_cast<uint64_t>(static_cast<uint8_t>(rest_[i])) << (8 * i);
    }
    rest_.remove_prefix(size);
    return true;
  }
  bool empty() const { return rest_.empty(); }

 private:
  bool Break() {
    broken_ = true;
    return false;
  }

  std::string_view rest_;
  bool broken_ = false;
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_EXPOSITION_WIRE_READER_H_
