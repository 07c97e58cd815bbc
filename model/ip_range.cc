#include "model/ip_range.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "absl/status/status.h"
#include "fmt/format.h"

namespace tidegate::model {
namespace {

constexpr int kAllBits = 128;
constexpr int kMappedBits = 96;  // In front of an IPv4 address.

// Whether the first `bits` bits of both are equal.
bool SamePrefix(const std::array<uint8_t, 16>& a, const std::array<uint8_t, 16>& b, int bits) {
  const int bytes = bits / 8;
  if (!std::equal(a.begin(), a.begin() + bytes, b.begin())) return false;
  const int rest = bits % 8;
  if (rest == 0) return true;
  return ((a[bytes] ^ b[bytes]) >> (8 - rest)) == 0;
}

std::array<uint8_t, 16> Masked(std::array<uint8_t, 16> bytes, int bits) {
  for (int i = 0; i < 16; ++i) {
    const int kept = std::clamp(bits - 8 * i, 0, 8);
    bytes[i] = static_cast<uint8_t>(bytes[i] & (0xff00 >> kept));
  }
  return bytes;
}

}  // namespace

absl::StatusOr<IpAddress> IpAddress::Parse(std::string_view text) {
  const std::string terminated(text);
  IpAddress address;
  if (terminated.find('\0') != terminated.npos) {
    return absl::InvalidArgumentError("an IP address has no NUL byte");
  }
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes_.data() + 12) == 1) {
    address.bytes_[10] = address.bytes_[11] = 0xff;
    return address;
  }
  address.bytes_ = {};
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes_.data()) == 1) return address;
  return absl::InvalidArgumentError(fmt::format("\"{}\" is no IP address", text));
}

absl::StatusOr<IpAddress> IpAddress::ParseEndpoint(std::string_view text) {
  const size_t colon = text.rfind(':');
  std::string_view host = text.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  return Parse(host.substr(0, host.find('%')));  // A link-local peer carries its zone.
}

IpAddress IpAddress::FromIpv4(const std::array<uint8_t, 4>& bytes) {
  IpAddress address;
  address.bytes_[10] = address.bytes_[11] = 0xff;
  std::copy(bytes.begin(), bytes.end(), address.bytes_.begin() + 12);
  return address;
}

IpAddress IpAddress::FromIpv6(const std::array<uint8_t, 16>& bytes) {
  IpAddress address;
  address.bytes_ = bytes;
  return address;
}

bool IpAddress::IsIpv4() const { return SamePrefix(bytes_, FromIpv4({}).bytes_, kMappedBits); }

std::string IpAddress::ToString() const {
  char text[INET6_ADDRSTRLEN] = "";
  const bool is_ipv4 = IsIpv4();
  inet_ntop(is_ipv4 ? AF_INET : AF_INET6, bytes_.data() + (is_ipv4 ? 12 : 0), text, sizeof(text));
  return text;
}

absl::StatusOr<IpRange> IpRange::Parse(std::string_view text) {
  const size_t slash = text.find('/');
  const absl::StatusOr<IpAddress> first = IpAddress::Parse(text.substr(0, slash));
  if (!first.ok()) return first.status();
  IpRange range;
  range.first_ = *first;
  range.text_ = text;
  if (slash == text.npos) return range;

  const bool is_ipv4 = text.substr(0, slash).find(':') == text.npos;
  const int longest = is_ipv4 ? kAllBits - kMappedBits : kAllBits;
  const std::string_view digits = text.substr(slash + 1);
  int bits = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc() || end != digits.data() + digits.size() || bits < 0 || bits > longest) {
    return absl::InvalidArgumentError(
        fmt::format("\"{}\": the prefix length must be 0 to {}", text, longest));
  }
  range.prefix_bits_ = bits + kAllBits - longest;
  if (Masked(first->bytes(), range.prefix_bits_) != first->bytes()) {
    return absl::InvalidArgumentError(fmt::format("\"{}\": bits behind the prefix are set", text));
  }
  return range;
}

bool IpRange::Contains(const IpAddress& address) const {
  return SamePrefix(first_.bytes(), address.bytes(), prefix_bits_);
}

}  // namespace tidegate::model
