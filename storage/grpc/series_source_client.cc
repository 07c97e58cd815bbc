#include "storage/grpc/series_source_client.h"

#include <utility>

#include "proto/grpc/call_context.h"
#include "proto/grpc/rpc_status.h"
#include "proto/wire/points.h"
#include "storage/grpc/series_messages.h"

namespace tidegate::storage {
namespace {

// Reads a stream to its end. The first error of `message_fn` cancels the call and is the answer.
template <typename Message, typename MessageFn>
absl::Status ReadAll(grpc::ClientContext* call, grpc::ClientReader<Message>* reader,
                     MessageFn message_fn) {
  Message message;
  absl::Status failed;
  while (reader->Read(&message)) {
    failed = message_fn(message);
    if (failed.ok()) continue;
    call->TryCancel();
    break;
  }
  const absl::Status finished = rpc::FromGrpc(reader->Finish());
  return failed.ok() ? finished : failed;
}

std::vector<std::string> ToStrings(const v1::Strings& strings) {
  return {strings.values().begin(), strings.values().end()};
}

}  // namespace

absl::Status SeriesSourceClient::Outcome(const grpc::Status& status) const {
  return rpc::FromPeer(peer_, status);
}

absl::Status SeriesSourceClient::Select(const model::RequestContext& context,
                                        const Selection& selection, Sink<SelectedSeries>& sink) {
  grpc::ClientContext call;
  rpc::AttachContext(context, &call);
  const auto watch = watcher_->WatchOutgoing(context, &call);
  v1::Selection request;
  ToWire(selection, &request);
  SeriesJoiner joiner(&sink);
  const auto reader = stub_->Select(&call, request);
  absl::Status status = ReadAll(&call, reader.get(), [&](const v1::SelectResponse& message) {
    for (const v1::Series& piece : message.series()) {
      if (absl::Status added = joiner.Add(piece); !added.ok()) return added;
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return rpc::WithPeer(peer_, status);
  return joiner.Finish();
}

absl::Status SeriesSourceClient::SelectExemplars(const model::RequestContext& context,
                                                 const Selection& selection,
                                                 Sink<SelectedExemplars>& sink) {
  grpc::ClientContext call;
  rpc::AttachContext(context, &call);
  const auto watch = watcher_->WatchOutgoing(context, &call);
  v1::Selection request;
  ToWire(selection, &request);
  const auto reader = stub_->SelectExemplars(&call, request);
  return rpc::WithPeer(peer_, ReadAll(&call, reader.get(), [&](const v1::ExemplarSeries& message) {
                         absl::StatusOr<SelectedExemplars> series = FromWire(message);
                         return series.ok() ? sink.Add(*std::move(series)) : series.status();
                       }));
}

absl::Status SeriesSourceClient::SelectStreams(const model::RequestContext& context,
                                               const Selection& selection,
                                               Sink<SelectedStream>& sink) {
  grpc::ClientContext call;
  rpc::AttachContext(context, &call);
  const auto watch = watcher_->WatchOutgoing(context, &call);
  v1::Selection request;
  ToWire(selection, &request);
  StreamJoiner joiner(&sink);
  const auto reader = stub_->SelectStreams(&call, request);
  absl::Status status =
      ReadAll(&call, reader.get(), [&](const v1::Stream& message) { return joiner.Add(message); });
  if (!status.ok()) return rpc::WithPeer(peer_, status);
  return joiner.Finish();
}

absl::StatusOr<std::vector<model::Labels>> SeriesSourceClient::Series(
    const model::RequestContext& context, const LabelQuery& query) {
  grpc::ClientContext call;
  rpc::AttachContext(context, &call);
  const auto watch = watcher_->WatchOutgoing(context, &call);
  v1::LabelQuery request;
  ToWire(query, &request);
  std::vector<model::Labels> series;
  const auto reader = stub_->Series(&call, request);
  const absl::Status status = ReadAll(&call, reader.get(), [&](const v1::LabelSets& message) {
    for (const std::string& bytes : message.labels()) {
      absl::StatusOr<model::Labels> labels = wire::LabelsFromWire(bytes);
      if (!labels.ok()) return labels.status();
      series.push_back(*std::move(labels));
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return rpc::WithPeer(peer_, status);
  return series;
}

absl::StatusOr<std::vector<std::string>> SeriesSourceClient::LabelNames(
    const model::RequestContext& context, const LabelQuery& query) {
  grpc::ClientContext call;
  rpc::AttachContext(context, &call);
  const auto watch = watcher_->WatchOutgoing(context, &call);
  v1::LabelNamesRequest request;
  ToWire(query, request.mutable_query());
  v1::Strings response;
  const grpc::Status status = stub_->LabelNames(&call, request, &response);
  if (!status.ok()) return Outcome(status);
  return ToStrings(response);
}

absl::StatusOr<std::vector<std::string>> SeriesSourceClient::LabelValues(
    const model::RequestContext& context, const std::string& label_name, const LabelQuery& query) {
  grpc::ClientContext call;
  rpc::AttachContext(context, &call);
  const auto watch = watcher_->WatchOutgoing(context, &call);
  v1::LabelValuesRequest request;
  request.set_name(label_name);
  ToWire(query, request.mutable_query());
  v1::Strings response;
  const grpc::Status status = stub_->LabelValues(&call, request, &response);
  if (!status.ok()) return Outcome(status);
  return ToStrings(response);
}

}  // namespace tidegate::storage
