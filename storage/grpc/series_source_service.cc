#include "storage/grpc/series_source_service.h"

#include <string>
#include <utility>
#include <vector>

#include "proto/grpc/batch_writer.h"
#include "proto/grpc/incoming_call.h"
#include "proto/grpc/rpc_status.h"
#include "storage/grpc/series_messages.h"

namespace tidegate::storage {
namespace {

// What a message holds beside the bytes of an item, about.
constexpr size_t kItemBytes = 16;

// Series are small and many: their pieces share messages.
class SeriesWriter final : public Sink<SelectedSeries> {
 public:
  explicit SeriesWriter(grpc::ServerWriter<v1::SelectResponse>* writer) : batch_(writer) {}

  absl::Status Add(SelectedSeries series) override {
    return ToPieces(series, [this](v1::Series piece) {
      const size_t bytes = piece.ByteSizeLong();
      *batch_.message()->add_series() = std::move(piece);
      return batch_.Added(bytes);
    });
  }
  absl::Status Finish() { return batch_.Finish(); }

 private:
  rpc::BatchWriter<v1::SelectResponse> batch_;
};

// Exemplars and streams travel one piece to a message.
template <typename Item, typename Piece>
class PieceWriter final : public Sink<Item> {
 public:
  explicit PieceWriter(grpc::ServerWriter<Piece>* writer) : writer_(writer) {}

  absl::Status Add(Item item) override {
    return ToPieces(item, [this](const Piece& piece) {
      return writer_->Write(piece) ? absl::OkStatus()
                                   : absl::CancelledError("the client has gone away");
    });
  }

 private:
  grpc::ServerWriter<Piece>* writer_;
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

grpc::Status SeriesSourceService::Select(grpc::ServerContext* call, const v1::Selection* request,
                                         grpc::ServerWriter<v1::SelectResponse>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  absl::StatusOr<Selection> selection = FromWire(*request);
  if (!selection.ok()) return rpc::ToGrpc(selection.status());
  SeriesWriter sink(writer);
  absl::Status status = source_->Select(incoming.context(), *selection, sink);
  // What was found goes out in front of an error too: DataLoss says that the rest is complete.
  status.Update(sink.Finish());
  return rpc::ToGrpc(status);
}

grpc::Status SeriesSourceService::SelectExemplars(grpc::ServerContext* call,
                                                  const v1::Selection* request,
                                                  grpc::ServerWriter<v1::ExemplarSeries>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  absl::StatusOr<Selection> selection = FromWire(*request);
  if (!selection.ok()) return rpc::ToGrpc(selection.status());
  PieceWriter<SelectedExemplars, v1::ExemplarSeries> sink(writer);
  return rpc::ToGrpc(source_->SelectExemplars(incoming.context(), *selection, sink));
}

grpc::Status SeriesSourceService::Series(grpc::ServerContext* call, const v1::LabelQuery* request,
                                         grpc::ServerWriter<v1::LabelSets>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  absl::StatusOr<LabelQuery> query = FromWire(*request);
  if (!query.ok()) return rpc::ToGrpc(query.status());
  absl::StatusOr<std::vector<model::Labels>> series = source_->Series(incoming.context(), *query);
  if (!series.ok()) return rpc::ToGrpc(series.status());
  rpc::BatchWriter<v1::LabelSets> batch(writer);
  for (const model::Labels& labels : *series) {
    batch.message()->add_labels(std::string(labels.bytes()));
    absl::Status status = batch.Added(labels.bytes().size() + kItemBytes);
    if (!status.ok()) return rpc::ToGrpc(status);
  }
  return rpc::ToGrpc(batch.Finish());
}

grpc::Status SeriesSourceService::LabelNames(grpc::ServerContext* call,
                                             const v1::LabelNamesRequest* request,
                                             grpc::ServerWriter<v1::Strings>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  absl::StatusOr<LabelQuery> query = FromWire(request->query());
  if (!query.ok()) return rpc::ToGrpc(query.status());
  return WriteStrings(source_->LabelNames(incoming.context(), *query), writer);
}

grpc::Status SeriesSourceService::LabelValues(grpc::ServerContext* call,
                                              const v1::LabelValuesRequest* request,
                                              grpc::ServerWriter<v1::Strings>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  absl::StatusOr<LabelQuery> query = FromWire(request->query());
  if (!query.ok()) return rpc::ToGrpc(query.status());
  return WriteStrings(source_->LabelValues(incoming.context(), request->name(), *query), writer);
}

}  // namespace tidegate::storage
