// Serves a QueryService over gRPC.
#ifndef TIDEGATE_QUERY_GRPC_QUERY_RPC_H_
#define TIDEGATE_QUERY_GRPC_QUERY_RPC_H_

#include <grpcpp/server_context.h>

#include "proto/grpc/call_watcher.h"
#include "proto/tidegate/query.grpc.pb.h"
#include "query/query_service.h"

namespace tidegate::query {

// An adapter. Service and watcher must outlive it. Thread safe.
class QueryRpc final : public v1::Query::Service {
 public:
  QueryRpc(QueryService* service, rpc::CallWatcher* watcher)
      : service_(service), watcher_(watcher) {}

  grpc::Status Instant(grpc::ServerContext* call, const v1::InstantQueryRequest* request,
                       grpc::ServerWriter<v1::QueryResponse>* writer) override;
  grpc::Status Range(grpc::ServerContext* call, const v1::RangeQueryRequest* request,
                     grpc::ServerWriter<v1::QueryResponse>* writer) override;
  grpc::Status Series(grpc::ServerContext* call, const v1::MatchRequest* request,
                      grpc::ServerWriter<v1::SeriesResponse>* writer) override;
  grpc::Status LabelNames(grpc::ServerContext* call, const v1::MatchRequest* request,
                          grpc::ServerWriter<v1::StringsResponse>* writer) override;
  grpc::Status LabelValues(grpc::ServerContext* call, const v1::MatchLabelValuesRequest* request,
                           grpc::ServerWriter<v1::StringsResponse>* writer) override;
  grpc::Status Exemplars(grpc::ServerContext* call, const v1::ExemplarQueryRequest* request,
                         grpc::ServerWriter<v1::ExemplarSeries>* writer) override;
  grpc::Status FormatQuery(grpc::ServerContext* call, const v1::QueryText* request,
                           v1::QueryText* response) override;
  grpc::Status ParseQuery(grpc::ServerContext* call, const v1::QueryText* request,
                          v1::QueryText* response) override;

 private:
  QueryService* service_;
  rpc::CallWatcher* watcher_;
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_GRPC_QUERY_RPC_H_
