#include "storage/grpc/store_admin_client.h"

#include <string>
#include <utility>
#include <vector>

#include "proto/grpc/outgoing_call.h"
#include "proto/tidegate/store.grpc.pb.h"
#include "proto/wire/matchers.h"
#include "storage/grpc/log_messages.h"

namespace tidegate::storage {
namespace {

constexpr char kPeer[] = "store";

class StoreAdminClient final : public StoreAdmin {
 public:
  StoreAdminClient(const std::shared_ptr<grpc::Channel>& channel, rpc::CallWatcher* watcher)
      : stub_(v1::StoreAdmin::NewStub(channel)), watcher_(watcher) {}

  absl::Status Delete(const model::RequestContext& context,
                      const std::vector<Deletion>& deletions) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::DeleteRequest request;
    for (const Deletion& deletion : deletions) {
      v1::Deletion* const message = request.add_deletions();
      wire::ToWire(deletion.matchers, message->mutable_matchers());
      wire::ToWire(deletion.range, message->mutable_range());
    }
    v1::DeleteResponse response;
    return call.Outcome(stub_->Delete(call.grpc(), request, &response));
  }

  absl::StatusOr<std::string> DeleteLogs(const model::RequestContext& context,
                                         const LogDeletion& deletion) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    LogSelection entries;
    entries.matchers = deletion.matchers;
    entries.tests = deletion.tests;
    v1::DeleteLogsRequest request;
    ToWire(entries, request.mutable_entries());
    wire::ToWire(deletion.range, request.mutable_range());
    request.set_query(deletion.query);
    request.set_created_at_ms(deletion.created_at);
    request.set_final_at_ms(deletion.final_at);
    v1::DeleteLogsResponse response;
    const grpc::Status status = stub_->DeleteLogs(call.grpc(), request, &response);
    if (!status.ok()) return call.Outcome(status);
    return std::move(*response.mutable_id());
  }

  absl::StatusOr<std::vector<LogDeletionRecord>> LogDeletions(
      const model::RequestContext& context) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::LogDeletionsResponse response;
    const grpc::Status status = stub_->LogDeletions(call.grpc(), {}, &response);
    if (!status.ok()) return call.Outcome(status);
    std::vector<LogDeletionRecord> records;
    for (const v1::LogDeletionRecord& message : response.deletions()) {
      records.push_back({.id = message.id(),
                         .query = message.query(),
                         .range = wire::FromWire(message.range()),
                         .created_at = message.created_at_ms(),
                         .final_at = message.final_at_ms()});
    }
    return records;
  }

  absl::Status CancelLogDeletion(const model::RequestContext& context,
                                 const std::string& id) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::CancelLogDeletionRequest request;
    request.set_id(id);
    v1::CancelLogDeletionResponse response;
    return call.Outcome(stub_->CancelLogDeletion(call.grpc(), request, &response));
  }

  absl::Status CleanTombstones(const model::RequestContext& context) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::CleanTombstonesResponse response;
    return call.Outcome(stub_->CleanTombstones(call.grpc(), {}, &response));
  }

  absl::StatusOr<std::string> Snapshot(const model::RequestContext& context) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::SnapshotResponse response;
    const grpc::Status status = stub_->Snapshot(call.grpc(), {}, &response);
    if (!status.ok()) return call.Outcome(status);
    return std::move(*response.mutable_name());
  }

 private:
  const std::unique_ptr<v1::StoreAdmin::Stub> stub_;
  rpc::CallWatcher* const watcher_;
};

}  // namespace

std::unique_ptr<StoreAdmin> ConnectStoreAdmin(const std::shared_ptr<grpc::Channel>& channel,
                                              rpc::CallWatcher* watcher) {
  return std::make_unique<StoreAdminClient>(channel, watcher);
}

}  // namespace tidegate::storage
