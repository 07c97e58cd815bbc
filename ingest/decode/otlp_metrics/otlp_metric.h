// OpenTelemetry's metric data model, as far as it is stored: what both encodings decode to.
#ifndef TIDEGATE_INGEST_DECODE_OTLP_METRICS_OTLP_METRIC_H_
#define TIDEGATE_INGEST_DECODE_OTLP_METRICS_OTLP_METRIC_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/decode/otlp/otlp_record.h"

namespace tidegate::ingest {

enum class OtlpTemporality : uint8_t { kUnspecified = 0, kDelta = 1, kCumulative = 2 };

// What is said about a metric beside its points. Views point into the request.
struct OtlpMetric {
  enum class Kind : uint8_t { kNone, kGauge, kSum, kHistogram, kExponential, kSummary };
  std::string_view name;
  std::string_view description;
  std::string_view unit;
  Kind kind = Kind::kNone;
  OtlpTemporality temporality = OtlpTemporality::kUnspecified;
  bool monotonic = false;
};

struct OtlpExemplar {
  uint64_t time = 0;
  double value = 0;
  std::string_view trace_id;  // Bytes, not hex.
  std::string_view span_id;
  std::vector<OtlpAttribute> attributes;
};

// Buckets of an exponential histogram, dense: counts[i] is that of bucket offset + i.
struct OtlpBuckets {
  int32_t offset = 0;
  std::vector<uint64_t> counts;
};

// A data point of any kind; which fields count depends on the metric's.
struct OtlpPoint {
  std::vector<OtlpAttribute> attributes;
  uint64_t start_time = 0;  // Nanoseconds since the Unix epoch; 0 = unknown.
  uint64_t time = 0;
  uint32_t flags = 0;
  std::vector<OtlpExemplar> exemplars;

  double value = 0;  // Gauges and sums.

  uint64_t count = 0;  // All others.
  std::optional<double> sum;
  std::vector<uint64_t> bucket_counts;  // Histograms: one more than bounds, or none.
  std::vector<double> bounds;
  int32_t scale = 0;  // Exponential histograms.
  uint64_t zero_count = 0;
  double zero_threshold = 0;
  OtlpBuckets positive, negative;
  std::vector<std::pair<double, double>> quantiles;  // Summaries: quantile and value.

  // The series had no value at this time: it is stale.
  bool no_recorded_value() const { return (flags & 1) != 0; }
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_OTLP_METRICS_OTLP_METRIC_H_
