#include <simdjson.h>

#include <charconv>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "fmt/format.h"
#include "ingest/decode/decompress.h"
#include "ingest/decode/otlp/otlp_logs.h"

namespace tidegate::ingest {
namespace {

namespace dom = simdjson::dom;

static_assert(simdjson::SIMDJSON_PADDING <= kReadableBehind);

// Reads one body. The document owns all strings, so it lives as long as the push.
class Decoder {
 public:
  Decoder(std::string_view body, const OtlpRules& rules, DecodedPush* push)
      : body_(body),
        streams_(rules, push),
        arena_(push->arena),
        parser_(std::make_shared<dom::parser>()) {
    push->parsed = parser_;
  }

  absl::Status Run();

 private:
  absl::Status ReadResourceLogs(dom::element element);
  absl::Status ReadScopeLogs(dom::element element);
  absl::Status ReadRecord(dom::element element);
  absl::Status ReadAttributes(dom::element owner, int depth,
                              std::vector<OtlpAttribute>* attributes);
  absl::Status ReadPairs(dom::array pairs, int depth, std::vector<OtlpAttribute>* attributes);
  absl::Status ReadValue(dom::element element, int depth, OtlpValue* value);
  absl::Status ReadHex(dom::element owner, const char* name, const char* original,
                       std::string_view* bytes);

