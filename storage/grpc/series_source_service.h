// Serves a SeriesSource over gRPC.
#ifndef TIDEGATE_STORAGE_GRPC_SERIES_SOURCE_SERVICE_H_
#define TIDEGATE_STORAGE_GRPC_SERIES_SOURCE_SERVICE_H_

#include <grpcpp/server_context.h>

#include "proto/grpc/call_watcher.h"
#include "proto/tidegate/series.grpc.pb.h"
#include "storage/series_source.h"

namespace tidegate::storage {

// An adapter: decode, call one method, encode. A client that reads slowly blocks its own call only.
// Source and watcher must outlive it. Thread safe.
class SeriesSourceService final : public v1::SeriesSource::Service {
 public:
  SeriesSourceService(SeriesSource* source, rpc::CallWatcher* watcher)
      : source_(source), watcher_(watcher) {}

  grpc::Status Select(grpc::ServerContext* call, const v1::Selection* request,
                      grpc::ServerWriter<v1::SelectResponse>* writer) override;
  grpc::Status SelectExemplars(grpc::ServerContext* call, const v1::Selection* request,
                               grpc::ServerWriter<v1::ExemplarSeries>* writer) override;
  grpc::Status Series(grpc::ServerContext* call, const v1::LabelQuery* request,
                      grpc::ServerWriter<v1::LabelSets>* writer) override;
  grpc::Status LabelNames(grpc::ServerContext* call, const v1::LabelNamesRequest* request,
                          grpc::ServerWriter<v1::Strings>* writer) override;
  grpc::Status LabelValues(grpc::ServerContext* call, const v1::LabelValuesRequest* request,
                           grpc::ServerWriter<v1::Strings>* writer) override;

 private:
  SeriesSource* source_;
  rpc::CallWatcher* watcher_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_GRPC_SERIES_SOURCE_SERVICE_H_
