// How our processes reach each other.
#ifndef TIDEGATE_PROTO_GRPC_CHANNEL_H_
#define TIDEGATE_PROTO_GRPC_CHANNEL_H_

#include <grpcpp/channel.h>

#include <chrono>
#include <memory>
#include <string>

#include "proto/grpc/transport_security.h"

namespace tidegate::rpc {

// The largest message either side takes. Everything but a push is cut into pieces of about a
// megabyte; a push comes whole, compressed, with a limit per tenant that is far lower by default.
inline constexpr int kMaxMessageBytes = 192 << 20;
// All metadata of a call, in either direction: the texts of errors above all, which take three
// bytes for one that is not printable.
inline constexpr int kMaxMetadataBytes = 32 << 10;
// What the sender of a stream may have under way before the receiver reads: more than a message of
// ours, and little enough to be held for every call. Fixed on both sides: with the windows that
// gRPC 1.51 estimates by itself (BDP probes), a receiver that only reads sometimes forgets to open
// its window, and the stream stands still until the next keep-alive ping
// (hand_over_contract_test repeats a transfer that did).
inline constexpr int kStreamWindowBytes = 2 << 20;
// Either side pings the other while calls run, and ends them when it does not answer: a machine
// that lost its power does not close its connections.
inline constexpr std::chrono::milliseconds kKeepAliveTime(10000);
inline constexpr std::chrono::milliseconds kKeepAliveTimeout(5000);

// Behind a name that has several addresses a client learns of new ones when a connection ends: the
// server ends each after so long. Calls that run on it go on.
inline constexpr std::chrono::milliseconds kMaxConnectionAge(300000);

// A channel to host:port; all addresses of the host are asked, in turn. Connects at the first call.
// Calls fail at once with Unavailable while connections are refused, and within a second while the
// peer's machine does not answer at all; it reconnects by itself, backing off to at most two
// seconds.
std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address,
                                           const TransportSecurity& security = {});

}  // namespace tidegate::rpc

#endif  // TIDEGATE_PROTO_GRPC_CHANNEL_H_
