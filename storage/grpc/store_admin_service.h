// Serves a StoreAdmin over gRPC.
#ifndef TIDEGATE_STORAGE_GRPC_STORE_ADMIN_SERVICE_H_
#define TIDEGATE_STORAGE_GRPC_STORE_ADMIN_SERVICE_H_

#include <grpcpp/server_context.h>

#include "proto/grpc/call_watcher.h"
#include "proto/tidegate/store.grpc.pb.h"
#include "storage/store_admin.h"

namespace tidegate::storage {

// An adapter. Admin and watcher must outlive it. Thread safe.
class StoreAdminService final : public v1::StoreAdmin::Service {
 public:
  StoreAdminService(StoreAdmin* admin, rpc::CallWatcher* watcher)
      : admin_(admin), watcher_(watcher) {}

  grpc::Status Delete(grpc::ServerContext* call, const v1::DeleteRequest* request,
                      v1::DeleteResponse* response) override;
  grpc::Status DeleteLogs(grpc::ServerContext* call, const v1::DeleteLogsRequest* request,
                          v1::DeleteLogsResponse* response) override;
  grpc::Status LogDeletions(grpc::ServerContext* call, const v1::LogDeletionsRequest* request,
                            v1::LogDeletionsResponse* response) override;
  grpc::Status CancelLogDeletion(grpc::ServerContext* call,
                                 const v1::CancelLogDeletionRequest* request,
                                 v1::CancelLogDeletionResponse* response) override;
  grpc::Status CleanTombstones(grpc::ServerContext* call, const v1::CleanTombstonesRequest* request,
                               v1::CleanTombstonesResponse* response) override;
  grpc::Status Snapshot(grpc::ServerContext* call, const v1::SnapshotRequest* request,
                        v1::SnapshotResponse* response) override;

 private:
  StoreAdmin* const admin_;
  rpc::CallWatcher* const watcher_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_GRPC_STORE_ADMIN_SERVICE_H_
