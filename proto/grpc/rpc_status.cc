#include "proto/grpc/rpc_status.h"

#include <string>

#include "fmt/format.h"

namespace tidegate::rpc {
namespace {

// How gRPC's server refuses a call when all its threads are taken (server_test.cc takes them all).
constexpr std::string_view kNoThread = "Server Threadpool Exhausted";

// The front of `text` that fits, without a torn UTF-8 character at its end.
std::string_view Bounded(std::string_view text) {
  if (text.size() <= kMaxStatusTextBytes) return text;
  size_t size = kMaxStatusTextBytes;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const std::string_view text(status.message().data(), status.message().size());
  return {static_cast<grpc::StatusCode>(status.code()), std::string(Bounded(text))};
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const absl::Status converted(static_cast<absl::StatusCode>(status.error_code()),
                               status.error_message());
  return {converted.code(), status.error_message()};
}

absl::Status FromPeer(std::string_view peer, const grpc::Status& status) {
  const bool busy = status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED &&
                    status.error_message() == kNoThread;
  if (!busy && status.error_code() != grpc::StatusCode::UNAVAILABLE) return FromGrpc(status);
  return absl::UnavailableError(fmt::format("{}: {}", peer, status.error_message()));
}

}  // namespace tidegate::rpc
