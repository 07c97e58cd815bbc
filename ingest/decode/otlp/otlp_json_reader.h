// What all OTLP requests in JSON have in common: members under either of their names, numbers as
// numbers or strings, attributes, values.
#ifndef TIDEGATE_INGEST_DECODE_OTLP_OTLP_JSON_READER_H_
#define TIDEGATE_INGEST_DECODE_OTLP_OTLP_JSON_READER_H_

#include <simdjson.h>

#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "ingest/decode/byte_arena.h"
#include "ingest/decode/otlp/otlp_record.h"

namespace tidegate::ingest::otlp_json {

namespace dom = simdjson::dom;

// InvalidArgument: the request is malformed.
absl::Status Wrong(std::string_view what);

// A member by either of its names. False when it is missing or null.
bool Find(dom::element owner, const char* name, const char* original, dom::element* member);

// Calls `element_fn` for each element of an array; nothing when the member is missing.
template <typename ElementFn>
absl::Status ForEach(dom::element owner, const char* name, const char* original,
                     ElementFn element_fn) {
  dom::element member;
  if (!Find(owner, name, original, &member)) return absl::OkStatus();
  dom::array array;
  if (member.get_array().get(array) != simdjson::SUCCESS) {
    return Wrong(fmt::format("{} must be an array", name));
  }
  for (const dom::element element : array) {
    if (absl::Status status = element_fn(element); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Nothing when the member is missing.
absl::Status ReadText(dom::element owner, const char* name, const char* original,
                      std::string_view* text);
// A number, or one in a string: NaN and Infinity come so.
bool DoubleOf(dom::element element, double* number);

template <typename Number>
bool NumberOf(dom::element element, Number* number) {
  uint64_t positive = 0;
  int64_t negative = 0;
  std::string_view text;
  if (element.get_uint64().get(positive) == simdjson::SUCCESS) {
    *number = static_cast<Number>(positive);
    return std::in_range<Number>(positive);
  }
  if (element.get_int64().get(negative) == simdjson::SUCCESS) {
    *number = static_cast<Number>(negative);
    return std::in_range<Number>(negative);
  }
  if (element.get_string().get(text) != simdjson::SUCCESS) return false;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), *number);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
}

// Nothing when the member is missing.
template <typename Number>
absl::Status ReadNumber(dom::element owner, const char* name, const char* original,
                        Number* number) {
  dom::element member;
  if (!Find(owner, name, original, &member) || NumberOf(member, number)) return absl::OkStatus();
  return Wrong(fmt::format("{} must be a number", name));
}

// Bytes in hexadecimal; the arena holds them.
absl::Status ReadHex(dom::element owner, const char* name, const char* original, ByteArena* arena,
                     std::string_view* bytes);
// The member `name` of an object: key-value pairs.
absl::Status ReadAttributes(dom::element owner, const char* name, const char* original,
                            ByteArena* arena, std::vector<OtlpAttribute>* attributes);
absl::Status ReadValue(dom::element element, int depth, ByteArena* arena, OtlpValue* value);
absl::Status ReadScope(dom::element owner, ByteArena* arena, OtlpScope* scope);

}  // namespace tidegate::ingest::otlp_json

#endif  // TIDEGATE_INGEST_DECODE_OTLP_OTLP_JSON_READER_H_
