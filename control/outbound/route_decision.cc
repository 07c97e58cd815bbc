#include "control/outbound/route_decision.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "fmt/format.h"

namespace tidegate::control {
namespace {

using model::IpAddress;
using model::IpRange;

constexpr int kOneAddress = 128;  // Bits of the prefix of a single address.

// RFC 6890 and what clouds serve credentials on.
constexpr std::string_view kDeniedByDefault[] = {
    "127.0.0.0/8",     "::1",            // Loopback.
    "169.254.0.0/16",  "fe80::/10",      // Link-local.
    "169.254.169.254", "fd00:ec2::254",  // Metadata: AWS, GCP, Azure, OpenStack.
    "169.254.170.2",   "fd00:ec2::23",   // Metadata: AWS containers.
    "100.100.100.200", "168.63.129.16",  // Metadata: Alibaba, Azure.
    "0.0.0.0/8",       "::",             // This host.
    "224.0.0.0/4",     "ff00::/8",       // Multicast.
    "255.255.255.255",                   // Broadcast.
};

const std::vector<IpRange>& DeniedByDefault() {
  static const std::vector<IpRange>& ranges = *[] {
    auto* parsed = new std::vector<IpRange>;
    for (std::string_view text : kDeniedByDefault) parsed->push_back(*IpRange::Parse(text));
    return parsed;
  }();
  return ranges;
}

// The range with the longest prefix that contains the address; nullptr when none does.
const IpRange* Longest(const std::vector<IpRange>& ranges, const IpAddress& address) {
  const IpRange* longest = nullptr;
  for (const IpRange& range : ranges) {
    if (!range.Contains(address)) continue;
    if (longest == nullptr || range.prefix_bits() > longest->prefix_bits()) longest = &range;
  }
  return longest;
}

int BitsOf(const IpRange* range) { return range == nullptr ? -1 : range->prefix_bits(); }

// The IPv4 address at an offset of an IPv6 address.
IpAddress Ipv4At(const IpAddress& address, size_t offset) {
  std::array<uint8_t, 4> bytes;
  std::copy_n(address.bytes().begin() + offset, bytes.size(), bytes.begin());
  return IpAddress::FromIpv4(bytes);
}

bool StartsWith(const IpAddress& address, std::string_view prefix) {
  return IpRange::Parse(prefix)->Contains(address);
}

// The IPv4 address that a router or the kernel may take an IPv6 address for.
std::optional<IpAddress> CarriedIpv4(const IpAddress& address) {
  if (address.IsIpv4()) return std::nullopt;
  if (StartsWith(address, "2002::/16")) return Ipv4At(address, 2);
  if (StartsWith(address, "64:ff9b::/96")) return Ipv4At(address, 12);
  // Deprecated "compatible" addresses; :: and ::1 are none.
  const bool compatible = StartsWith(address, "::/96") && address.bytes()[12] != 0;
  return compatible ? std::optional(Ipv4At(address, 12)) : std::nullopt;
}

absl::Status Denied(const Destination& destination, std::string_view reason) {
  return absl::PermissionDeniedError(fmt::format("outgoing requests may not reach {}: {}",
                                                 destination.address.ToString(), reason));
}

absl::Status DecideForm(const model::OutboundRules& rules, bool strict,
                        const Destination& destination) {
  const IpRange* allow = Longest(rules.allow, destination.address);
  const IpRange* deny = Longest(rules.deny, destination.address);
  const IpRange* reserved = strict ? Longest(DeniedByDefault(), destination.address) : nullptr;
  if (deny != nullptr && BitsOf(deny) >= BitsOf(allow)) {
    return Denied(destination, fmt::format("{} is in outbound_deny", deny->text()));
  }
  if (BitsOf(allow) < BitsOf(reserved)) {
    return Denied(destination, fmt::format("{} is denied by default", reserved->text()));
  }
  if (strict && destination.is_own_port && BitsOf(allow) < kOneAddress) {
    return Denied(destination, "it is a port of this server");
  }
  if (allow == nullptr && !rules.allow.empty()) {
    return Denied(destination, "it is not in outbound_allow");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status DecideRoute(const model::OutboundRules& rules, bool strict,
                         const Destination& destination) {
  if (absl::Status status = DecideForm(rules, strict, destination); !status.ok()) return status;
  const std::optional<IpAddress> carried = CarriedIpv4(destination.address);
  if (!carried.has_value()) return absl::OkStatus();
  return DecideForm(rules, strict, {*carried, destination.is_own_port});
}

}  // namespace tidegate::control
