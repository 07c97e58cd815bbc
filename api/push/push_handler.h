// Remote write: POST bodies go to the ingester undecoded.
#ifndef TIDEGATE_API_PUSH_PUSH_HANDLER_H_
#define TIDEGATE_API_PUSH_PUSH_HANDLER_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "ingest/ingester.h"

namespace tidegate::api {

// How a push describes its body.
struct PushMediaType {
  ingest::PushFormat format = ingest::PushFormat::kRemoteWrite1;
  ingest::PushEncoding encoding = ingest::PushEncoding::kSnappyBlock;
};

// From Content-Type and Content-Encoding, by the remote-write rules: a missing type is version 1.0,
// a missing encoding is snappy; zstd is what VictoriaMetrics' agents send. InvalidArgument, to be
// answered with 415, for everything else.
absl::StatusOr<PushMediaType> ReadMediaType(std::string_view content_type,
                                            std::string_view content_encoding);

// The answer to a push: 204; 400 when the body or some of its series were bad; 413; 429 and 503
// with Retry-After; 499; 500. Texts are for humans and end up in the sender's log.
HttpResponse PushResponse(const absl::StatusOr<ingest::PushResult>& result);

// Adds POST /api/v1/push and /api/v1/write. Answers to version 2.0 say in
// X-Prometheus-Remote-Write-{Samples,Histograms,Exemplars}-Written what was stored. Bodies are
// limited by the tenant's max_body_bytes before they are read. Resolver and ingester must outlive
// the router.
void AddPushRoutes(const TenantResolver* resolver, ingest::Ingester* ingester, Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PUSH_PUSH_HANDLER_H_
