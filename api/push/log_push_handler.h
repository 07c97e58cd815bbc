// Pushes of logs: Loki's and OpenTelemetry's endpoints. Bodies go to the ingester undecoded.
#ifndef TIDEGATE_API_PUSH_LOG_PUSH_HANDLER_H_
#define TIDEGATE_API_PUSH_LOG_PUSH_HANDLER_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "api/push/push_handler.h"
#include "ingest/ingester.h"

namespace tidegate::api {

// From Content-Type and Content-Encoding, by Loki's rules: application/json is JSON, every other
// type is protobuf (in a snappy block); no type at all is a mistake. `legacy` is /api/prom/push,
// whose JSON has another shape. InvalidArgument, to be answered with 400.
absl::StatusOr<PushMediaType> ReadLokiMediaType(std::string_view content_type,
                                                std::string_view content_encoding, bool legacy);

// By OTLP's rules: application/x-protobuf or application/json; no encoding, gzip, zstd or lz4.
absl::StatusOr<PushMediaType> ReadOtlpMediaType(std::string_view content_type,
                                                std::string_view content_encoding);

// The answer to a push of logs: 204; 400, 413, 422 (no stream at all), 429, 499, 503, 500, and the
// tenant's own status while its ingestion is blocked. Texts are Loki's.
HttpResponse LogPushResponse(const model::TenantConfig& tenant,
                             const absl::StatusOr<ingest::PushResult>& result);

// The same for OTLP: bodies are google.rpc.Status, and 500 becomes 503, so that senders retry.
HttpResponse OtlpResponse(HttpResponse response);

// Adds POST /loki/api/v1/push, /api/prom/push and /otlp/v1/logs. Bodies are limited by the tenant's
// max_body_bytes before they are read. Resolver and ingester must outlive the router.
void AddLogPushRoutes(const TenantResolver* resolver, ingest::Ingester* ingester, Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PUSH_LOG_PUSH_HANDLER_H_
