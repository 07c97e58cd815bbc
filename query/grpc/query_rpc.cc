#include "query/grpc/query_rpc.h"

#include <string>
#include <utility>

#include "proto/grpc/call_context.h"
#include "proto/grpc/rpc_status.h"
#include "proto/wire/matchers.h"
#include "proto/wire/points.h"
#include "query/grpc/query_messages.h"

namespace tidegate::query {
namespace {

// Label sets in one message of a series answer.
constexpr int kSeriesPerMessage = 1000;

grpc::Status Write(const absl::StatusOr<QueryResult>& result,
                   grpc::ServerWriter<v1::QueryResponse>* writer) {
  if (!result.ok()) return rpc::ToGrpc(result.status());
  bool written = true;
  ToMessages(*result, [&](const v1::QueryResponse& message) {
    written = writer->Write(message);
    return written;
  });
  return rpc::ToGrpc(written ? absl::OkStatus() : absl::CancelledError("the client has gone away"));
}

grpc::Status Fill(absl::StatusOr<StringsResult> result, v1::StringsResponse* response) {
  if (!result.ok()) return rpc::ToGrpc(result.status());
  response->mutable_values()->Add(result->values.begin(), result->values.end());
  response->set_truncated(result->truncated);
  return grpc::Status::OK;
}

}  // namespace

grpc::Status QueryRpc::Instant(grpc::ServerContext* call, const v1::InstantQueryRequest* request,
                               grpc::ServerWriter<v1::QueryResponse>* writer) {
  const model::RequestContext context = rpc::ContextOf(*call);
  const auto watch = watcher_->WatchIncoming(context, call);
  return Write(service_->Instant(context, {request->query(), request->time(),
                                           request->lookback_ms(), request->limit()}),
               writer);
}

grpc::Status QueryRpc::Range(grpc::ServerContext* call, const v1::RangeQueryRequest* request,
                             grpc::ServerWriter<v1::QueryResponse>* writer) {
  const model::RequestContext context = rpc::ContextOf(*call);
  const auto watch = watcher_->WatchIncoming(context, call);
  return Write(
      service_->Range(context, {request->query(), request->start(), request->end(),
                                request->step_ms(), request->lookback_ms(), request->limit()}),
      writer);
}

grpc::Status QueryRpc::Series(grpc::ServerContext* call, const v1::MatchRequest* request,
                              grpc::ServerWriter<v1::SeriesResponse>* writer) {
  const model::RequestContext context = rpc::ContextOf(*call);
  const auto watch = watcher_->WatchIncoming(context, call);
  const absl::StatusOr<LabelsResult> result = service_->Series(context, FromWire(*request));
  if (!result.ok()) return rpc::ToGrpc(result.status());
  v1::SeriesResponse message;
  for (const model::Labels& labels : result->series) {
    message.add_labels(std::string(labels.bytes()));
    if (message.labels_size() < kSeriesPerMessage) continue;
    if (!writer->Write(message)) return grpc::Status::CANCELLED;
    message.Clear();
  }
  message.set_truncated(result->truncated);
  return writer->Write(message) ? grpc::Status::OK : grpc::Status::CANCELLED;
}

grpc::Status QueryRpc::LabelNames(grpc::ServerContext* call, const v1::MatchRequest* request,
                                  v1::StringsResponse* response) {
  const model::RequestContext context = rpc::ContextOf(*call);
  const auto watch = watcher_->WatchIncoming(context, call);
  return Fill(service_->LabelNames(context, FromWire(*request)), response);
}

grpc::Status QueryRpc::LabelValues(grpc::ServerContext* call,
                                   const v1::MatchLabelValuesRequest* request,
                                   v1::StringsResponse* response) {
  const model::RequestContext context = rpc::ContextOf(*call);
  const auto watch = watcher_->WatchIncoming(context, call);
  return Fill(service_->LabelValues(context, request->name(), FromWire(request->match())),
              response);
}

grpc::Status QueryRpc::Exemplars(grpc::ServerContext* call, const v1::ExemplarQueryRequest* request,
                                 grpc::ServerWriter<v1::ExemplarSeries>* writer) {
  const model::RequestContext context = rpc::ContextOf(*call);
  const auto watch = watcher_->WatchIncoming(context, call);
  const auto result =
      service_->Exemplars(context, request->query(), wire::FromWire(request->range()));
  if (!result.ok()) return rpc::ToGrpc(result.status());
  for (const storage::SelectedExemplars& series : *result) {
    v1::ExemplarSeries message;
    message.set_labels(std::string(series.labels.bytes()));
    for (const model::Exemplar& exemplar : series.exemplars) {
      wire::ToWire(exemplar, message.add_exemplars());
    }
    if (!writer->Write(message)) return grpc::Status::CANCELLED;
  }
  return grpc::Status::OK;
}

grpc::Status QueryRpc::FormatQuery(grpc::ServerContext* call, const v1::QueryText* request,
                                   v1::QueryText* response) {
  absl::StatusOr<std::string> text = service_->FormatQuery(rpc::ContextOf(*call), request->text());
  if (!text.ok()) return rpc::ToGrpc(text.status());
  response->set_text(*std::move(text));
  return grpc::Status::OK;
}

grpc::Status QueryRpc::ParseQuery(grpc::ServerContext* call, const v1::QueryText* request,
                                  v1::QueryText* response) {
  absl::StatusOr<std::string> text = service_->ParseQuery(rpc::ContextOf(*call), request->text());
  if (!text.ok()) return rpc::ToGrpc(text.status());
  response->set_text(*std::move(text));
  return grpc::Status::OK;
}

}  // namespace tidegate::query
