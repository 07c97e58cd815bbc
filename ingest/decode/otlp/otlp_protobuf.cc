#include <cstdint>
#include <cstring>

#include "ingest/decode/otlp/otlp_logs.h"
#include "ingest/decode/otlp/otlp_wire.h"
#include "ingest/decode/wire_cursor.h"

namespace tidegate::ingest {
namespace {

class Decoder {
 public:
  Decoder(std::string_view message, const OtlpRules& rules, DecodedPush* push)
      : wire_(message), streams_(rules, push) {}

  absl::Status Run();

 private:
  bool ReadResourceLogs(WireCursor message);
  bool ReadScopeLogs(WireCursor message);
  bool ReadRecord(WireCursor message);
  bool ReadRecordField(WireCursor& in, uint32_t tag, OtlpRecord* record);
  OtlpWire wire_;
  OtlpStreams streams_;
};

absl::Status Decoder::Run() {
  const bool ok = ForEachField(wire_.request(), [this](WireCursor& in, uint32_t tag) {
    WireCursor inner = in;
    if (tag != WireBytes(1)) return in.SkipField(tag);
    return in.ReadMessage(&inner) && ReadResourceLogs(inner);
  });
  return ok ? absl::OkStatus() : wire_.Failure();
}

bool Decoder::ReadResourceLogs(WireCursor message) {
  std::vector<OtlpAttribute> attributes;
  const bool found = ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    WireCursor resource = in;
    if (tag != WireBytes(1)) return in.SkipField(tag);
    return in.ReadMessage(&resource) && ForEachField(resource, [&](WireCursor& field, uint32_t t) {
             return t == WireBytes(1) ? wire_.ReadAttribute(field, 0, &attributes)
                                      : field.SkipField(t);
           });
  });
  if (!found) return false;
  streams_.BeginResource(attributes);
  const bool read = ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    WireCursor scope = in;
    if (tag != WireBytes(2)) return in.SkipField(tag);
    return in.ReadMessage(&scope) && ReadScopeLogs(scope);
  });
  if (read) streams_.EndResource();
  return read;
}

bool Decoder::ReadScopeLogs(WireCursor message) {
  OtlpScope scope;
  const bool found = ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    WireCursor inner = in;
    if (tag != WireBytes(1)) return in.SkipField(tag);
    return in.ReadMessage(&inner) && wire_.ReadScope(inner, &scope);
  });
  if (!found) return false;
  streams_.BeginScope(scope);
  return ForEachField(message, [&](WireCursor& in, uint32_t tag) {
    WireCursor record = in;
    if (tag != WireBytes(2)) return in.SkipField(tag);
    return in.ReadMessage(&record) && ReadRecord(record);
  });
}

bool Decoder::ReadRecord(WireCursor message) {
  if (!wire_.Charge(sizeof(OtlpRecord) / 8)) return false;
  OtlpRecord record;
  const bool read = ForEachField(
      message, [&](WireCursor& in, uint32_t tag) { return ReadRecordField(in, tag, &record); });
  if (read) streams_.Add(record);
  return read;
}

bool Decoder::ReadRecordField(WireCursor& in, uint32_t tag, OtlpRecord* record) {
  uint64_t number = 0;
  switch (tag) {
    case WireFixed64(1):
      return in.ReadFixed64(&record->time);
    case WireVarint(2):
      if (!in.ReadVarint(&number)) return false;
      record->severity_number = static_cast<int32_t>(number);
      return true;
    case WireBytes(3):
      return in.ReadBytes(&record->severity_text);
    case WireBytes(5):
      return wire_.ReadValue(in, 0, &record->body);
    case WireBytes(6):
      return wire_.ReadAttribute(in, 0, &record->attributes);
    case WireVarint(7):
      return ReadUint32(in, &record->dropped_attributes);
    case WireFixed32(8): {
      // WireCursor has no fixed32: skip it, and look at the bytes that were skipped.
      const char* const at = in.rest().data();
      if (!in.SkipField(tag)) return false;
      std::memcpy(&record->flags, at, sizeof(record->flags));
      return true;
    }
    case WireBytes(9):
      return in.ReadBytes(&record->trace_id);
    case WireBytes(10):
      return in.ReadBytes(&record->span_id);
    case WireFixed64(11):
      return in.ReadFixed64(&record->observed_time);
    case WireBytes(12):
      return in.ReadBytes(&record->event_name);
    default:
      return in.SkipField(tag);
  }
}

}  // namespace

absl::Status DecodeOtlpProtobuf(std::string_view message, const OtlpRules& rules,
                                DecodedPush* push) {
  return Decoder(message, rules, push).Run();
}

}  // namespace tidegate::ingest
