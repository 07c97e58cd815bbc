// Serves a Store over gRPC: hand-overs, metadata and documents. SeriesSourceService serves the
// rest.
#ifndef TIDEGATE_STORAGE_GRPC_STORE_SERVICE_H_
#define TIDEGATE_STORAGE_GRPC_STORE_SERVICE_H_

#include <grpcpp/server_context.h>

#include "proto/grpc/call_watcher.h"
#include "proto/tidegate/store.grpc.pb.h"
#include "storage/store.h"

namespace tidegate::storage {

// Holds one segment of each hand-over in memory. Store and watcher must outlive it. Thread safe.
class StoreService final : public v1::Store::Service {
 public:
  StoreService(Store* store, rpc::CallWatcher* watcher) : store_(store), watcher_(watcher) {}

  grpc::Status HandOver(
      grpc::ServerContext* call,
      grpc::ServerReaderWriter<v1::HandOverResponse, v1::HandOverMessage>* stream) override;
  grpc::Status RegisterProducer(grpc::ServerContext* call,
                                const v1::RegisterProducerRequest* request,
                                v1::RegisterProducerResponse* response) override;
  grpc::Status PutMetadata(grpc::ServerContext* call, const v1::PutMetadataRequest* request,
                           v1::PutMetadataResponse* response) override;
  grpc::Status Metadata(grpc::ServerContext* call, const v1::MetadataRequest* request,
                        v1::MetadataResponse* response) override;

 private:
  Store* store_;
  rpc::CallWatcher* watcher_;
};

// The documents must outlive it. Thread safe.
class DocumentsService final : public v1::Documents::Service {
 public:
  explicit DocumentsService(Documents* documents) : documents_(documents) {}

  grpc::Status Get(grpc::ServerContext* call, const v1::GetDocumentRequest* request,
                   v1::Document* response) override;
  grpc::Status List(grpc::ServerContext* call, const v1::ListDocumentsRequest* request,
                    grpc::ServerWriter<v1::ListDocumentsResponse>* writer) override;
  grpc::Status Commit(grpc::ServerContext* call, const v1::CommitDocumentsRequest* request,
                      v1::CommitDocumentsResponse* response) override;

 private:
  Documents* documents_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_GRPC_STORE_SERVICE_H_
