#include "storage/grpc/documents_client.h"

#include <chrono>
#include <string>
#include <utility>

#include "proto/grpc/rpc_status.h"

namespace tidegate::storage {
namespace {

constexpr char kPeer[] = "store";
constexpr std::chrono::seconds kTimeout(10);

void SetTimeout(grpc::ClientContext* call) {
  call->set_deadline(std::chrono::system_clock::now() + kTimeout);
}

}  // namespace

absl::StatusOr<Document> DocumentsClient::Get(std::string_view key) {
  grpc::ClientContext call;
  SetTimeout(&call);
  v1::GetDocumentRequest request;
  request.set_key(std::string(key));
  v1::Document response;
  const grpc::Status status = stub_->Get(&call, request, &response);
  if (!status.ok()) return rpc::FromPeer(kPeer, status);
  return Document{response.key(), response.value(), response.version()};
}

absl::StatusOr<std::vector<Document>> DocumentsClient::List(std::string_view prefix,
                                                            std::string_view after, size_t limit) {
  grpc::ClientContext call;
  SetTimeout(&call);
  v1::ListDocumentsRequest request;
  request.set_prefix(std::string(prefix));
  request.set_after(std::string(after));
  request.set_limit(limit);
  const auto reader = stub_->List(&call, request);
  std::vector<Document> documents;
  v1::ListDocumentsResponse response;
  while (reader->Read(&response)) {
    for (v1::Document& message : *response.mutable_documents()) {
      documents.push_back({std::move(*message.mutable_key()), std::move(*message.mutable_value()),
                           message.version()});
    }
  }
  if (const grpc::Status status = reader->Finish(); !status.ok()) {
    return rpc::FromPeer(kPeer, status);
  }
  return documents;
}

absl::Status DocumentsClient::Commit(const std::vector<DocumentWrite>& writes) {
  grpc::ClientContext call;
  SetTimeout(&call);
  v1::CommitDocumentsRequest request;
  for (const DocumentWrite& write : writes) {
    v1::DocumentWrite* message = request.add_writes();
    message->set_key(write.key);
    if (write.value.has_value()) message->set_value(*write.value);
    if (write.expected_version.has_value()) {
      message->set_expected_version(*write.expected_version);
    }
  }
  v1::CommitDocumentsResponse response;
  return rpc::FromPeer(kPeer, stub_->Commit(&call, request, &response));
}

}  // namespace tidegate::storage
