#include "storage/grpc/store_service.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "proto/grpc/batch_writer.h"
#include "proto/grpc/incoming_call.h"
#include "proto/grpc/rpc_status.h"
#include "proto/wire/matchers.h"
#include "proto/wire/points.h"

namespace tidegate::storage {
namespace {

absl::Status OutOfOrder() {
  return absl::InvalidArgumentError("the parts of a hand-over came in the wrong order");
}

// Puts the parts of one hand-over together. Nothing is committed unless the stream says so.
class HandOverReceiver {
 public:
  explicit HandOverReceiver(std::unique_ptr<HandOver> hand_over)
      : hand_over_(std::move(hand_over)) {}

  absl::Status Add(v1::HandOverMessage message) {
    switch (message.part_case()) {
      case v1::HandOverMessage::kSegment:
        return StartSegment(message.segment());
      case v1::HandOverMessage::kPages:
        return AddPages(message.mutable_pages());
      case v1::HandOverMessage::kCommit:
        return Commit();
      case v1::HandOverMessage::kStart:
      case v1::HandOverMessage::PART_NOT_SET:
        break;
    }
    return OutOfOrder();
  }

  bool committed() const { return committed_; }

 private:
  absl::Status StartSegment(const v1::SegmentStart& start) {
    if (absl::Status status = PassOnSegment(); !status.ok()) return status;
    segment_.emplace();
    segment_->partition = {start.partition_begin(), start.partition_duration()};
    segment_->tenant = start.tenant();
    segment_->range = wire::FromWire(start.range());
    segment_->series = start.series();
    segment_->samples = start.samples();
    return absl::OkStatus();
  }

  absl::Status AddPages(v1::HandOverMessage::Pages* pages) {
    if (!segment_.has_value()) return OutOfOrder();
    for (v1::Page& piece : *pages->mutable_pages()) {
      if (!piece.continued()) {
        segment_->pages.emplace_back(std::move(*piece.mutable_key()),
                                     std::move(*piece.mutable_value()));
      } else if (!segment_->pages.empty()) {
        segment_->pages.back().second += piece.value();
      } else {
        return OutOfOrder();
      }
    }
    return absl::OkStatus();
  }

  absl::Status PassOnSegment() {
    if (committed_) return OutOfOrder();
    if (!segment_.has_value()) return absl::OkStatus();
    SealedSegment segment = *std::move(segment_);
    segment_.reset();
    return hand_over_->Add(std::move(segment));
  }

  absl::Status Commit() {
    if (absl::Status status = PassOnSegment(); !status.ok()) return status;
    absl::Status status = hand_over_->Commit();
    committed_ = status.ok();
    return status;
  }

  std::unique_ptr<HandOver> hand_over_;
  std::optional<SealedSegment> segment_;
  bool committed_ = false;
};

}  // namespace

grpc::Status StoreService::HandOver(
    grpc::ServerContext* call,
    grpc::ServerReaderWriter<v1::HandOverResponse, v1::HandOverMessage>* stream) {
  const rpc::IncomingCall incoming(call, watcher_);
  v1::HandOverMessage message;
  if (!stream->Read(&message) || !message.has_start()) return rpc::ToGrpc(OutOfOrder());
  auto hand_over = store_->StartHandOver(incoming.context(), message.start().producer(),
                                         LogPosition{message.start().position()});
  if (!hand_over.ok()) return rpc::ToGrpc(hand_over.status());
  stream->Write(v1::HandOverResponse());
  HandOverReceiver receiver(*std::move(hand_over));
  while (!receiver.committed()) {
    if (!stream->Read(&message)) {
      return rpc::ToGrpc(absl::AbortedError("the hand-over ended before its commit"));
    }
    absl::Status status = receiver.Add(std::move(message));
    if (!status.ok()) return rpc::ToGrpc(status);
    message.Clear();
  }
  stream->Write(v1::HandOverResponse());
  return grpc::Status::OK;
}

grpc::Status StoreService::RegisterProducer(grpc::ServerContext* call,
                                            const v1::RegisterProducerRequest* request,
                                            v1::RegisterProducerResponse* response) {
  const rpc::IncomingCall incoming(call, watcher_);
  const auto committed =
      store_->RegisterProducer(incoming.context(), request->producer(),
                               {request->predecessors().begin(), request->predecessors().end()});
  if (!committed.ok()) return rpc::ToGrpc(committed.status());
  response->set_committed(committed->value);
  return grpc::Status::OK;
}

grpc::Status StoreService::PutMetadata(grpc::ServerContext* call,
                                       const v1::PutMetadataRequest* request,
                                       v1::PutMetadataResponse*) {
  const rpc::IncomingCall incoming(call, watcher_);
  std::vector<TenantMetadata> metadata;
  for (const v1::MetricMetadata& message : request->metadata()) {
    metadata.push_back({message.tenant(), wire::FromWire(message)});
  }
  return rpc::ToGrpc(store_->PutMetadata(incoming.context(), metadata));
}

grpc::Status StoreService::Metadata(grpc::ServerContext* call, const v1::MetadataRequest* request,
                                    v1::MetadataResponse* response) {
  const rpc::IncomingCall incoming(call, watcher_);
  const auto metadata = store_->Metadata(incoming.context(), request->metric_family());
  if (!metadata.ok()) return rpc::ToGrpc(metadata.status());
  for (const model::MetricMetadata& one : *metadata) {
    wire::ToWire(one, response->add_metadata());
  }
  return grpc::Status::OK;
}

grpc::Status DocumentsService::Get(grpc::ServerContext*, const v1::GetDocumentRequest* request,
                                   v1::Document* response) {
  absl::StatusOr<Document> document = documents_->Get(request->key());
  if (!document.ok()) return rpc::ToGrpc(document.status());
  response->set_key(std::move(document->key));
  response->set_value(std::move(document->value));
  response->set_version(document->version);
  return grpc::Status::OK;
}

grpc::Status DocumentsService::List(grpc::ServerContext*, const v1::ListDocumentsRequest* request,
                                    grpc::ServerWriter<v1::ListDocumentsResponse>* writer) {
  auto documents = documents_->List(request->prefix(), request->after(), request->limit());
  if (!documents.ok()) return rpc::ToGrpc(documents.status());
  rpc::BatchWriter<v1::ListDocumentsResponse> batch(writer);
  for (Document& document : *documents) {
    const size_t bytes = document.key.size() + document.value.size();
    v1::Document* message = batch.message()->add_documents();
    message->set_key(std::move(document.key));
    message->set_value(std::move(document.value));
    message->set_version(document.version);
    if (absl::Status status = batch.Added(bytes); !status.ok()) return rpc::ToGrpc(status);
  }
  return rpc::ToGrpc(batch.Finish());
}

grpc::Status DocumentsService::Commit(grpc::ServerContext*,
                                      const v1::CommitDocumentsRequest* request,
                                      v1::CommitDocumentsResponse*) {
  std::vector<DocumentWrite> writes;
  for (const v1::DocumentWrite& message : request->writes()) {
    DocumentWrite write{message.key(), std::nullopt, std::nullopt};
    if (message.has_value()) write.value = message.value();
    if (message.has_expected_version()) write.expected_version = message.expected_version();
    writes.push_back(std::move(write));
  }
  return rpc::ToGrpc(documents_->Commit(writes));
}

}  // namespace tidegate::storage
