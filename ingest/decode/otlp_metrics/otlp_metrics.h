// OTLP's metric export requests, protobuf and JSON.
#ifndef TIDEGATE_INGEST_DECODE_OTLP_METRICS_OTLP_METRICS_H_
#define TIDEGATE_INGEST_DECODE_OTLP_METRICS_OTLP_METRICS_H_

#include <string_view>

#include "absl/status/status.h"
#include "ingest/decode/decoded_push.h"
#include "ingest/decode/otlp_metrics/otlp_metric_series.h"

namespace tidegate::ingest {

// opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest, in one pass over the wire
// bytes (plus one over each resource, scope and metric to find what describes it). `message` must
// outlive the push. InvalidArgument: malformed, or values nest deeper than kMaxOtlpDepth;
// OutOfRange: it would take far more memory than its bytes.
absl::Status DecodeOtlpMetricsProtobuf(std::string_view message, const OtlpMetricContext& context,
                                       DecodedPush* push);

// The same in OTLP's JSON mapping, as DecodeOtlpJson reads it.
absl::Status DecodeOtlpMetricsJson(std::string_view body, const OtlpMetricContext& context,
                                   DecodedPush* push);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_OTLP_METRICS_OTLP_METRICS_H_
