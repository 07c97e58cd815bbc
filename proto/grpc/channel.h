// How our processes reach each other.
#ifndef TIDEGATE_PROTO_GRPC_CHANNEL_H_
#define TIDEGATE_PROTO_GRPC_CHANNEL_H_

#include <grpcpp/channel.h>

#include <memory>
#include <string>

namespace tidegate::rpc {

// The largest message either side takes. Streams are cut into pieces far below it; what remains is
// a push body at its limit.
inline constexpr int kMaxMessageBytes = 192 << 20;

// A channel to host:port. Calls fail at once with Unavailable while the peer is away; it reconnects
// by itself, backing off to at most two seconds, and notices a dead peer by keep-alive pings.
std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address);

}  // namespace tidegate::rpc

#endif  // TIDEGATE_PROTO_GRPC_CHANNEL_H_
