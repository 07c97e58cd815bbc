// absl::Status over the wire: the codes are the same ones, number by number.
#ifndef TIDEGATE_PROTO_GRPC_RPC_STATUS_H_
#define TIDEGATE_PROTO_GRPC_RPC_STATUS_H_

#include <grpcpp/support/status.h>

#include <cstddef>
#include <string_view>

#include "absl/status/status.h"

namespace tidegate::rpc {

// A longer text is cut, between characters: a status travels as call metadata, which is bounded
// (kMaxMetadataBytes in channel.h), and a status that does not fit would lose its code as well.
inline constexpr size_t kMaxStatusTextBytes = 8 << 10;

grpc::Status ToGrpc(const absl::Status& status);
// A code that is none becomes Unknown.
absl::Status FromGrpc(const grpc::Status& status);

// What a caller should make of the status that a call to `peer` ended with. The peer's name goes in
// front of an Unavailable text, so that an operator reads which process is away; a peer without a
// free thread is Unavailable too, whereas ResourceExhausted is what its services said; all other
// statuses come through unchanged.
absl::Status FromPeer(std::string_view peer, const grpc::Status& status);

}  // namespace tidegate::rpc

#endif  // TIDEGATE_PROTO_GRPC_RPC_STATUS_H_
