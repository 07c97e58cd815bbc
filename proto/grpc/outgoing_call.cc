#include "proto/grpc/outgoing_call.h"

#include "proto/grpc/call_context.h"
#include "proto/grpc/rpc_status.h"

namespace tidegate::rpc {

OutgoingCall::OutgoingCall(std::string_view peer, const model::RequestContext& context,
                           CallWatcher* watcher)
    : peer_(peer),
      context_(context),
      watch_((AttachContext(context, &call_), watcher->WatchOutgoing(context, &call_))) {}

absl::Status OutgoingCall::Outcome(const grpc::Status& status) const {
  switch (status.error_code()) {
    case grpc::StatusCode::CANCELLED:
      if (context_.IsCancelled()) return context_.Check();
      return FromPeer(peer_, {grpc::StatusCode::UNAVAILABLE, "the call was given up there"});
    case grpc::StatusCode::DEADLINE_EXCEEDED: {
      const absl::Status own = context_.Check();
      return absl::IsDeadlineExceeded(own) ? own : FromPeer(peer_, status);
    }
    default:
      return FromPeer(peer_, status);
  }
}

}  // namespace tidegate::rpc
