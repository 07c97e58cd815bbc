#include <simdjson.h>

#include <memory>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "ingest/decode/decompress.h"
#include "ingest/decode/otlp/otlp_json_reader.h"
#include "ingest/decode/otlp_metrics/otlp_metrics.h"

namespace tidegate::ingest {
namespace {

using namespace otlp_json;  // NOLINT: its reader was written for this.
using Kind = OtlpMetric::Kind;

static_assert(simdjson::SIMDJSON_PADDING <= kReadableBehind);

// Reads one body. The document owns all strings, so it lives as long as the push.
class Decoder {
 public:
  Decoder(std::string_view body, const OtlpMetricContext& context, DecodedPush* push)
      : body_(body),
        series_(context, push),
        arena_(push->arena),
        parser_(std::make_shared<dom::parser>()) {
    push->parsed = parser_;
  }

  absl::Status Run();

 private:
  absl::Status ReadResourceMetrics(dom::element element);
  absl::Status ReadScopeMetrics(dom::element element);
  absl::Status ReadMetric(dom::element element);
  absl::Status ReadPoint(dom::element element);
  absl::Status ReadCounts(dom::element element, OtlpPoint* point);
  absl::Status ReadExemplars(dom::element element, OtlpPoint* point);

  const std::string_view body_;
  OtlpMetricSeries series_;
  ByteArena& arena_;
  std::shared_ptr<dom::parser> parser_;
};

absl::Status ReadDouble(dom::element owner, const char* name, const char* original,
                        double* number) {
  dom::element member;
  if (!Find(owner, name, original, &member) || DoubleOf(member, number)) return absl::OkStatus();
  return Wrong(fmt::format("{} must be a number", name));
}

// As a double, or as a 64-bit integer.
absl::Status ReadEitherValue(dom::element owner, double* value) {
  absl::Status status = ReadDouble(owner, "asDouble", "as_double", value);
  dom::element member;
  int64_t integer = 0;
  if (!status.ok() || !Find(owner, "asInt", "as_int", &member)) return status;
  if (!NumberOf(member, &integer)) return Wrong("asInt must be a number");
  *value = static_cast<double>(integer);
  return absl::OkStatus();
}

template <typename Number>
absl::Status ReadNumbers(dom::element owner, const char* name, const char* original,
                         std::vector<Number>* numbers) {
  return ForEach(owner, name, original, [&](dom::element element) {
    Number& number = numbers->emplace_back();
    bool read = false;
    if constexpr (std::is_same_v<Number, double>) {
      read = DoubleOf(element, &number);
    } else {
      read = NumberOf(element, &number);
    }
    return read ? absl::OkStatus() : Wrong(fmt::format("{} must hold numbers", name));
  });
}

absl::Status ReadTemporality(dom::element data, OtlpTemporality* temporality) {
  dom::element member;
  std::string_view name;
  uint32_t number = 0;
  if (!Find(data, "aggregationTemporality", "aggregation_temporality", &member)) {
    return absl::OkStatus();
  }
  if (member.get_string().get(name) == simdjson::SUCCESS && name.starts_with("AGGREGATION")) {
    if (name == "AGGREGATION_TEMPORALITY_DELTA") *temporality = OtlpTemporality::kDelta;
    if (name == "AGGREGATION_TEMPORALITY_CUMULATIVE") *temporality = OtlpTemporality::kCumulative;
    return absl::OkStatus();
  }
  if (!NumberOf(member, &number)) return Wrong("aggregationTemporality must be a number or a name");
  *temporality = static_cast<OtlpTemporality>(number > 2 ? 0 : number);
  return absl::OkStatus();
}

absl::Status ReadBuckets(dom::element owner, const char* name, OtlpBuckets* buckets) {
  dom::element member;
  if (!Find(owner, name, name, &member)) return absl::OkStatus();
  absl::Status status = ReadNumber(member, "offset", "offset", &buckets->offset);
  if (!status.ok()) return status;
  return ReadNumbers(member, "bucketCounts", "bucket_counts", &buckets->counts);
}

absl::Status Decoder::ReadExemplars(dom::element element, OtlpPoint* point) {
  return ForEach(element, "exemplars", "exemplars", [&](dom::element one) {
    OtlpExemplar& exemplar = point->exemplars.emplace_back();
    absl::Status status = ReadNumber(one, "timeUnixNano", "time_unix_nano", &exemplar.time);
    status.Update(ReadEitherValue(one, &exemplar.value));
    status.Update(ReadHex(one, "traceId", "trace_id", &arena_, &exemplar.trace_id));
    status.Update(ReadHex(one, "spanId", "span_id", &arena_, &exemplar.span_id));
    if (!status.ok()) return status;
    return ReadAttributes(one, "filteredAttributes", "filtered_attributes", &arena_,
                          &exemplar.attributes);
  });
}

// What all kinds but numbers have.
absl::Status Decoder::ReadCounts(dom::element element, OtlpPoint* point) {
  absl::Status status = ReadNumber(element, "count", "count", &point->count);
  dom::element member;
  if (Find(element, "sum", "sum", &member) && !DoubleOf(member, &point->sum.emplace())) {
    return Wrong("sum must be a number");
  }
  status.Update(ReadNumbers(element, "bucketCounts", "bucket_counts", &point->bucket_counts));
  status.Update(ReadNumbers(element, "explicitBounds", "explicit_bounds", &point->bounds));
  status.Update(ReadNumber(element, "scale", "scale", &point->scale));
  status.Update(ReadNumber(element, "zeroCount", "zero_count", &point->zero_count));
  status.Update(ReadDouble(element, "zeroThreshold", "zero_threshold", &point->zero_threshold));
  status.Update(ReadBuckets(element, "positive", &point->positive));
  status.Update(ReadBuckets(element, "negative", &point->negative));
  status.Update(ForEach(element, "quantileValues", "quantile_values", [&](dom::element one) {
    auto& [quantile, value] = point->quantiles.emplace_back();
    absl::Status read = ReadDouble(one, "quantile", "quantile", &quantile);
    read.Update(ReadDouble(one, "value", "value", &value));
    return read;
  }));
  return status;
}

absl::Status Decoder::ReadPoint(dom::element element) {
  if (!element.is_object()) return Wrong("a data point must be an object");
  OtlpPoint point;
  absl::Status status =
      ReadNumber(element, "startTimeUnixNano", "start_time_unix_nano", &point.start_time);
  status.Update(ReadNumber(element, "timeUnixNano", "time_unix_nano", &point.time));
  status.Update(ReadNumber(element, "flags", "flags", &point.flags));
  status.Update(ReadEitherValue(element, &point.value));
  status.Update(ReadCounts(element, &point));
  status.Update(ReadExemplars(element, &point));
  if (status.ok()) {
    status = ReadAttributes(element, "attributes", "attributes", &arena_, &point.attributes);
  }
  if (!status.ok()) return status;
  series_.Add(&point);
  return series_.status();
}

absl::Status Decoder::ReadMetric(dom::element element) {
  if (!element.is_object()) return Wrong("a metric must be an object");
  OtlpMetric metric;
  absl::Status status = ReadText(element, "name", "name", &metric.name);
  status.Update(ReadText(element, "description", "description", &metric.description));
  status.Update(ReadText(element, "unit", "unit", &metric.unit));
  if (!status.ok()) return status;
  constexpr struct {
    const char* name;
    const char* original;
    Kind kind;
  } kKinds[] = {{"gauge", "gauge", Kind::kGauge},
                {"sum", "sum", Kind::kSum},
                {"histogram", "histogram", Kind::kHistogram},
                {"exponentialHistogram", "exponential_histogram", Kind::kExponential},
                {"summary", "summary", Kind::kSummary}};
  dom::element data;
  for (const auto& [name, original, kind] : kKinds) {
    if (!Find(element, name, original, &data)) continue;
    metric.kind = kind;
    break;
  }
  if (metric.kind == Kind::kNone) return absl::OkStatus();
  status = ReadTemporality(data, &metric.temporality);
  dom::element member;
  if (Find(data, "isMonotonic", "is_monotonic", &member) &&
      member.get_bool().get(metric.monotonic) != simdjson::SUCCESS) {
    return Wrong("isMonotonic must be true or false");
  }
  if (!status.ok()) return status;
  series_.BeginMetric(metric);
  return ForEach(data, "dataPoints", "data_points",
                 [this](dom::element point) { return ReadPoint(point); });
}

absl::Status Decoder::ReadScopeMetrics(dom::element element) {
  OtlpScope scope;
  std::string_view schema_url;
  absl::Status status = ReadScope(element, &arena_, &scope);
  status.Update(ReadText(element, "schemaUrl", "schema_url", &schema_url));
  if (!status.ok()) return status;
  series_.BeginScope(scope, schema_url);
  return ForEach(element, "metrics", "metrics",
                 [this](dom::element metric) { return ReadMetric(metric); });
}

absl::Status Decoder::ReadResourceMetrics(dom::element element) {
  if (!element.is_object()) return Wrong("resourceMetrics must hold objects");
  std::vector<OtlpAttribute> attributes;
  dom::element resource;
  if (Find(element, "resource", "resource", &resource)) {
    absl::Status status =
        ReadAttributes(resource, "attributes", "attributes", &arena_, &attributes);
    if (!status.ok()) return status;
  }
  series_.BeginResource(attributes);
  absl::Status status = ForEach(element, "scopeMetrics", "scope_metrics",
                                [this](dom::element scope) { return ReadScopeMetrics(scope); });
  if (status.ok()) series_.EndResource();
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
  return ForEach(request, "resourceMetrics", "resource_metrics",
                 [this](dom::element metrics) { return ReadResourceMetrics(metrics); });
}

}  // namespace

absl::Status DecodeOtlpMetricsJson(std::string_view body, const OtlpMetricContext& context,
                                   DecodedPush* push) {
  return Decoder(body, context, push).Run();
}

}  // namespace tidegate::ingest
