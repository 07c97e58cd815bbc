// Names of OTLP metrics and attributes as Prometheus has them.
//
// Source of the rules: the OpenTelemetry specification (compatibility with Prometheus and
// OpenMetrics) and Prometheus' translator (github.com/prometheus/otlptranslator).
#ifndef TIDEGATE_INGEST_DECODE_OTLP_METRICS_OTLP_NAMES_H_
#define TIDEGATE_INGEST_DECODE_OTLP_METRICS_OTLP_NAMES_H_

#include <string>
#include <string_view>

#include "ingest/decode/otlp_metrics/otlp_metric.h"
#include "model/otlp_rules.h"

namespace tidegate::ingest {

// http.server.duration in s becomes http_server_duration_seconds, by the strategy. Empty when
// nothing of the name is left.
std::string OtlpMetricName(const OtlpMetric& metric, const model::OtlpMetricRules& rules);

// By/s becomes bytes_per_second.
std::string OtlpUnitName(std::string_view unit, const model::OtlpMetricRules& rules);

// http.method becomes http_method, 1st becomes key_1st. Empty when nothing of the name is left. A
// name that needs no change is returned as it is, without use of `scratch`, which otherwise holds
// the result.
std::string_view OtlpLabelName(std::string_view key, const model::OtlpMetricRules& rules,
                               std::string* scratch);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_OTLP_METRICS_OTLP_NAMES_H_
