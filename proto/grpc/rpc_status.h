// absl::Status over the wire: the codes are the same ones, number by number.
#ifndef TIDEGATE_PROTO_GRPC_RPC_STATUS_H_
#define TIDEGATE_PROTO_GRPC_RPC_STATUS_H_

#include <grpcpp/support/status.h>

#include <string_view>

#include "absl/status/status.h"

namespace tidegate::rpc {

grpc::Status ToGrpc(const absl::Status& status);
absl::Status FromGrpc(const grpc::Status& status);

// Puts the peer's name in front of an Unavailable text, so that an operator reads which process is
// away; other statuses come back as they are.
absl::Status WithPeer(std::string_view peer, const absl::Status& status);
inline absl::Status FromPeer(std::string_view peer, const grpc::Status& status) {
  return WithPeer(peer, FromGrpc(status));
}

}  // namespace tidegate::rpc

#endif  // TIDEGATE_PROTO_GRPC_RPC_STATUS_H_
