// A SeriesSource in another process.
#ifndef TIDEGATE_STORAGE_GRPC_SERIES_SOURCE_CLIENT_H_
#define TIDEGATE_STORAGE_GRPC_SERIES_SOURCE_CLIENT_H_

#include <grpcpp/channel.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "proto/grpc/call_watcher.h"
#include "proto/tidegate/series.grpc.pb.h"
#include "storage/series_source.h"

namespace tidegate::storage {

// Every call fails with Unavailable, naming `peer`, while the process there is away. A sink that is
// slow slows the stream (HTTP/2 flow control). The watcher must outlive it. Thread safe.
class SeriesSourceClient final : public SeriesSource {
 public:
  SeriesSourceClient(std::string peer, const std::shared_ptr<grpc::Channel>& channel,
                     rpc::CallWatcher* watcher)
      : peer_(std::move(peer)), stub_(v1::SeriesSource::NewStub(channel)), watcher_(watcher) {}

  absl::Status Select(const model::RequestContext& context, const Selection& selection,
                      Sink<SelectedSeries>& sink) override;
  absl::Status SelectExemplars(const model::RequestContext& context, const Selection& selection,
                               Sink<SelectedExemplars>& sink) override;
  absl::StatusOr<std::vector<model::Labels>> Series(const model::RequestContext& context,
                                                    const LabelQuery& query) override;
  absl::StatusOr<std::vector<std::string>> LabelNames(const model::RequestContext& context,
                                                      const LabelQuery& query) override;
  absl::StatusOr<std::vector<std::string>> LabelValues(const model::RequestContext& context,
                                                       const std::string& label_name,
                                                       const LabelQuery& query) override;

 private:
  std::string peer_;
  std::unique_ptr<v1::SeriesSource::Stub> stub_;
  rpc::CallWatcher* watcher_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_GRPC_SERIES_SOURCE_CLIENT_H_
