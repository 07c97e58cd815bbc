// The documents of a store in another process.
#ifndef TIDEGATE_STORAGE_GRPC_DOCUMENTS_CLIENT_H_
#define TIDEGATE_STORAGE_GRPC_DOCUMENTS_CLIENT_H_

#include <grpcpp/channel.h>

#include <memory>
#include <string_view>
#include <vector>

#include "proto/tidegate/store.grpc.pb.h"
#include "storage/documents.h"

namespace tidegate::storage {

// Unavailable while the store is away; a call gives up after ten seconds. Thread safe.
class DocumentsClient final : public Documents {
 public:
  explicit DocumentsClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(v1::Documents::NewStub(channel)) {}

  absl::StatusOr<Document> Get(std::string_view key) override;
  absl::StatusOr<std::vector<Document>> List(std::string_view prefix, std::string_view after,
                                             size_t limit) override;
  absl::Status Commit(const std::vector<DocumentWrite>& writes) override;

 private:
  std::unique_ptr<v1::Documents::Stub> stub_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_GRPC_DOCUMENTS_CLIENT_H_
