// Whether a tenant's rules and the defaults let an outgoing request reach an address.
#ifndef TIDEGATE_CONTROL_OUTBOUND_ROUTE_DECISION_H_
#define TIDEGATE_CONTROL_OUTBOUND_ROUTE_DECISION_H_

#include "absl/status/status.h"
#include "model/ip_range.h"
#include "model/outbound_rules.h"

namespace tidegate::control {

// What is known about a destination beside its address.
struct Destination {
  model::IpAddress address;
  bool is_own_port = false;  // This process listens there.
};

// Ok, or PermissionDenied that names the address and the range which decided. Pure.
//
// With `strict` (authentication is on: tenants do not trust each other) these are denied beside the
// rules' own: loopback, link-local, multicast, unspecified and broadcast addresses, the metadata
// services of clouds, our own ports. The longest prefix decides, so 0.0.0.0/0 in `allow` opens none
// of them, and 127.0.0.0/8 opens the loopback, except our own ports and metadata services: those
// need their one address in `allow`.
//
// An IPv4-mapped IPv6 address is its IPv4 address. One that carries an IPv4 address in another way
// (compatible, 6to4, the prefix 64:ff9b::/96 of NAT64) must pass in both forms.
absl::Status DecideRoute(const model::OutboundRules& rules, bool strict,
                         const Destination& destination);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_OUTBOUND_ROUTE_DECISION_H_
