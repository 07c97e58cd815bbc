#include "storage/grpc/log_source_client.h"

#include "proto/grpc/outgoing_call.h"
#include "storage/grpc/log_messages.h"

namespace tidegate::storage {
namespace {

absl::StatusOr<std::vector<std::string>> ReadStrings(rpc::OutgoingCall* call,
                                                     grpc::ClientReader<v1::Strings>* reader) {
  std::vector<std::string> strings;
  const absl::Status status = call->ReadAll(reader, [&strings](const v1::Strings& message) {
    strings.insert(strings.end(), message.values().begin(), message.values().end());
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return strings;
}

}  // namespace

absl::Status LogSourceClient::SelectLogs(const model::RequestContext& context,
                                         const LogSelection& selection, Sink<LogBatch>& sink) {
  rpc::OutgoingCall call(peer_, context, watcher_);
  v1::LogSelection request;
  ToWire(selection, &request);
  const auto reader = stub_->SelectLogs(call.grpc(), request);
  return call.ReadAll(reader.get(), [&sink](const v1::LogBatch& message) {
    absl::StatusOr<LogBatch> batch = FromWire(message);
    return batch.ok() ? sink.Add(*std::move(batch)) : batch.status();
  });
}

absl::StatusOr<std::vector<StreamVolume>> LogSourceClient::StreamVolumes(
    const model::RequestContext& context, const StreamQuery& query) {
  rpc::OutgoingCall call(peer_, context, watcher_);
  v1::StreamQuery request;
  ToWire(query, &request);
  std::vector<StreamVolume> volumes;
  const auto reader = stub_->StreamVolumes(call.grpc(), request);
  const absl::Status status = call.ReadAll(reader.get(), [&volumes](const v1::VolumeSets& message) {
    for (const v1::StreamVolume& one : message.volumes()) {
      absl::StatusOr<StreamVolume> volume = FromWire(one);
      if (!volume.ok()) return volume.status();
      volumes.push_back(*std::move(volume));
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return volumes;
}

absl::StatusOr<std::vector<std::string>> LogSourceClient::StreamLabelNames(
    const model::RequestContext& context, const StreamQuery& query) {
  rpc::OutgoingCall call(peer_, context, watcher_);
  v1::StreamQuery request;
  ToWire(query, &request);
  return ReadStrings(&call, stub_->StreamLabelNames(call.grpc(), request).get());
}

absl::StatusOr<std::vector<std::string>> LogSourceClient::StreamLabelValues(
    const model::RequestContext& context, const std::string& label_name, const StreamQuery& query) {
  rpc::OutgoingCall call(peer_, context, watcher_);
  v1::StreamLabelValuesRequest request;
  request.set_name(label_name);
  ToWire(query, request.mutable_query());
  return ReadStrings(&call, stub_->StreamLabelValues(call.grpc(), request).get());
}

}  // namespace tidegate::storage
