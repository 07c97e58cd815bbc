#include "proto/grpc/rpc_status.h"

#include <string>

#include "fmt/format.h"

namespace tidegate::rpc {

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return {static_cast<grpc::StatusCode>(status.code()), std::string(status.message())};
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return {static_cast<absl::StatusCode>(status.error_code()), status.error_message()};
}

absl::Status WithPeer(std::string_view peer, const absl::Status& status) {
  if (status.code() != absl::StatusCode::kUnavailable) return status;
  const std::string_view text(status.message().data(), status.message().size());
  return absl::UnavailableError(fmt::format("{}: {}", peer, text));
}

}  // namespace tidegate::rpc
