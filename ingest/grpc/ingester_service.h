// Serves an Ingester over gRPC; its unsealed series are served by storage's SeriesSourceService.
#ifndef TIDEGATE_INGEST_GRPC_INGESTER_SERVICE_H_
#define TIDEGATE_INGEST_GRPC_INGESTER_SERVICE_H_

#include <grpcpp/server_context.h>

#include "ingest/ingester.h"
#include "proto/tidegate/ingester.grpc.pb.h"

namespace tidegate::ingest {

// A push or a flush that has begun is finished, whatever becomes of its client. The ingester must
// outlive it. Thread safe.
class IngesterService final : public v1::Ingester::Service {
 public:
  explicit IngesterService(Ingester* ingester) : ingester_(ingester) {}

  grpc::Status Push(grpc::ServerContext* call, const v1::PushRequest* request,
                    v1::PushResponse* response) override;
  grpc::Status Flush(grpc::ServerContext* call, const v1::FlushRequest* request,
                     v1::FlushResponse* response) override;
  grpc::Status Stats(grpc::ServerContext* call, const v1::IngesterStatsRequest* request,
                     v1::IngesterStatsResponse* response) override;

 private:
  Ingester* ingester_;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_GRPC_INGESTER_SERVICE_H_
