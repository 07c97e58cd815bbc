// Serves a LogQueryService over gRPC.
#ifndef TIDEGATE_QUERY_GRPC_LOG_QUERY_RPC_H_
#define TIDEGATE_QUERY_GRPC_LOG_QUERY_RPC_H_

#include <grpcpp/server_context.h>

#include "proto/grpc/call_watcher.h"
#include "proto/tidegate/log_query.grpc.pb.h"
#include "query/log_query_service.h"

namespace tidegate::query {

// An adapter. Service and watcher must outlive it. Thread safe.
class LogQueryRpc final : public v1::LogQuery::Service {
 public:
  LogQueryRpc(LogQueryService* service, rpc::CallWatcher* watcher)
      : service_(service), watcher_(watcher) {}

  grpc::Status Instant(grpc::ServerContext* call, const v1::LogInstantRequest* request,
                       grpc::ServerWriter<v1::LogQueryResponse>* writer) override;
  grpc::Status Range(grpc::ServerContext* call, const v1::LogRangeRequest* request,
                     grpc::ServerWriter<v1::LogQueryResponse>* writer) override;
  grpc::Status LabelNames(grpc::ServerContext* call, const v1::LogLabelRequest* request,
                          grpc::ServerWriter<v1::LogItems>* writer) override;
  grpc::Status LabelValues(grpc::ServerContext* call, const v1::LogLabelRequest* request,
                           grpc::ServerWriter<v1::LogItems>* writer) override;
  grpc::Status Series(grpc::ServerContext* call, const v1::LogLabelRequest* request,
                      grpc::ServerWriter<v1::LogItems>* writer) override;
  grpc::Status IndexStats(grpc::ServerContext* call, const v1::LogSelectorRequest* request,
                          v1::LogIndexStats* response) override;
  grpc::Status Volume(grpc::ServerContext* call, const v1::LogVolumeRequest* request,
                      grpc::ServerWriter<v1::LogQueryResponse>* writer) override;
  grpc::Status DetectedLabels(grpc::ServerContext* call, const v1::LogSelectorRequest* request,
                              v1::DetectedLabelList* response) override;
  grpc::Status DetectedFields(grpc::ServerContext* call, const v1::DetectedFieldsRequest* request,
                              v1::DetectedFieldList* response) override;
  grpc::Status DetectedFieldValues(grpc::ServerContext* call,
                                   const v1::DetectedFieldsRequest* request,
                                   grpc::ServerWriter<v1::LogItems>* writer) override;
  grpc::Status Patterns(grpc::ServerContext* call, const v1::LogSelectorRequest* request,
                        v1::LogPatterns* response) override;
  grpc::Status FormatQuery(grpc::ServerContext* call, const v1::QueryText* request,
                           v1::QueryText* response) override;

 private:
  LogQueryService* service_;
  rpc::CallWatcher* watcher_;
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_GRPC_LOG_QUERY_RPC_H_
