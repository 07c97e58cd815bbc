// A RequestContext on its way through a call: tenant and request id as call metadata, the deadline
// as gRPC's own. Cancellation is carried by CallWatcher.
#ifndef TIDEGATE_PROTO_GRPC_CALL_CONTEXT_H_
#define TIDEGATE_PROTO_GRPC_CALL_CONTEXT_H_

#include <grpcpp/client_context.h>
#include <grpcpp/server_context.h>

#include <cstddef>

#include "model/request_context.h"

namespace tidegate::rpc {

// A longer request id is cut: a sender of pushes chooses it, and it must not fill the metadata.
inline constexpr size_t kMaxRequestIdBytes = 128;

// The tenant travels byte for byte; of the request id only what is printable ASCII, without blanks.
void AttachContext(const model::RequestContext& context, grpc::ClientContext* call);

// The context that the caller attached, with a cancellation flag of this process.
model::RequestContext ContextOf(const grpc::ServerContext& call);

}  // namespace tidegate::rpc

#endif  // TIDEGATE_PROTO_GRPC_CALL_CONTEXT_H_
