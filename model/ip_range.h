// IP addresses, and the ranges that a key or an outgoing request is bound to.
#ifndef TIDEGATE_MODEL_IP_RANGE_H_
#define TIDEGATE_MODEL_IP_RANGE_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tidegate::model {

// An IPv4 or IPv6 address. IPv4 is kept as an IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2),
// so that "10.0.0.1" and "::ffff:10.0.0.1", which a dual-stack socket reports, are one address.
class IpAddress {
 public:
  // Dotted IPv4 or textual IPv6 without brackets, zone or port. InvalidArgument otherwise.
  static absl::StatusOr<IpAddress> Parse(std::string_view text);
  // From "10.0.0.1:80" or "[::1]:80", as a socket's peer is written.
  static absl::StatusOr<IpAddress> ParseEndpoint(std::string_view text);
  // From 4 bytes of IPv4 or 16 of IPv6, most significant first.
  static IpAddress FromIpv4(const std::array<uint8_t, 4>& bytes);
  static IpAddress FromIpv6(const std::array<uint8_t, 16>& bytes);

  bool IsIpv4() const;
  // Dotted when it is IPv4, else as RFC 5952 writes IPv6.
  std::string ToString() const;
  // 16 bytes, most significant first.
  const std::array<uint8_t, 16>& bytes() const { return bytes_; }
  friend bool operator==(const IpAddress&, const IpAddress&) = default;

 private:
  std::array<uint8_t, 16> bytes_ = {};
};

// All addresses that share a prefix: CIDR notation (RFC 4632), or one address. Immutable.
class IpRange {
 public:
  // "10.0.0.0/8", "2001:db8::/32" or a single address. InvalidArgument also when bits behind the
  // prefix are set: "10.0.0.1/8" is most likely a mistake.
  static absl::StatusOr<IpRange> Parse(std::string_view text);

  bool Contains(const IpAddress& address) const;
  // How many leading bits its addresses share: 0..128 of the mapped form, so 10.0.0.0/8 has 104.
  int prefix_bits() const { return prefix_bits_; }
  // As it was written.
  const std::string& text() const { return text_; }

 private:
  IpAddress first_;
  int prefix_bits_ = 128;  // Of the 128 of the mapped form.
  std::string text_;
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_IP_RANGE_H_
