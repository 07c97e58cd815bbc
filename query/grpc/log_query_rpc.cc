#include "query/grpc/log_query_rpc.h"

#include <string>
#include <utility>
#include <vector>

#include "proto/grpc/batch_writer.h"
#include "proto/grpc/incoming_call.h"
#include "proto/grpc/rpc_status.h"
#include "query/grpc/log_query_messages.h"

namespace tidegate::query {
namespace {

// What a message holds beside the bytes of an item, about.
constexpr size_t kItemBytes = 16;

grpc::Status Write(const absl::StatusOr<LogQueryResult>& result,
                   grpc::ServerWriter<v1::LogQueryResponse>* writer) {
  if (!result.ok()) return rpc::ToGrpc(result.status());
  bool written = true;
  ToMessages(*result, [&](const v1::LogQueryResponse& message) {
    written = writer->Write(message);
    return written;
  });
  return rpc::ToGrpc(written ? absl::OkStatus() : absl::CancelledError("the client has gone away"));
}

std::string ItemOf(const std::string& text) { return text; }
std::string ItemOf(const model::Labels& labels) { return std::string(labels.bytes()); }

template <typename Item>
grpc::Status Write(const absl::StatusOr<std::vector<Item>>& items,
                   grpc::ServerWriter<v1::LogItems>* writer) {
  if (!items.ok()) return rpc::ToGrpc(items.status());
  rpc::BatchWriter<v1::LogItems> batch(writer);
  for (const Item& item : *items) {
    batch.message()->add_items(ItemOf(item));
    const size_t bytes = batch.message()->items(batch.message()->items_size() - 1).size();
    if (absl::Status status = batch.Added(bytes + kItemBytes); !status.ok()) {
      return rpc::ToGrpc(status);
    }
  }
  return rpc::ToGrpc(batch.Finish());
}

}  // namespace

grpc::Status LogQueryRpc::Instant(grpc::ServerContext* call, const v1::LogInstantRequest* request,
                                  grpc::ServerWriter<v1::LogQueryResponse>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  return Write(service_->Instant(incoming.context(), FromWire(*request)), writer);
}

grpc::Status LogQueryRpc::Range(grpc::ServerContext* call, const v1::LogRangeRequest* request,
                                grpc::ServerWriter<v1::LogQueryResponse>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  return Write(service_->Range(incoming.context(), FromWire(*request)), writer);
}

grpc::Status LogQueryRpc::LabelNames(grpc::ServerContext* call, const v1::LogLabelRequest* request,
                                     grpc::ServerWriter<v1::LogItems>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  return Write(service_->LabelNames(incoming.context(), FromWire(*request)), writer);
}

grpc::Status LogQueryRpc::LabelValues(grpc::ServerContext* call, const v1::LogLabelRequest* request,
                                      grpc::ServerWriter<v1::LogItems>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  return Write(service_->LabelValues(incoming.context(), request->name(), FromWire(*request)),
               writer);
}

grpc::Status LogQueryRpc::Series(grpc::ServerContext* call, const v1::LogLabelRequest* request,
                                 grpc::ServerWriter<v1::LogItems>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  return Write(service_->Series(incoming.context(), FromWire(*request)), writer);
}

grpc::Status LogQueryRpc::IndexStats(grpc::ServerContext* call,
                                     const v1::LogSelectorRequest* request,
                                     v1::LogIndexStats* response) {
  const rpc::IncomingCall incoming(call, watcher_);
  const auto stats =
      service_->IndexStats(incoming.context(), request->text(), FromWire(request->range()));
  if (!stats.ok()) return rpc::ToGrpc(stats.status());
  response->set_streams(stats->streams);
  response->set_chunks(stats->chunks);
  response->set_bytes(stats->bytes);
  response->set_entries(stats->entries);
  return grpc::Status::OK;
}

grpc::Status LogQueryRpc::Volume(grpc::ServerContext* call, const v1::LogVolumeRequest* request,
                                 grpc::ServerWriter<v1::LogQueryResponse>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  return Write(service_->Volume(incoming.context(), FromWire(*request)), writer);
}

grpc::Status LogQueryRpc::DetectedLabels(grpc::ServerContext* call,
                                         const v1::LogSelectorRequest* request,
                                         v1::DetectedLabelList* response) {
  const rpc::IncomingCall incoming(call, watcher_);
  const auto labels =
      service_->DetectedLabels(incoming.context(), request->text(), FromWire(request->range()));
  if (!labels.ok()) return rpc::ToGrpc(labels.status());
  for (const DetectedLabel& label : *labels) {
    v1::DetectedLabelList::Label* const message = response->add_labels();
    message->set_label(label.label);
    message->set_cardinality(label.cardinality);
  }
  return grpc::Status::OK;
}

grpc::Status LogQueryRpc::DetectedFields(grpc::ServerContext* call,
                                         const v1::DetectedFieldsRequest* request,
                                         v1::DetectedFieldList* response) {
  const rpc::IncomingCall incoming(call, watcher_);
  const auto fields = service_->DetectedFields(incoming.context(), FromWire(*request));
  if (!fields.ok()) return rpc::ToGrpc(fields.status());
  ToWire(*fields, response);
  return grpc::Status::OK;
}

grpc::Status LogQueryRpc::DetectedFieldValues(grpc::ServerContext* call,
                                              const v1::DetectedFieldsRequest* request,
                                              grpc::ServerWriter<v1::LogItems>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  return Write(
      service_->DetectedFieldValues(incoming.context(), request->field(), FromWire(*request)),
      writer);
}

grpc::Status LogQueryRpc::Patterns(grpc::ServerContext* call, const v1::LogSelectorRequest* request,
                                   v1::LogPatterns* response) {
  const rpc::IncomingCall incoming(call, watcher_);
  const auto patterns = service_->Patterns(incoming.context(), request->text(),
                                           FromWire(request->range()), request->step_ns());
  if (!patterns.ok()) return rpc::ToGrpc(patterns.status());
  ToWire(*patterns, response);
  return grpc::Status::OK;
}

grpc::Status LogQueryRpc::FormatQuery(grpc::ServerContext* call, const v1::QueryText* request,
                                      v1::QueryText* response) {
  const rpc::IncomingCall incoming(call, watcher_);
  absl::StatusOr<std::string> text = service_->FormatQuery(incoming.context(), request->text());
  if (!text.ok()) return rpc::ToGrpc(text.status());
  response->set_text(*std::move(text));
  return grpc::Status::OK;
}

}  // namespace tidegate::query
