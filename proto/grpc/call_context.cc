#include "proto/grpc/call_context.h"

#include <algorithm>
#include <string>

#include "absl/time/time.h"

namespace tidegate::rpc {
namespace {

constexpr char kTenantKey[] = "tidegate-tenant";
constexpr char kRequestIdKey[] = "tidegate-request-id";

// Call metadata takes printable ASCII only, and a request id may come from anywhere.
std::string Printable(std::string text) {
  std::erase_if(text, [](char c) { return c < 0x20 || c > 0x7e; });
  return text;
}

std::string MetadataValue(const grpc::ServerContext& call, const char* key) {
  const auto found = call.client_metadata().find(key);
  if (found == call.client_metadata().end()) return {};
  return {found->second.data(), found->second.size()};
}

}  // namespace

void AttachContext(const model::RequestContext& context, grpc::ClientContext* call) {
  call->AddMetadata(kTenantKey, Printable(context.tenant));
  call->AddMetadata(kRequestIdKey, Printable(context.request_id));
  if (context.deadline != absl::InfiniteFuture()) {
    call->set_deadline(absl::ToChronoTime(context.deadline));
  }
}

model::RequestContext ContextOf(const grpc::ServerContext& call) {
  model::RequestContext context;
  context.tenant = MetadataValue(call, kTenantKey);
  context.request_id = MetadataValue(call, kRequestIdKey);
  if (call.deadline() != std::chrono::system_clock::time_point::max()) {
    context.deadline = absl::FromChrono(call.deadline());
  }
  return context;
}

}  // namespace tidegate::rpc
