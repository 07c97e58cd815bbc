// One call to a peer.
#ifndef TIDEGATE_PROTO_GRPC_OUTGOING_CALL_H_
#define TIDEGATE_PROTO_GRPC_OUTGOING_CALL_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/sync_stream.h>

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "model/request_context.h"
#include "proto/grpc/call_watcher.h"

namespace tidegate::rpc {

// Carries the context to the peer: tenant, request id and deadline when it is made, a cancellation
// as long as it lives. Owned by one thread; the watcher must outlive it.
class OutgoingCall {
 public:
  // `peer` is the name of the service there; it stands in front of Unavailable texts.
  OutgoingCall(std::string_view peer, const model::RequestContext& context, CallWatcher* watcher);

  grpc::ClientContext* grpc() { return &call_; }
  // Gives the call up; the peer hears of it.
  void Cancel() { call_.TryCancel(); }

  // How the call ended. Cancelled and DeadlineExceeded read as they do without a call in between
  // (RequestContext::Check) when they are the context's own. A call that the peer cancelled, as it
  // does when it stops, is Unavailable: nobody here has gone away.
  absl::Status Outcome(const grpc::Status& status) const;

  // Reads a stream to its end, each message through `message_fn`. Its first error cancels the call
  // and is returned as it is; otherwise the call's Outcome.
  template <typename Message, typename MessageFn>
  absl::Status ReadAll(grpc::ClientReader<Message>* reader, MessageFn message_fn) {
    Message message;
    absl::Status failed;
    while (failed.ok() && reader->Read(&message)) failed = message_fn(message);
    if (!failed.ok()) Cancel();
    const grpc::Status finished = reader->Finish();
    return failed.ok() ? Outcome(finished) : failed;
  }

 private:
  const std::string peer_;
  const model::RequestContext context_;
  grpc::ClientContext call_;
  CallWatcher::Registration watch_;
};

}  // namespace tidegate::rpc

#endif  // TIDEGATE_PROTO_GRPC_OUTGOING_CALL_H_
