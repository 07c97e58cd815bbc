#include <cstdint>
#include <cstring>
#include <utility>

#include "fmt/format.h"
#include "ingest/decode/otlp/otlp_logs.h"
#include "ingest/decode/wire_cursor.h"

namespace tidegate::ingest {
namespace {

constexpr uint32_t Bytes(uint32_t field) { return WireTag(field, WireType::kBytes); }
constexpr uint32_t Varint(uint32_t field) { return WireTag(field, WireType::kVarint); }
constexpr uint32_t Fixed64(uint32_t field) { return WireTag(field, WireType::kFixed64); }
constexpr uint32_t Fixed32(uint32_t field) { return WireTag(field, WireType::kFixed32); }

// Objects per byte of the request: an empty attribute takes two bytes on the wire.
constexpr int64_t kMemoryPerByte = 16;
constexpr int64_t kFreeMemory = 4 << 20;

class Decoder {
 public:
  Decoder(std::string_view message, const OtlpRules& rules, DecodedPush* push)
      : message_(message),
        streams_(rules, push),
        memory_left_(kFreeMemory + kMemoryPerByte * static_cast<int64_t>(message.size())) {}

  absl::Status Run();

 private:
  bool ReadResourceLogs(WireCursor message);
  bool ReadScopeLogs(WireCursor message);
  bool ReadScope(WireCursor message, OtlpScope* scope);
  bool ReadRecord(WireCursor message);
  bool ReadRecordField(WireCursor& in, uint32_t tag, OtlpRecord* record);
  bool ReadAttribute(WireCursor& in, int depth, std::vector<OtlpAttribute>* attributes);
  bool ReadValue(WireCursor& in, int depth, OtlpValue* value);
  bool ReadValueField(WireCursor& in, uint32_t tag, int depth, OtlpValue* value);
  bool ReadArray(WireCursor message, int depth, OtlpValue* value);
  bool ReadMap(WireCursor message, int depth, OtlpValue* value);
  bool Charge(size_t bytes) {
    memory_left_ -= static_cast<int64_t>(bytes);
    return memory_left_ >= 0;
  }

  const std::string_view message_;
  OtlpStreams streams_;
  WireFailure failure_;
  int64_t memory_left_;
  bool too_deep_ = false;
};

// Calls `field_fn(cursor, tag)` for each field; it answers whether it read it, or skips it.
template <typename FieldFn>
bool ForEachField(WireCursor message, FieldFn field_fn) {
  while (!message.done()) {
    uint32_t tag = 0;
    if (!message.ReadTag(&tag) || !field_fn(message, tag)) return false;
  }
  return true;
}

bool ReadUint32(WireCursor& in, uint32_t* value) {
  uint64_t wide = 0;
  if (!in.ReadVarint(&wide)) return false;
  *value = static_cast<uint32_t>(wide);
  return true;
}

absl::Status Decoder::Run() {
  const WireCursor request(message_, kMaxWireDepth, &failure_);
  const bool ok = ForEachField(request, [this](WireCursor& in, uint32_t tag) {
    WireCursor inner = in;
    if (tag != Bytes(1)) return in.SkipField(tag);
    return in.ReadMessage(&inner) && ReadResourceLogs(inner);
  });
  if (ok) return absl::OkStatus();
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

bool Decoder::ReadResourceLogs(WireCursor message) {
  std::vector<OtlpAttribute> attributes;
  const bool found = ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    WireCursor resource = in;
    if (tag != Bytes(1)) return in.SkipField(tag);
    return in.ReadMessage(&resource) && ForEachField(resource, [&](WireCursor& field, uint32_t t) {
             return t == Bytes(1) ? ReadAttribute(field, 0, &attributes) : field.SkipField(t);
           });
  });
  if (!found) return false;
  streams_.BeginResource(attributes);
  const bool read = ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    WireCursor scope = in;
    if (tag != Bytes(2)) return in.SkipField(tag);
    return in.ReadMessage(&scope) && ReadScopeLogs(scope);
  });
  if (read) streams_.EndResource();
  return read;
}

bool Decoder::ReadScope(WireCursor message, OtlpScope* scope) {
  return ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    if (tag == Bytes(1)) return in.ReadBytes(&scope->name);
    if (tag == Bytes(2)) return in.ReadBytes(&scope->version);
    if (tag == Bytes(3)) return ReadAttribute(in, 0, &scope->attributes);
    if (tag == Varint(4)) return ReadUint32(in, &scope->dropped_attributes);
    return in.SkipField(tag);
  });
}

bool Decoder::ReadScopeLogs(WireCursor message) {
  OtlpScope scope;
  const bool found = ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    WireCursor inner = in;
    if (tag != Bytes(1)) return in.SkipField(tag);
    return in.ReadMessage(&inner) && ReadScope(inner, &scope);
  });
  if (!found) return false;
  streams_.BeginScope(scope);
  return ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    WireCursor record = in;
    if (tag != Bytes(2)) return in.SkipField(tag);
    return in.ReadMessage(&record) && ReadRecord(record);
  });
}