  const std::string_view body_;
  OtlpStreams streams_;
  ByteArena& arena_;
  std::shared_ptr<dom::parser> parser_;
};

absl::Status Wrong(std::string_view what) {
  return absl::InvalidArgumentError(fmt::format("malformed export request: {}", what));
}

// A member by either of its names. False when it is missing or null.
bool Find(dom::element owner, const char* name, const char* original, dom::element* member) {
  if (!owner.is_object()) return false;
  if (owner.at_key(name).get(*member) != simdjson::SUCCESS &&
      owner.at_key(original).get(*member) != simdjson::SUCCESS) {
    return false;
  }
  return !member->is_null();
}

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

absl::Status ReadText(dom::element owner, const char* name, const char* original,
                      std::string_view* text) {
  dom::element member;
  if (!Find(owner, name, original, &member)) return absl::OkStatus();
  if (member.get_string().get(*text) == simdjson::SUCCESS) return absl::OkStatus();
  return Wrong(fmt::format("{} must be a string", name));
}

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

template <typename Number>
absl::Status ReadNumber(dom::element owner, const char* name, const char* original,
                        Number* number) {
  dom::element member;
  if (!Find(owner, name, original, &member) || NumberOf(member, number)) return absl::OkStatus();
  return Wrong(fmt::format("{} must be a number", name));
}

// SEVERITY_NUMBER_INFO2 is 10.
bool SeverityByName(std::string_view name, int32_t* number) {
  constexpr std::string_view kPrefix = "SEVERITY_NUMBER_";
  constexpr std::string_view kLevels[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
  if (!name.starts_with(kPrefix)) return false;
  name.remove_prefix(kPrefix.size());
  *number = 0;
  if (name == "UNSPECIFIED") return true;
  for (int i = 0; i < 6; ++i) {
    if (!name.starts_with(kLevels[i])) continue;
    const std::string_view rest = name.substr(kLevels[i].size());
    if (rest.size() > 1 || (!rest.empty() && (rest[0] < '2' || rest[0] > '4'))) return false;
    *number = 4 * i + (rest.empty() ? 1 : rest[0] - '0');
    return true;
  }
  return false;
}

absl::Status ReadSeverity(dom::element record, int32_t* number) {
  dom::element member;
  std::string_view name;
  if (Find(record, "severityNumber", "severity_number", &member) &&
      member.get_string().get(name) == simdjson::SUCCESS && SeverityByName(name, number)) {
    return absl::OkStatus();
  }
  return ReadNumber(record, "severityNumber", "severity_number", number);
}

absl::Status Decoder::ReadHex(dom::element owner, const char* name, const char* original,
                              std::string_view* bytes) {
  std::string_view text;
  if (absl::Status status = ReadText(owner, name, original, &text); !status.ok()) return status;
  const bool hex = text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
  if (!hex || text.size() % 2 != 0) return Wrong(fmt::format("{} must be hexadecimal", name));
  *bytes = arena_.Copy(absl::HexStringToBytes({text.data(), text.size()}));
  return absl::OkStatus();
}

absl::Status Decoder::ReadPairs(dom::array pairs, int depth,
                                std::vector<OtlpAttribute>* attributes) {
  for (const dom::element pair : pairs) {
    OtlpAttribute attribute;
    dom::element value;
    absl::Status status = ReadText(pair, "key", "key", &attribute.key);
    if (status.ok() && Find(pair, "value", "value", &value)) {
      status = ReadValue(value, depth, &attribute.value);
    }
    if (!status.ok()) return status;
    attributes->push_back(std::move(attribute));
  }
  return absl::OkStatus();
}

absl::Status Decoder::ReadAttributes(dom::element owner, int depth,
                                     std::vector<OtlpAttribute>* attributes) {
  dom::element member;
  dom::array pairs;
  if (!Find(owner, "attributes", "attributes", &member)) return absl::OkStatus();
  if (member.get_array().get(pairs) != simdjson::SUCCESS) {
    return Wrong("attributes must be an array");
  }
  return ReadPairs(pairs, depth, attributes);
}

absl::Status Decoder::ReadValue(dom::element element, int depth, OtlpValue* value) {
  using Kind = OtlpValue::Kind;
  if (depth == kMaxOtlpDepth) {
    return Wrong(fmt::format("attributes nest deeper than {} levels", kMaxOtlpDepth));
  }
  dom::element member;
  if (Find(element, "stringValue", "string_value", &member)) {
    value->kind = Kind::kString;
    return ReadText(element, "stringValue", "string_value", &value->text);
  }
  if (Find(element, "boolValue", "bool_value", &member)) {
    value->kind = Kind::kBool;
    if (member.get_bool().get(value->truth) == simdjson::SUCCESS) return absl::OkStatus();
    return Wrong("boolValue must be true or false");
  }
  if (Find(element, "intValue", "int_value", &member)) {
    value->kind = Kind::kInt;
    return ReadNumber(element, "intValue", "int_value", &value->integer);
  }
  if (Find(element, "doubleValue", "double_value", &member)) {
    value->kind = Kind::kDouble;
    if (member.get_double().get(value->number) == simdjson::SUCCESS) return absl::OkStatus();
    std::string_view text;
    if (member.get_string().get(text) == simdjson::SUCCESS) {
      const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value->number);
      if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size()) {
        return absl::OkStatus();
      }
    }
    return Wrong("doubleValue must be a number");
  }
  if (Find(element, "bytesValue", "bytes_value", &member)) {
    value->kind = Kind::kBytes;
    std::string_view text;
    std::string bytes;
    if (member.get_string().get(text) != simdjson::SUCCESS ||
        !absl::Base64Unescape({text.data(), text.size()}, &bytes)) {
      return Wrong("bytesValue must be base64");
    }
    value->text = arena_.Copy(bytes);
    return absl::OkStatus();
  }
  if (Find(element, "arrayValue", "array_value", &member)) {
    value->kind = Kind::kArray;
    return ForEach(member, "values", "values", [&](dom::element item) {
      return ReadValue(item, depth + 1, &value->items.emplace_back());
    });
  }
  if (Find(element, "kvlistValue", "kvlist_value", &member)) {
    value->kind = Kind::kMap;
    dom::element values;
    dom::array pairs;
    if (!Find(member, "values", "values", &values)) return absl::OkStatus();
    if (values.get_array().get(pairs) != simdjson::SUCCESS) return Wrong("values must be an array");
    return ReadPairs(pairs, depth + 1, &value->members);
  }
  return absl::OkStatus();
}

absl::Status Decoder::ReadRecord(dom::element element) {
  if (!element.is_object()) return Wrong("a log record must be an object");
  OtlpRecord record;
  absl::Status status = ReadNumber(element, "timeUnixNano", "time_unix_nano", &record.time);
  status.Update(ReadNumber(element, "observedTimeUnixNano", "observed_time_unix_nano",
                           &record.observed_time));
  status.Update(ReadSeverity(element, &record.severity_number));
  status.Update(ReadText(element, "severityText", "severity_text", &record.severity_text));
  status.Update(ReadNumber(element, "droppedAttributesCount", "dropped_attributes_count",
                           &record.dropped_attributes));
  status.Update(ReadNumber(element, "flags", "flags", &record.flags));
  status.Update(ReadHex(element, "traceId", "trace_id", &record.trace_id));
  status.Update(ReadHex(element, "spanId", "span_id", &record.span_id));
  status.Update(ReadText(element, "eventName", "event_name", &record.event_name));
  dom::element body;
  if (status.ok() && Find(element, "body", "body", &body)) {
    status = ReadValue(body, 0, &record.body);
  }
  if (status.ok()) status = ReadAttributes(element, 0, &record.attributes);
  if (status.ok()) streams_.Add(record);
  return status;
}

absl::Status Decoder::ReadScopeLogs(dom::element element) {
  OtlpScope scope;
  dom::element member;
  absl::Status status;
  if (Find(element, "scope", "scope", &member)) {
    status.Update(ReadText(member, "name", "name", &scope.name));
    status.Update(ReadText(member, "version", "version", &scope.version));
    status.Update(ReadNumber(member, "droppedAttributesCount", "dropped_attributes_count",
                             &scope.dropped_attributes));
    if (status.ok()) status = ReadAttributes(member, 0, &scope.attributes);
  }
  if (!status.ok()) return status;
  streams_.BeginScope(scope);
  return ForEach(element, "logRecords", "log_records",
                 [this](dom::element record) { return ReadRecord(record); });
}

absl::Status Decoder::ReadResourceLogs(dom::element element) {
  if (!element.is_object()) return Wrong("resourceLogs must hold objects");
  std::vector<OtlpAttribute> attributes;
  dom::element resource;
  if (Find(element, "resource", "resource", &resource)) {
    absl::Status status = ReadAttributes(resource, 0, &attributes);
    if (!status.ok()) return status;
  }
  streams_.BeginResource(attributes);
  absl::Status status = ForEach(element, "scopeLogs", "scope_logs",
                                [this](dom::element scope) { return ReadScopeLogs(scope); });
  if (status.ok()) streams_.EndResource();
  return status;
}

absl::Status Decoder::Run() {
  dom::element request;
  const simdjson::error_code error =
      parser_->parse(body_.data(), body_.size(), /*realloc_if_needed=*/false).get(request);
  if (error != simdjson::SUCCESS) {
    return absl::InvalidArgumentError(
        fmt::format("the body is no JSON: {}", simdjson::error_message(error)));
  }
  if (!request.is_object()) return Wrong("it must be an object");
  return ForEach(request, "resourceLogs", "resource_logs",
                 [this](dom::element logs) { return ReadResourceLogs(logs); });
}

}  // namespace

absl::Status DecodeOtlpJson(std::string_view body, const OtlpRules& rules, DecodedPush* push) {
  return Decoder(body, rules, push).Run();
}

}  // namespace tidegate::ingest
