// How our processes reach each other.
#ifndef TIDEGATE_PROTO_GRPC_CHANNEL_H_
#define TIDEGATE_PROTO_GRPC_CHANNEL_H_

#include <grpcpp/channel.h>

#include <chrono>
#include <memory>
#include <string>

namespace tidegate::rpc {

// The largest message either side takes. Everything but a push is cut into pieces of about a
// megabyte; a push comes whole, compressed, with a limit per tenant that is far lower by default.
inline constexpr int kMaxMessageBytes = 192 << 20;
// All metadata of a call, in either direction: the texts of errors above all, which take three
// bytes for one that is not printable.
inline constexpr int kMaxMetadataBytes = 32 << 10;
// Either side pings the other while calls run, and ends them when it does not answer: a machine
// that lost its power does not close its connections.
inline constexpr std::chrono::milliseconds kKeepAliveTime(10000);
inline constexpr std::chrono::milliseconds kKeepAliveTimeout(5000);

// A channel to host:port. Connects at the first call. Calls fail at once with Unavailable while
// connections are refused, and within a second while the peer's machine does not answer at all; it
// reconnects by itself, backing off to at most two seconds.
std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address);

}  // namespace tidegate::rpc

#endif  // TIDEGATE_PROTO_GRPC_CHANNEL_H_
