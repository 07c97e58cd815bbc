#include "control/outbound/curl_guard.h"

#include <sys/socket.h>

#include <cstdint>
#include <string_view>

#include "fmt/format.h"
#include "model/ip_range.h"

namespace tidegate::control {
namespace {

constexpr char kProtocols[] = "http,https";

}  // namespace

absl::Status CurlGuard::Install(CURL* handle) {
  refusal_ = absl::OkStatus();
  const CURLcode results[] = {
      curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, &CurlGuard::OpenSocket),
      curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, this),
      curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, &CurlGuard::BeforeRequest),
      curl_easy_setopt(handle, CURLOPT_PREREQDATA, this),
      curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, kProtocols),
      curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, kProtocols),
      curl_easy_setopt(handle, CURLOPT_PROXY, ""),
  };
  for (CURLcode result : results) {
    if (result == CURLE_OK) continue;
    return absl::InternalError(
        fmt::format("outgoing requests cannot be guarded: {}", curl_easy_strerror(result)));
  }
  return absl::OkStatus();
}

bool CurlGuard::Permits(const absl::Status& decision) {
  if (!decision.ok()) refusal_ = decision;
  return decision.ok();
}

curl_socket_t CurlGuard::OpenSocket(void* guard, curlsocktype purpose, curl_sockaddr* address) {
  auto* self = static_cast<CurlGuard*>(guard);
  const absl::Status decision =
      purpose == CURLSOCKTYPE_IPCXN
          ? self->policy_.Check(self->tenant_, &address->addr, address->addrlen)
          : absl::PermissionDeniedError("outgoing requests accept no connections");
  if (!self->Permits(decision)) return CURL_SOCKET_BAD;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int CurlGuard::BeforeRequest(void* guard, char* peer, char* local, int peer_port, int local_port) {
  (void)local;
  (void)local_port;
  auto* self = static_cast<CurlGuard*>(guard);
  const std::string_view text = peer == nullptr ? "" : peer;
  const auto address = model::IpAddress::Parse(text.substr(0, text.find('%')));
  const absl::Status decision =
      address.ok() ? self->policy_.Check(self->tenant_, *address, static_cast<uint16_t>(peer_port))
                   : absl::PermissionDeniedError("the address of a connection is not known");
  return self->Permits(decision) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

}  // namespace tidegate::control
