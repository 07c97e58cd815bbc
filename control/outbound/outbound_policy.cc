#include "control/outbound/outbound_policy.h"

#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

#include "control/outbound/route_decision.h"
#include "fmt/format.h"

namespace tidegate::control {
namespace {

struct Endpoint {
  model::IpAddress address;
  uint16_t port = 0;
};

// The address may be unaligned, and larger than `sockaddr`.
template <typename T>
std::optional<T> As(const sockaddr* address, socklen_t size) {
  if (size < sizeof(T)) return std::nullopt;
  T copy;
  std::memcpy(&copy, address, sizeof(copy));
  return copy;
}

std::optional<Endpoint> EndpointOf(const sockaddr* address, socklen_t size) {
  if (address == nullptr || size < sizeof(sa_family_t)) return std::nullopt;
  if (address->sa_family == AF_INET) {
    const auto v4 = As<sockaddr_in>(address, size);
    if (!v4.has_value()) return std::nullopt;
    std::array<uint8_t, 4> bytes;
    std::memcpy(bytes.data(), &v4->sin_addr, bytes.size());
    return Endpoint{model::IpAddress::FromIpv4(bytes), ntohs(v4->sin_port)};
  }
  if (address->sa_family == AF_INET6) {
    const auto v6 = As<sockaddr_in6>(address, size);
    if (!v6.has_value()) return std::nullopt;
    std::array<uint8_t, 16> bytes;
    std::memcpy(bytes.data(), &v6->sin6_addr, bytes.size());
    return Endpoint{model::IpAddress::FromIpv6(bytes), ntohs(v6->sin6_port)};
  }
  return std::nullopt;
}

socklen_t SizeOf(const sockaddr& address) {
  return address.sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

}  // namespace

std::vector<model::IpAddress> InterfaceAddresses() {
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(first, freeifaddrs);
  std::vector<model::IpAddress> addresses;
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    const auto endpoint = EndpointOf(one->ifa_addr, SizeOf(*one->ifa_addr));
    if (endpoint.has_value()) addresses.push_back(endpoint->address);
  }
  return addresses;
}

absl::Status OutboundPolicy::Check(std::string_view tenant, const sockaddr* address,
                                   socklen_t size) const {
  const auto endpoint = EndpointOf(address, size);
  if (endpoint.has_value()) return Check(tenant, endpoint->address, endpoint->port);
  return absl::PermissionDeniedError("outgoing requests go over IPv4 and IPv6 only");
}

absl::Status OutboundPolicy::Check(std::string_view tenant, const model::IpAddress& address,
                                   uint16_t port) const {
  const auto config = tenants_.Find(tenant);
  if (config == nullptr) {
    return absl::PermissionDeniedError(fmt::format("tenant {} does not exist", tenant));
  }
  return DecideRoute(config->outbound, tenants_.RequiresKeys(),
                     {address, IsOwnPort(address, port)});
}

bool OutboundPolicy::IsOwnPort(const model::IpAddress& address, uint16_t port) const {
  const auto& ports = options_.own_ports;
  if (std::find(ports.begin(), ports.end(), port) == ports.end()) return false;
  static const model::IpRange loopback = *model::IpRange::Parse("127.0.0.0/8");
  if (loopback.Contains(address)) return true;  // All of it, not only the interface's 127.0.0.1.
  const std::vector<model::IpAddress> own = options_.own_addresses();
  return std::find(own.begin(), own.end(), address) != own.end();
}

}  // namespace tidegate::control
