#include "storage/grpc/store_admin_service.h"

#include <utility>
#include <vector>

#include "proto/grpc/incoming_call.h"
#include "proto/grpc/rpc_status.h"
#include "proto/wire/matchers.h"
#include "storage/grpc/log_messages.h"

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

grpc::Status StoreAdminService::DeleteLogs(grpc::ServerContext* call,
                                           const v1::DeleteLogsRequest* request,
                                           v1::DeleteLogsResponse* response) {
  const rpc::IncomingCall incoming(call, watcher_);
  auto entries = FromWire(request->entries());
  if (!entries.ok()) return rpc::ToGrpc(entries.status());
  auto id = admin_->DeleteLogs(incoming.context(), {.matchers = std::move(entries->matchers),
                                                    .range = wire::FromWire(request->range()),
                                                    .tests = std::move(entries->tests),
                                                    .query = request->query(),
                                                    .created_at = request->created_at_ms(),
                                                    .final_at = request->final_at_ms()});
  if (!id.ok()) return rpc::ToGrpc(id.status());
  response->set_id(*std::move(id));
  return grpc::Status::OK;
}

grpc::Status StoreAdminService::LogDeletions(grpc::ServerContext* call,
                                             const v1::LogDeletionsRequest*,
                                             v1::LogDeletionsResponse* response) {
  const rpc::IncomingCall incoming(call, watcher_);
  auto records = admin_->LogDeletions(incoming.context());
  if (!records.ok()) return rpc::ToGrpc(records.status());
  for (LogDeletionRecord& record : *records) {
    v1::LogDeletionRecord* const message = response->add_deletions();
    message->set_id(std::move(record.id));
    message->set_query(std::move(record.query));
    wire::ToWire(record.range, message->mutable_range());
    message->set_created_at_ms(record.created_at);
    message->set_final_at_ms(record.final_at);
  }
  return grpc::Status::OK;
}

grpc::Status StoreAdminService::CancelLogDeletion(grpc::ServerContext* call,
                                                  const v1::CancelLogDeletionRequest* request,
                                                  v1::CancelLogDeletionResponse*) {
  const rpc::IncomingCall incoming(call, watcher_);
  return rpc::ToGrpc(admin_->CancelLogDeletion(incoming.context(), request->id()));
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
