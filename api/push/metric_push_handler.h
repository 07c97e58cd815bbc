// Pushes of metrics beside remote write: OpenTelemetry's, and what targets expose.
#ifndef TIDEGATE_API_PUSH_METRIC_PUSH_HANDLER_H_
#define TIDEGATE_API_PUSH_METRIC_PUSH_HANDLER_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "api/push/push_handler.h"
#include "ingest/ingester.h"

namespace tidegate::api {

// By OTLP's rules: application/x-protobuf or application/json; no encoding, gzip or zstd.
// InvalidArgument, to be answered with 415.
absl::StatusOr<PushMediaType> ReadOtlpMetricMediaType(std::string_view content_type,
                                                      std::string_view content_encoding);

// application/openmetrics-text is OpenMetrics, application/vnd.google.protobuf is MetricFamily
// messages, every other type and none is Prometheus text; no encoding, or one of
// FindPushEncoding.
absl::StatusOr<PushMediaType> ReadExpositionMediaType(std::string_view content_type,
                                                      std::string_view content_encoding);

// JSON lines, whatever the type; encodings as above.
absl::StatusOr<PushMediaType> ReadLinesMediaType(std::string_view content_type,
                                                 std::string_view content_encoding);

// 200 with an ExportMetricsServiceResponse, which names what was refused; otherwise a
// google.rpc.Status. In JSON or protobuf, as the request was. 500 becomes 503, so that exporters
// try again.
HttpResponse OtlpMetricResponse(const absl::StatusOr<ingest::PushResult>& result, bool json);

// Adds POST /otlp/v1/metrics, /api/v1/otlp/v1/metrics, /api/v1/import/prometheus and
// /api/v1/import. Bodies are
// limited by the tenant's max_body_bytes before they are read. Resolver and ingester must outlive
// the router.
void AddMetricPushRoutes(const TenantResolver* resolver, ingest::Ingester* ingester,
                         Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PUSH_METRIC_PUSH_HANDLER_H_
