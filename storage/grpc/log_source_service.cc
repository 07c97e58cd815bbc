#include "storage/grpc/log_source_service.h"

#include <string>
#include <utility>
#include <vector>

#include "proto/grpc/batch_writer.h"
#include "proto/grpc/incoming_call.h"
#include "proto/grpc/rpc_status.h"
#include "storage/grpc/log_messages.h"

namespace tidegate::storage {
namespace {

// What a message holds beside the bytes of an item, about.
constexpr size_t kItemBytes = 32;

class LogWriter final : public Sink<LogBatch> {
 public:
  explicit LogWriter(grpc::ServerWriter<v1::LogBatch>* writer) : writer_(writer) {}

  absl::Status Add(LogBatch batch) override {
    return ToMessages(batch, [this](const v1::LogBatch& message) {
      return writer_->Write(message) ? absl::OkStatus()
                                     : absl::CancelledError("the client has gone away");
    });
  }

 private:
  grpc::ServerWriter<v1::LogBatch>* writer_;
};

grpc::Status WriteStrings(const absl::StatusOr<std::vector<std::string>>& strings,
                          grpc::ServerWriter<v1::Strings>* writer) {
  if (!strings.ok()) return rpc::ToGrpc(strings.status());
  rpc::BatchWriter<v1::Strings> batch(writer);
  for (const std::string& value : *strings) {
    batch.message()->add_values(value);
    absl::Status status = batch.Added(value.size() + kItemBytes);
    if (!status.ok()) return rpc::ToGrpc(status);
  }
  return rpc::ToGrpc(batch.Finish());
}

}  // namespace

grpc::Status LogSourceService::SelectLogs(grpc::ServerContext* call,
                                          const v1::LogSelection* request,
                                          grpc::ServerWriter<v1::LogBatch>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  absl::StatusOr<LogSelection> selection = FromWire(*request);
  if (!selection.ok()) return rpc::ToGrpc(selection.status());
  LogWriter sink(writer);
  return rpc::ToGrpc(source_->SelectLogs(incoming.context(), *selection, sink));
}

grpc::Status LogSourceService::StreamVolumes(grpc::ServerContext* call,
                                             const v1::StreamQuery* request,
                                             grpc::ServerWriter<v1::VolumeSets>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  absl::StatusOr<StreamQuery> query = FromWire(*request);
  if (!query.ok()) return rpc::ToGrpc(query.status());
  const auto volumes = source_->StreamVolumes(incoming.context(), *query);
  if (!volumes.ok()) return rpc::ToGrpc(volumes.status());
  rpc::BatchWriter<v1::VolumeSets> batch(writer);
  for (const StreamVolume& volume : *volumes) {
    ToWire(volume, batch.message()->add_volumes());
    absl::Status status = batch.Added(volume.stream.bytes().size() + kItemBytes);
    if (!status.ok()) return rpc::ToGrpc(status);
  }
  return rpc::ToGrpc(batch.Finish());
}

grpc::Status LogSourceService::StreamLabelNames(grpc::ServerContext* call,
                                                const v1::StreamQuery* request,
                                                grpc::ServerWriter<v1::Strings>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  absl::StatusOr<StreamQuery> query = FromWire(*request);
  if (!query.ok()) return rpc::ToGrpc(query.status());
  return WriteStrings(source_->StreamLabelNames(incoming.context(), *query), writer);
}

grpc::Status LogSourceService::StreamLabelValues(grpc::ServerContext* call,
                                                 const v1::StreamLabelValuesRequest* request,
                                                 grpc::ServerWriter<v1::Strings>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  absl::StatusOr<StreamQuery> query = FromWire(request->query());
  if (!query.ok()) return rpc::ToGrpc(query.status());
  return WriteStrings(source_->StreamLabelValues(incoming.context(), request->name(), *query),
                      writer);
}

}  // namespace tidegate::storage
