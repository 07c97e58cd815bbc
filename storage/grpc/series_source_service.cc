#include "storage/grpc/series_source_service.h"

#include <utility>

#include "proto/grpc/call_context.h"
#include "proto/grpc/rpc_status.h"
#include "storage/grpc/series_messages.h"

namespace tidegate::storage {
namespace {

absl::Status ClientGone() { return absl::CancelledError("the client has gone away"); }

// Gathers pieces of series and writes a message whenever one is full.
class SeriesWriter final : public Sink<SelectedSeries> {
 public:
  explicit SeriesWriter(grpc::ServerWriter<v1::SelectResponse>* writer) : writer_(writer) {}

  absl::Status Add(SelectedSeries series) override {
    absl::Status status;
    ToPieces(series, [&](v1::Series piece) {
      weight_ += static_cast<size_t>(piece.values_size()) + piece.labels().size() +
                 size_t{64} * static_cast<size_t>(piece.histograms_size());
      *message_.add_series() = std::move(piece);
      if (weight_ >= kMessageWeight) status.Update(Flush());
    });
    return status;
  }

  absl::Status Flush() {
    if (message_.series().empty()) return absl::OkStatus();
    const bool written = writer_->Write(message_);
    message_.Clear();
    weight_ = 0;
    return written ? absl::OkStatus() : ClientGone();
  }

 private:
  grpc::ServerWriter<v1::SelectResponse>* writer_;
  v1::SelectResponse message_;
  size_t weight_ = 0;
};

class ExemplarWriter final : public Sink<SelectedExemplars> {
 public:
  explicit ExemplarWriter(grpc::ServerWriter<v1::ExemplarSeries>* writer) : writer_(writer) {}

  absl::Status Add(SelectedExemplars series) override {
    v1::ExemplarSeries message;
    ToWire(series, &message);
    return writer_->Write(message) ? absl::OkStatus() : ClientGone();
  }

 private:
  grpc::ServerWriter<v1::ExemplarSeries>* writer_;
};

class StreamWriter final : public Sink<SelectedStream> {
 public:
  explicit StreamWriter(grpc::ServerWriter<v1::Stream>* writer) : writer_(writer) {}

  absl::Status Add(SelectedStream stream) override {
    absl::Status status;
    ToPieces(stream, [&](const v1::Stream& piece) {
      if (status.ok() && !writer_->Write(piece)) status = ClientGone();
    });
    return status;
  }

 private:
  grpc::ServerWriter<v1::Stream>* writer_;
};

}  // namespace

grpc::Status SeriesSourceService::Select(grpc::ServerContext* call, const v1::Selection* request,
                                         grpc::ServerWriter<v1::SelectResponse>* writer) {
  const model::RequestContext context = rpc::ContextOf(*call);
  const auto watch = watcher_->WatchIncoming(context, call);
  absl::StatusOr<Selection> selection = FromWire(*request);
  if (!selection.ok()) return rpc::ToGrpc(selection.status());
  SeriesWriter sink(writer);
  absl::Status status = source_->Select(context, *selection, sink);
  if (status.ok()) status = sink.Flush();
  return rpc::ToGrpc(status);
}

grpc::Status SeriesSourceService::SelectExemplars(grpc::ServerContext* call,
                                                  const v1::Selection* request,
                                                  grpc::ServerWriter<v1::ExemplarSeries>* writer) {
  const model::RequestContext context = rpc::ContextOf(*call);
  const auto watch = watcher_->WatchIncoming(context, call);
  absl::StatusOr<Selection> selection = FromWire(*request);
  if (!selection.ok()) return rpc::ToGrpc(selection.status());
  ExemplarWriter sink(writer);
  return rpc::ToGrpc(source_->SelectExemplars(context, *selection, sink));
}

grpc::Status SeriesSourceService::SelectStreams(grpc::ServerContext* call,
                                                const v1::Selection* request,
                                                grpc::ServerWriter<v1::Stream>* writer) {
  const model::RequestContext context = rpc::ContextOf(*call);
  const auto watch = watcher_->WatchIncoming(context, call);
  absl::StatusOr<Selection> selection = FromWire(*request);
  if (!selection.ok()) return rpc::ToGrpc(selection.status());
  StreamWriter sink(writer);
  return rpc::ToGrpc(source_->SelectStreams(context, *selection, sink));
}

grpc::Status SeriesSourceService::Series(grpc::ServerContext* call, const v1::LabelQuery* request,
                                         grpc::ServerWriter<v1::LabelSets>* writer) {
  const model::RequestContext context = rpc::ContextOf(*call);
  const auto watch = watcher_->WatchIncoming(context, call);
  absl::StatusOr<LabelQuery> query = FromWire(*request);
  if (!query.ok()) return rpc::ToGrpc(query.status());
  absl::StatusOr<std::vector<model::Labels>> series = source_->Series(context, *query);
  if (!series.ok()) return rpc::ToGrpc(series.status());
  v1::LabelSets message;
  size_t bytes = 0;
  for (const model::Labels& labels : *series) {
    message.add_labels(std::string(labels.bytes()));
    bytes += labels.bytes().size();
    if (bytes < kMessageWeight) continue;
    if (!writer->Write(message)) return rpc::ToGrpc(ClientGone());
    message.Clear();
    bytes = 0;
  }
  return rpc::ToGrpc(writer->Write(message) ? absl::OkStatus() : ClientGone());
}

grpc::Status SeriesSourceService::LabelNames(grpc::ServerContext* call,
                                             const v1::LabelNamesRequest* request,
                                             v1::Strings* response) {
  const model::RequestContext context = rpc::ContextOf(*call);
  const auto watch = watcher_->WatchIncoming(context, call);
  absl::StatusOr<LabelQuery> query = FromWire(request->query());
  if (!query.ok()) return rpc::ToGrpc(query.status());
  absl::StatusOr<std::vector<std::string>> names = source_->LabelNames(context, *query);
  if (!names.ok()) return rpc::ToGrpc(names.status());
  response->mutable_values()->Add(names->begin(), names->end());
  return grpc::Status::OK;
}

grpc::Status SeriesSourceService::LabelValues(grpc::ServerContext* call,
                                              const v1::LabelValuesRequest* request,
                                              v1::Strings* response) {
  const model::RequestContext context = rpc::ContextOf(*call);
  const auto watch = watcher_->WatchIncoming(context, call);
  absl::StatusOr<LabelQuery> query = FromWire(request->query());
  if (!query.ok()) return rpc::ToGrpc(query.status());
  auto values = source_->LabelValues(context, request->name(), *query);
  if (!values.ok()) return rpc::ToGrpc(values.status());
  response->mutable_values()->Add(values->begin(), values->end());
  return grpc::Status::OK;
}

}  // namespace tidegate::storage