bool Decoder::ReadRecord(WireCursor message) {
  if (!Charge(sizeof(OtlpRecord) / 8)) return false;
  OtlpRecord record;
  const bool read = ForEachField(
      message, [&](WireCursor& in, uint32_t tag) { return ReadRecordField(in, tag, &record); });
  if (read) streams_.Add(record);
  return read;
}

bool Decoder::ReadRecordField(WireCursor& in, uint32_t tag, OtlpRecord* record) {
  uint64_t number = 0;
  switch (tag) {
    case Fixed64(1):
      return in.ReadFixed64(&record->time);
    case Varint(2):
      if (!in.ReadVarint(&number)) return false;
      record->severity_number = static_cast<int32_t>(number);
      return true;
    case Bytes(3):
      return in.ReadBytes(&record->severity_text);
    case Bytes(5):
      return ReadValue(in, 0, &record->body);
    case Bytes(6):
      return ReadAttribute(in, 0, &record->attributes);
    case Varint(7):
      return ReadUint32(in, &record->dropped_attributes);
    case Fixed32(8): {
      // WireCursor has no fixed32: skip it, and look at the bytes that were skipped.
      const char* const at = in.rest().data();
      if (!in.SkipField(tag)) return false;
      std::memcpy(&record->flags, at, sizeof(record->flags));
      return true;
    }
    case Bytes(9):
      return in.ReadBytes(&record->trace_id);
    case Bytes(10):
      return in.ReadBytes(&record->span_id);
    case Fixed64(11):
      return in.ReadFixed64(&record->observed_time);
    case Bytes(12):
      return in.ReadBytes(&record->event_name);
    default:
      return in.SkipField(tag);
  }
}

bool Decoder::ReadAttribute(WireCursor& in, int depth, std::vector<OtlpAttribute>* attributes) {
  WireCursor message = in;
  if (!in.ReadMessage(&message) || !Charge(sizeof(OtlpAttribute) / 8)) return false;
  OtlpAttribute attribute;
  const bool read = ForEachField(message, [&](WireCursor& field, uint32_t tag) {
    if (tag == Bytes(1)) return field.ReadBytes(&attribute.key);
    if (tag == Bytes(2)) return ReadValue(field, depth, &attribute.value);
    return field.SkipField(tag);
  });
  if (read) attributes->push_back(std::move(attribute));
  return read;
}

bool Decoder::ReadValue(WireCursor& in, int depth, OtlpValue* value) {
  if (depth == kMaxOtlpDepth) {
    too_deep_ = true;
    return false;
  }
  WireCursor message = in;
  return in.ReadMessage(&message) && ForEachField(message, [&](WireCursor& field, uint32_t tag) {
           return ReadValueField(field, tag, depth, value);
         });
}

bool Decoder::ReadValueField(WireCursor& in, uint32_t tag, int depth, OtlpValue* value) {
  using Kind = OtlpValue::Kind;
  uint64_t number = 0;
  WireCursor inner = in;
  switch (tag) {
    case Bytes(1):
      value->kind = Kind::kString;
      return in.ReadBytes(&value->text);
    case Varint(2):
      value->kind = Kind::kBool;
      if (!in.ReadVarint(&number)) return false;
      value->truth = number != 0;
      return true;
    case Varint(3):
      value->kind = Kind::kInt;
      if (!in.ReadVarint(&number)) return false;
      value->integer = static_cast<int64_t>(number);
      return true;
    case Fixed64(4):
      value->kind = Kind::kDouble;
      return in.ReadDouble(&value->number);
    case Bytes(5):
      value->kind = Kind::kArray;
      return in.ReadMessage(&inner) && ReadArray(inner, depth, value);
    case Bytes(6):
      value->kind = Kind::kMap;
      return in.ReadMessage(&inner) && ReadMap(inner, depth, value);
    case Bytes(7):
      value->kind = Kind::kBytes;
      return in.ReadBytes(&value->text);
    default:
      return in.SkipField(tag);
  }
}

bool Decoder::ReadArray(WireCursor message, int depth, OtlpValue* value) {
  return ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    if (tag != Bytes(1)) return in.SkipField(tag);
    return Charge(sizeof(OtlpValue) / 8) && ReadValue(in, depth + 1, &value->items.emplace_back());
  });
}

bool Decoder::ReadMap(WireCursor message, int depth, OtlpValue* value) {
  return ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    if (tag != Bytes(1)) return in.SkipField(tag);
    return ReadAttribute(in, depth + 1, &value->members);
  });
}

}  // namespace

absl::Status DecodeOtlpProtobuf(std::string_view message, const OtlpRules& rules,
                                DecodedPush* push) {
  return Decoder(message, rules, push).Run();
}

}  // namespace tidegate::ingest
