#include <simdjson.h>

#include <memory>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "ingest/decode/decompress.h"
#include "ingest/decode/otlp/otlp_json_reader.h"
#include "ingest/decode/otlp/otlp_logs.h"

namespace tidegate::ingest {
namespace {

using namespace otlp_json;  // NOLINT: its reader was written for this.

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

  const std::string_view body_;
  OtlpStreams streams_;
  ByteArena& arena_;
  std::shared_ptr<dom::parser> parser_;
};

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
  status.Update(ReadHex(element, "traceId", "trace_id", &arena_, &record.trace_id));
  status.Update(ReadHex(element, "spanId", "span_id", &arena_, &record.span_id));
  status.Update(ReadText(element, "eventName", "event_name", &record.event_name));
  dom::element body;
  if (status.ok() && Find(element, "body", "body", &body)) {
    status = ReadValue(body, 0, &arena_, &record.body);
  }
  if (status.ok())
    status = ReadAttributes(element, "attributes", "attributes", &arena_, &record.attributes);
  if (status.ok()) streams_.Add(record);
  return status;
}

absl::Status Decoder::ReadScopeLogs(dom::element element) {
  OtlpScope scope;
  if (absl::Status status = ReadScope(element, &arena_, &scope); !status.ok()) return status;
  streams_.BeginScope(scope);
  return ForEach(element, "logRecords", "log_records",
                 [this](dom::element record) { return ReadRecord(record); });
}

absl::Status Decoder::ReadResourceLogs(dom::element element) {
  if (!element.is_object()) return Wrong("resourceLogs must hold objects");
  std::vector<OtlpAttribute> attributes;
  dom::element resource;
  if (Find(element, "resource", "resource", &resource)) {
    absl::Status status =
        ReadAttributes(resource, "attributes", "attributes", &arena_, &attributes);
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
