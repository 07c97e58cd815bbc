// OTLP metrics over gRPC, for exporters that do not speak HTTP.
#ifndef TIDEGATE_API_GRPC_OTLP_METRICS_SERVICE_H_
#define TIDEGATE_API_GRPC_OTLP_METRICS_SERVICE_H_

#include "api/auth/tenant_resolver.h"
#include "ingest/ingester.h"
#include "proto/opentelemetry/metrics_service.grpc.pb.h"

namespace tidegate::api {

// Tenant and key come from call metadata under the names of the HTTP fields (x-scope-orgid,
// authorization, x-api-key, ...). Statuses are those that exporters know: what is worth sending
// again is UNAVAILABLE, what is not INVALID_ARGUMENT; refused points are a partial success. Thread
// safe; resolver and ingester must outlive it.
class OtlpMetricsService final
    : public opentelemetry::proto::collector::metrics::v1::MetricsService::Service {
 public:
  OtlpMetricsService(const TenantResolver* resolver, ingest::Ingester* ingester)
      : resolver_(*resolver), ingester_(*ingester) {}

  grpc::Status Export(
      grpc::ServerContext* call,
      const opentelemetry::proto::collector::metrics::v1::ExportMetricsServiceRequest* request,
      opentelemetry::proto::collector::metrics::v1::ExportMetricsServiceResponse* response)
      override;

 private:
  const TenantResolver& resolver_;
  ingest::Ingester& ingester_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_GRPC_OTLP_METRICS_SERVICE_H_
