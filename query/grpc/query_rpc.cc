#include "query/grpc/query_rpc.h"

#include <algorithm>
#include <string>
#include <utility>

#include "proto/grpc/batch_writer.h"
#include "proto/grpc/incoming_call.h"
#include "proto/grpc/rpc_status.h"
#include "proto/wire/matchers.h"
#include "proto/wire/points.h"
#include "query/grpc/query_messages.h"

namespace tidegate::query {
namespace {

// What a message holds beside the bytes of an item, about.
constexpr size_t kItemBytes = 16;
// An exemplar is small: its labels have 128 characters at most.
constexpr size_t kExemplarsPerMessage = 2048;

absl::Status ClientGone() { return absl::CancelledError("the client has gone away"); }

grpc::Status Write(const absl::StatusOr<QueryResult>& result,
                   grpc::ServerWriter<v1::QueryResponse>* writer) {
  if (!result.ok()) return rpc::ToGrpc(result.status());
  bool written = true;
  ToMessages(*result, [&](const v1::QueryResponse& message) {
    written = writer->Write(message);
    return written;
  });
  return rpc::ToGrpc(written ? absl::OkStatus() : ClientGone());
}

// Strings or label sets in messages; the last one, which may hold nothing else, tells whether the
// answer is cut.
template <typename Message, typename Items, typename AddFn>
grpc::Status WriteBatches(const Items& items, bool truncated, AddFn add_fn,
                          grpc::ServerWriter<Message>* writer) {
  rpc::BatchWriter<Message> batch(writer);
  for (const auto& item : items) {
    absl::Status status = batch.Added(add_fn(item, batch.message()) + kItemBytes);
    if (!status.ok()) return rpc::ToGrpc(status);
  }
  batch.message()->set_truncated(truncated);
  absl::Status status = batch.Added(kItemBytes);
  status.Update(batch.Finish());
  return rpc::ToGrpc(status);
}

grpc::Status Write(const absl::StatusOr<StringsResult>& result,
                   grpc::ServerWriter<v1::StringsResponse>* writer) {
  if (!result.ok()) return rpc::ToGrpc(result.status());
  return WriteBatches(
      result->values, result->truncated,
      [](const std::string& value, v1::StringsResponse* message) {
        message->add_values(value);
        return value.size();
      },
      writer);
}

grpc::Status Write(const absl::StatusOr<LabelsResult>& result,
                   grpc::ServerWriter<v1::SeriesResponse>* writer) {
  if (!result.ok()) return rpc::ToGrpc(result.status());
  return WriteBatches(
      result->series, result->truncated,
      [](const model::Labels& labels, v1::SeriesResponse* message) {
        message->add_labels(std::string(labels.bytes()));
        return labels.bytes().size();
      },
      writer);
}

absl::Status WriteExemplars(const storage::SelectedExemplars& series,
                            grpc::ServerWriter<v1::ExemplarSeries>* writer) {
  size_t at = 0;
  do {
    v1::ExemplarSeries piece;
    piece.set_labels(std::string(series.labels.bytes()));
    piece.set_continued(at > 0);
    const size_t end = std::min(series.exemplars.size(), at + kExemplarsPerMessage);
    for (; at < end; ++at) wire::ToWire(series.exemplars[at], piece.add_exemplars());
    if (!writer->Write(piece)) return ClientGone();
  } while (at < series.exemplars.size());
  return absl::OkStatus();
}

}  // namespace

grpc::Status QueryRpc::Instant(grpc::ServerContext* call, const v1::InstantQueryRequest* request,
                               grpc::ServerWriter<v1::QueryResponse>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  return Write(service_->Instant(incoming.context(),
                                 {request->query(), request->time(), request->lookback_ms(),
                                  request->limit(), request->count_steps()}),
               writer);
}

grpc::Status QueryRpc::Range(grpc::ServerContext* call, const v1::RangeQueryRequest* request,
                             grpc::ServerWriter<v1::QueryResponse>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  return Write(
      service_->Range(incoming.context(),
                      {request->query(), request->start(), request->end(), request->step_ms(),
                       request->lookback_ms(), request->limit(), request->count_steps()}),
      writer);
}

grpc::Status QueryRpc::Series(grpc::ServerContext* call, const v1::MatchRequest* request,
                              grpc::ServerWriter<v1::SeriesResponse>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  return Write(service_->Series(incoming.context(), FromWire(*request)), writer);
}

grpc::Status QueryRpc::LabelNames(grpc::ServerContext* call, const v1::MatchRequest* request,
                                  grpc::ServerWriter<v1::StringsResponse>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  return Write(service_->LabelNames(incoming.context(), FromWire(*request)), writer);
}

grpc::Status QueryRpc::LabelValues(grpc::ServerContext* call,
                                   const v1::MatchLabelValuesRequest* request,
                                   grpc::ServerWriter<v1::StringsResponse>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  return Write(
      service_->LabelValues(incoming.context(), request->name(), FromWire(request->match())),
      writer);
}

grpc::Status QueryRpc::Exemplars(grpc::ServerContext* call, const v1::ExemplarQueryRequest* request,
                                 grpc::ServerWriter<v1::ExemplarSeries>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  const auto result =
      service_->Exemplars(incoming.context(), request->query(), wire::FromWire(request->range()));
  if (!result.ok()) return rpc::ToGrpc(result.status());
  for (const storage::SelectedExemplars& series : *result) {
    if (absl::Status status = WriteExemplars(series, writer); !status.ok()) {
      return rpc::ToGrpc(status);
    }
  }
  return grpc::Status::OK;
}

grpc::Status QueryRpc::FormatQuery(grpc::ServerContext* call, const v1::QueryText* request,
                                   v1::QueryText* response) {
  const rpc::IncomingCall incoming(call, watcher_);
  absl::StatusOr<std::string> text = service_->FormatQuery(incoming.context(), request->text());
  if (!text.ok()) return rpc::ToGrpc(text.status());
  response->set_text(*std::move(text));
  return grpc::Status::OK;
}

grpc::Status QueryRpc::ParseQuery(grpc::ServerContext* call, const v1::QueryText* request,
                                  v1::QueryText* response) {
  const rpc::IncomingCall incoming(call, watcher_);
  absl::StatusOr<std::string> text = service_->ParseQuery(incoming.context(), request->text());
  if (!text.ok()) return rpc::ToGrpc(text.status());
  response->set_text(*std::move(text));
  return grpc::Status::OK;
}

}  // namespace tidegate::query
