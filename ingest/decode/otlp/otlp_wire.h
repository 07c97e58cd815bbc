// What all OTLP requests in protobuf have in common: fields, attributes, values, bounds.
#ifndef TIDEGATE_INGEST_DECODE_OTLP_OTLP_WIRE_H_
#define TIDEGATE_INGEST_DECODE_OTLP_OTLP_WIRE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "ingest/decode/otlp/otlp_record.h"
#include "ingest/decode/wire_cursor.h"

namespace tidegate::ingest {

constexpr uint32_t WireBytes(uint32_t field) { return WireTag(field, WireType::kBytes); }
constexpr uint32_t WireVarint(uint32_t field) { return WireTag(field, WireType::kVarint); }
constexpr uint32_t WireFixed64(uint32_t field) { return WireTag(field, WireType::kFixed64); }
constexpr uint32_t WireFixed32(uint32_t field) { return WireTag(field, WireType::kFixed32); }

// Calls `field_fn(cursor, tag)` for each field; it answers whether it read it, or skips it.
template <typename FieldFn>
bool ForEachField(WireCursor message, FieldFn field_fn) {
  while (!message.done()) {
    uint32_t tag = 0;
    if (!message.ReadTag(&tag) || !field_fn(message, tag)) return false;
  }
  return true;
}

bool ReadUint32(WireCursor& in, uint32_t* value);

// The state of one decoding. Owned by one thread; the message must outlive it. Every Read returns
// false at what cannot be read, and Failure says why.
class OtlpWire {
 public:
  explicit OtlpWire(std::string_view message)
      : message_(message),
        memory_left_(kFreeMemory + kMemoryPerByte * static_cast<int64_t>(message.size())) {}

  WireCursor request() { return WireCursor(message_, kMaxWireDepth, &failure_); }
  // One KeyValue, behind its tag.
  bool ReadAttribute(WireCursor& in, int depth, std::vector<OtlpAttribute>* attributes);
  // One AnyValue, behind its tag.
  bool ReadValue(WireCursor& in, int depth, OtlpValue* value);
  bool ReadScope(WireCursor message, OtlpScope* scope);
  // Takes memory for decoded objects out of what the message's size allows.
  bool Charge(size_t bytes) {
    memory_left_ -= static_cast<int64_t>(bytes);
    return memory_left_ >= 0;
  }

  // InvalidArgument with the offset, or OutOfRange beyond the memory.
  absl::Status Failure() const;

 private:
  // Objects per byte of the request: an empty attribute takes two bytes on the wire.
  static constexpr int64_t kMemoryPerByte = 16;
  static constexpr int64_t kFreeMemory = 4 << 20;

  bool ReadValueField(WireCursor& in, uint32_t tag, int depth, OtlpValue* value);
  bool ReadArray(WireCursor message, int depth, OtlpValue* value);
  bool ReadMap(WireCursor message, int depth, OtlpValue* value);

  const std::string_view message_;
  WireFailure failure_;
  int64_t memory_left_;
  bool too_deep_ = false;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_OTLP_OTLP_WIRE_H_
