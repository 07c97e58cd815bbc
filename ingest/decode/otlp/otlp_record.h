// OpenTelemetry's log data model, as far as logs are stored: what both encodings decode to.
#ifndef TIDEGATE_INGEST_DECODE_OTLP_OTLP_RECORD_H_
#define TIDEGATE_INGEST_DECODE_OTLP_OTLP_RECORD_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidegate::ingest {

struct OtlpAttribute;

// opentelemetry.proto.common.v1.AnyValue. Views point into the request.
struct OtlpValue {
  enum class Kind : uint8_t { kEmpty, kString, kBool, kInt, kDouble, kBytes, kArray, kMap };
  Kind kind = Kind::kEmpty;
  std::string_view text;  // kString and kBytes.
  bool truth = false;
  int64_t integer = 0;
  double number = 0;
  std::vector<OtlpValue> items;        // kArray.
  std::vector<OtlpAttribute> members;  // kMap.
};

struct OtlpAttribute {
  std::string_view key;
  OtlpValue value;
};

struct OtlpScope {
  std::string_view name;
  std::string_view version;
  std::vector<OtlpAttribute> attributes;
  uint32_t dropped_attributes = 0;
};

struct OtlpRecord {
  uint64_t time = 0;  // Nanoseconds since the Unix epoch; 0 = unknown, as in the protocol.
  uint64_t observed_time = 0;
  int32_t severity_number = 0;
  std::string_view severity_text;
  OtlpValue body;
  std::vector<OtlpAttribute> attributes;
  uint32_t dropped_attributes = 0;
  uint32_t flags = 0;
  std::string_view trace_id;  // Bytes, not hex.
  std::string_view span_id;
  std::string_view event_name;
};

// How deep arrays and maps may nest.
inline constexpr int kMaxOtlpDepth = 64;

// A value as text, as Go's pdata prints it: strings as they are, JSON (members by name) for arrays
// and maps, base64 for bytes.
std::string OtlpText(const OtlpValue& value);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_OTLP_OTLP_RECORD_H_
