// Where a tenant's outgoing requests may go, asked per resolved address.
#ifndef TIDEGATE_CONTROL_OUTBOUND_OUTBOUND_POLICY_H_
#define TIDEGATE_CONTROL_OUTBOUND_OUTBOUND_POLICY_H_

#include <sys/socket.h>

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "model/ip_range.h"
#include "model/tenant.h"

namespace tidegate::control {

// The addresses of this machine's network interfaces, as they are now.
std::vector<model::IpAddress> InterfaceAddresses();

struct OutboundPolicyOptions {
  // Ports that this process listens on, whatever the address.
  std::vector<uint16_t> own_ports;
  std::function<std::vector<model::IpAddress>()> own_addresses = InterfaceAddresses;
};

// Judges addresses, not names: it is asked after name resolution, before each connection
// (control/outbound/curl_guard.h), so that neither a name nor a redirect leads around it. Rules are
// those of the tenant at the moment of the question; a reload holds for the next one. Immutable and
// thread safe; the registry must outlive it. Cheap: own addresses are looked up only for own ports.
class OutboundPolicy {
 public:
  OutboundPolicy(const model::TenantRegistry* tenants, OutboundPolicyOptions options)
      : tenants_(*tenants), options_(std::move(options)) {}

  // Ok, or PermissionDenied with the reason: what DecideRoute says, an unknown tenant, a socket
  // that is neither IPv4 nor IPv6. `size` is that of the address in bytes.
  absl::Status Check(std::string_view tenant, const sockaddr* address, socklen_t size) const;
  absl::Status Check(std::string_view tenant, const model::IpAddress& address, uint16_t port) const;

 private:
  bool IsOwnPort(const model::IpAddress& address, uint16_t port) const;

  const model::TenantRegistry& tenants_;
  const OutboundPolicyOptions options_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_OUTBOUND_OUTBOUND_POLICY_H_
