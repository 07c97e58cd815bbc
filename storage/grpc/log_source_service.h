// Serves a LogSource over gRPC.
#ifndef TIDEGATE_STORAGE_GRPC_LOG_SOURCE_SERVICE_H_
#define TIDEGATE_STORAGE_GRPC_LOG_SOURCE_SERVICE_H_

#include <grpcpp/server_context.h>

#include "proto/grpc/call_watcher.h"
#include "proto/tidegate/logs.grpc.pb.h"
#include "storage/log_source.h"

namespace tidegate::storage {

// An adapter: decode, call one method, encode. A client that reads slowly blocks its own call only.
// Source and watcher must outlive it. Thread safe.
class LogSourceService final : public v1::LogSource::Service {
 public:
  LogSourceService(LogSource* source, rpc::CallWatcher* watcher)
      : source_(source), watcher_(watcher) {}

  grpc::Status SelectLogs(grpc::ServerContext* call, const v1::LogSelection* request,
                          grpc::ServerWriter<v1::LogBatch>* writer) override;
  grpc::Status StreamVolumes(grpc::ServerContext* call, const v1::StreamQuery* request,
                             grpc::ServerWriter<v1::VolumeSets>* writer) override;
  grpc::Status StreamLabelNames(grpc::ServerContext* call, const v1::StreamQuery* request,
                                grpc::ServerWriter<v1::Strings>* writer) override;
  grpc::Status StreamLabelValues(grpc::ServerContext* call,
                                 const v1::StreamLabelValuesRequest* request,
                                 grpc::ServerWriter<v1::Strings>* writer) override;

 private:
  LogSource* source_;
  rpc::CallWatcher* watcher_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_GRPC_LOG_SOURCE_SERVICE_H_
