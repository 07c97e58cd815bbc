#include "proto/grpc/call_context.h"

#include <algorithm>
#include <string>

#include "absl/time/time.h"

namespace tidegate::rpc {
namespace {

// "-bin" values may hold any byte: a tenant arrives exactly as it was sent, or not at all.
constexpr char kTenantKey[] = "tidegate-tenant-bin";
constexpr char kRequestIdKey[] = "tidegate-request-id";

// Other metadata takes printable ASCII only and has little room, and a request id may be anything.
std::string PrintableId(std::string id) {
  std::erase_if(id, [](char c) { return c <= 0x20 || c > 0x7e; });
  id.resize(std::min(id.size(), kMaxRequestIdBytes));
  return id;
}

std::string MetadataValue(const grpc::ServerContext& call, const char* key) {
  const auto found = call.client_metadata().find(key);
  if (found == call.client_metadata().end()) return {};
  return {found->second.data(), found->second.size()};
}

}  // namespace

void AttachContext(const model::RequestContext& context, grpc::ClientContext* call) {
  call->AddMetadata(kTenantKey, context.tenant);
  call->AddMetadata(kRequestIdKey, PrintableId(context.request_id));
  if (context.deadline == absl::InfiniteFuture()) return;
  // gRPC takes a time before the epoch for "never".
  call->set_deadline(absl::ToChronoTime(std::max(context.deadline, absl::UnixEpoch())));
}

model::RequestContext ContextOf(const grpc::ServerContext& call) {
  model::RequestContext context;
  context.tenant = MetadataValue(call, kTenantKey);
  context.request_id = PrintableId(MetadataValue(call, kRequestIdKey));
  if (call.deadline() != std::chrono::system_clock::time_point::max()) {
    context.deadline = absl::FromChrono(call.deadline());
  }
  return context;
}

}  // namespace tidegate::rpc
