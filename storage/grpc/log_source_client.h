// A LogSource in another process.
#ifndef TIDEGATE_STORAGE_GRPC_LOG_SOURCE_CLIENT_H_
#define TIDEGATE_STORAGE_GRPC_LOG_SOURCE_CLIENT_H_

#include <grpcpp/channel.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "proto/grpc/call_watcher.h"
#include "proto/tidegate/logs.grpc.pb.h"
#include "storage/log_source.h"

namespace tidegate::storage {

// Every call fails with Unavailable, naming `peer`, while the process there is away. A sink that is
// slow slows the stream (HTTP/2 flow control). The watcher must outlive it. Thread safe.
class LogSourceClient final : public LogSource {
 public:
  LogSourceClient(std::string peer, const std::shared_ptr<grpc::Channel>& channel,
                  rpc::CallWatcher* watcher)
      : peer_(std::move(peer)), stub_(v1::LogSource::NewStub(channel)), watcher_(watcher) {}

  absl::Status SelectLogs(const model::RequestContext& context, const LogSelection& selection,
                          Sink<LogBatch>& sink) override;
  absl::StatusOr<std::vector<StreamVolume>> StreamVolumes(const model::RequestContext& context,
                                                          const StreamQuery& query) override;
  absl::StatusOr<std::vector<std::string>> StreamLabelNames(const model::RequestContext& context,
                                                            const StreamQuery& query) override;
  absl::StatusOr<std::vector<std::string>> StreamLabelValues(const model::RequestContext& context,
                                                             const std::string& label_name,
                                                             const StreamQuery& query) override;

 private:
  std::string peer_;
  std::unique_ptr<v1::LogSource::Stub> stub_;
  rpc::CallWatcher* watcher_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_GRPC_LOG_SOURCE_CLIENT_H_
