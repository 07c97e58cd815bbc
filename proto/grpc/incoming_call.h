// One call that is being served.
#ifndef TIDEGATE_PROTO_GRPC_INCOMING_CALL_H_
#define TIDEGATE_PROTO_GRPC_INCOMING_CALL_H_

#include <grpcpp/server_context.h>

#include "model/request_context.h"
#include "proto/grpc/call_context.h"
#include "proto/grpc/call_watcher.h"

namespace tidegate::rpc {

// Lives as long as the handler: its context is cancelled when the client cancels, goes away, or the
// server stops. Owned by the handler's thread; call and watcher must outlive it.
class IncomingCall {
 public:
  IncomingCall(grpc::ServerContext* call, CallWatcher* watcher)
      : context_(ContextOf(*call)), watch_(watcher->WatchIncoming(context_, call)) {}

  const model::RequestContext& context() const { return context_; }

 private:
  const model::RequestContext context_;
  const CallWatcher::Registration watch_;
};

}  // namespace tidegate::rpc

#endif  // TIDEGATE_PROTO_GRPC_INCOMING_CALL_H_
