#include "ingest/decode/otlp/otlp_wire.h"

#include <utility>

#include "fmt/format.h"

namespace tidegate::ingest {

bool ReadUint32(WireCursor& in, uint32_t* value) {
  uint64_t wide = 0;
  if (!in.ReadVarint(&wide)) return false;
  *value = static_cast<uint32_t>(wide);
  return true;
}

absl::Status OtlpWire::Failure() const {
  if (too_deep_) {
    return absl::InvalidArgumentError(
        fmt::format("attributes nest deeper than {} levels", kMaxOtlpDepth));
  }
  if (memory_left_ < 0) {
    return absl::OutOfRangeError(
        fmt::format("the request's {} bytes hold too many empty messages", message_.size()));
  }
  return absl::InvalidArgumentError(fmt::format("malformed export request at byte {}: {}",
                                                failure_.at - message_.data(), failure_.reason));
}

bool OtlpWire::ReadScope(WireCursor message, OtlpScope* scope) {
  return ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    if (tag == WireBytes(1)) return in.ReadBytes(&scope->name);
    if (tag == WireBytes(2)) return in.ReadBytes(&scope->version);
    if (tag == WireBytes(3)) return ReadAttribute(in, 0, &scope->attributes);
    if (tag == WireVarint(4)) return ReadUint32(in, &scope->dropped_attributes);
    return in.SkipField(tag);
  });
}

bool OtlpWire::ReadAttribute(WireCursor& in, int depth, std::vector<OtlpAttribute>* attributes) {
  WireCursor message = in;
  if (!in.ReadMessage(&message) || !Charge(sizeof(OtlpAttribute) / 8)) return false;
  OtlpAttribute attribute;
  const bool read = ForEachField(message, [&](WireCursor& field, uint32_t tag) {
    if (tag == WireBytes(1)) return field.ReadBytes(&attribute.key);
    if (tag == WireBytes(2)) return ReadValue(field, depth, &attribute.value);
    return field.SkipField(tag);
  });
  if (read) attributes->push_back(std::move(attribute));
  return read;
}

bool OtlpWire::ReadValue(WireCursor& in, int depth, OtlpValue* value) {
  if (depth == kMaxOtlpDepth) {
    too_deep_ = true;
    return false;
  }
  WireCursor message = in;
  return in.ReadMessage(&message) && ForEachField(message, [&](WireCursor& field, uint32_t tag) {
           return ReadValueField(field, tag, depth, value);
         });
}

bool OtlpWire::ReadValueField(WireCursor& in, uint32_t tag, int depth, OtlpValue* value) {
  using Kind = OtlpValue::Kind;
  uint64_t number = 0;
  WireCursor inner = in;
  switch (tag) {
    case WireBytes(1):
      value->kind = Kind::kString;
      return in.ReadBytes(&value->text);
    case WireVarint(2):
      value->kind = Kind::kBool;
      if (!in.ReadVarint(&number)) return false;
      value->truth = number != 0;
      return true;
    case WireVarint(3):
      value->kind = Kind::kInt;
      if (!in.ReadVarint(&number)) return false;
      value->integer = static_cast<int64_t>(number);
      return true;
    case WireFixed64(4):
      value->kind = Kind::kDouble;
      return in.ReadDouble(&value->number);
    case WireBytes(5):
      value->kind = Kind::kArray;
      return in.ReadMessage(&inner) && ReadArray(inner, depth, value);
    case WireBytes(6):
      value->kind = Kind::kMap;
      return in.ReadMessage(&inner) && ReadMap(inner, depth, value);
    case WireBytes(7):
      value->kind = Kind::kBytes;
      return in.ReadBytes(&value->text);
    default:
      return in.SkipField(tag);
  }
}

bool OtlpWire::ReadArray(WireCursor message, int depth, OtlpValue* value) {
  return ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    if (tag != WireBytes(1)) return in.SkipField(tag);
    return Charge(sizeof(OtlpValue) / 8) && ReadValue(in, depth + 1, &value->items.emplace_back());
  });
}

bool OtlpWire::ReadMap(WireCursor message, int depth, OtlpValue* value) {
  return ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    if (tag != WireBytes(1)) return in.SkipField(tag);
    return ReadAttribute(in, depth + 1, &value->members);
  });
}

}  // namespace tidegate::ingest
