#include "storage/grpc/store_admin_service.h"

#include <utility>
#include <vector>

#include "proto/grpc/incoming_call.h"
#include "proto/grpc/rpc_status.h"
#include "proto/wire/matchers.h"

namespace tidegate::storage {

grpc::Status StoreAdminService::Delete(grpc::ServerContext* call, const v1::DeleteRequest* request,
                                       v1::DeleteResponse*) {
  const rpc::IncomingCall incoming(call, watcher_);
  std::vector<Deletion> deletions;
  for (const v1::Deletion& message : request->deletions()) {
    auto matchers = wire::FromWire(message.matchers());
    if (!matchers.ok()) return rpc::ToGrpc(matchers.status());
    deletions.push_back({*std::move(matchers), wire::FromWire(message.range())});
  }
  return rpc::ToGrpc(admin_->Delete(incoming.context(), deletions));
}

grpc::Status StoreAdminService::CleanTombstones(grpc::ServerContext* call,
                                                const v1::CleanTombstonesRequest*,
                                                v1::CleanTombstonesResponse*) {
  const rpc::IncomingCall incoming(call, watcher_);
  return rpc::ToGrpc(admin_->CleanTombstones(incoming.context()));
}

grpc::Status StoreAdminService::Snapshot(grpc::ServerContext* call, const v1::SnapshotRequest*,
                                         v1::SnapshotResponse* response) {
  const rpc::IncomingCall incoming(call, watcher_);
  absl::StatusOr<std::string> name = admin_->Snapshot(incoming.context());
  if (!name.ok()) return rpc::ToGrpc(name.status());
  response->set_name(*std::move(name));
  return grpc::Status::OK;
}

}  // namespace tidegate::storage
