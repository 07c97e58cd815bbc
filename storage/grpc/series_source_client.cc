#include "storage/grpc/series_source_client.h"

#include <utility>

#include "proto/grpc/outgoing_call.h"
#include "proto/wire/points.h"
#include "storage/grpc/series_messages.h"

namespace tidegate::storage {
namespace {

// The last item waits in the joiner. It is complete when the call has ended well, and when it ended
// with DataLoss: that comes behind everything that could be read.
template <typename Joiner>
absl::Status FinishWith(const absl::Status& outcome, Joiner* joiner) {
  if (!outcome.ok() && !absl::IsDataLoss(outcome)) return outcome;
  const absl::Status finished = joiner->Finish();
  return finished.ok() ? outcome : finished;
}

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

absl::Status SeriesSourceClient::Select(const model::RequestContext& context,
                                        const Selection& selection, Sink<SelectedSeries>& sink) {
  rpc::OutgoingCall call(peer_, context, watcher_);
  v1::Selection request;
  ToWire(selection, &request);
  SeriesJoiner joiner(&sink);
  const auto reader = stub_->Select(call.grpc(), request);
  const absl::Status status = call.ReadAll(reader.get(), [&](const v1::SelectResponse& message) {
    for (const v1::Series& piece : message.series()) {
      if (absl::Status added = joiner.Add(piece); !added.ok()) return added;
    }
    return absl::OkStatus();
  });
  return FinishWith(status, &joiner);
}

absl::Status SeriesSourceClient::SelectExemplars(const model::RequestContext& context,
                                                 const Selection& selection,
                                                 Sink<SelectedExemplars>& sink) {
  rpc::OutgoingCall call(peer_, context, watcher_);
  v1::Selection request;
  ToWire(selection, &request);
  ExemplarJoiner joiner(&sink);
  const auto reader = stub_->SelectExemplars(call.grpc(), request);
  const absl::Status status = call.ReadAll(
      reader.get(), [&](const v1::ExemplarSeries& piece) { return joiner.Add(piece); });
  return FinishWith(status, &joiner);
}

absl::StatusOr<std::vector<model::Labels>> SeriesSourceClient::Series(
    const model::RequestContext& context, const LabelQuery& query) {
  rpc::OutgoingCall call(peer_, context, watcher_);
  v1::LabelQuery request;
  ToWire(query, &request);
  std::vector<model::Labels> series;
  const auto reader = stub_->Series(call.grpc(), request);
  const absl::Status status = call.ReadAll(reader.get(), [&](const v1::LabelSets& message) {
    for (const std::string& bytes : message.labels()) {
      absl::StatusOr<model::Labels> labels = wire::LabelsFromWire(bytes);
      if (!labels.ok()) return labels.status();
      series.push_back(*std::move(labels));
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return series;
}

absl::StatusOr<std::vector<std::string>> SeriesSourceClient::LabelNames(
    const model::RequestContext& context, const LabelQuery& query) {
  rpc::OutgoingCall call(peer_, context, watcher_);
  v1::LabelNamesRequest request;
  ToWire(query, request.mutable_query());
  return ReadStrings(&call, stub_->LabelNames(call.grpc(), request).get());
}

absl::StatusOr<std::vector<std::string>> SeriesSourceClient::LabelValues(
    const model::RequestContext& context, const std::string& label_name, const LabelQuery& query) {
  rpc::OutgoingCall call(peer_, context, watcher_);
  v1::LabelValuesRequest request;
  request.set_name(label_name);
  ToWire(query, request.mutable_query());
  return ReadStrings(&call, stub_->LabelValues(call.grpc(), request).get());
}

}  // namespace tidegate::storage
