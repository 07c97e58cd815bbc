// API keys: what a request shows to say whose it is, and what is kept of one.
#ifndef TIDEGATE_MODEL_API_KEY_H_
#define TIDEGATE_MODEL_API_KEY_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "model/ip_range.h"

namespace tidegate::model {

// SHA-256 of a secret: all that is stored of it. A secret from NewSecret has 256 random bits, so a
// plain hash cannot be guessed back, and it can be checked at every request.
using KeyDigest = std::array<uint8_t, 32>;

KeyDigest DigestOf(std::string_view secret);
// 64 hexadecimal digits of either case. InvalidArgument otherwise.
absl::StatusOr<KeyDigest> ParseKeyDigest(std::string_view hex);
std::string ToHex(const KeyDigest& digest);  // Lower case.
// Takes the same time wherever they differ.
bool EqualInConstantTime(const KeyDigest& a, const KeyDigest& b);

// "tg_" and 43 letters, digits, '-' and '_': 32 bytes of the system's random source. Unavailable
// when that fails.
absl::StatusOr<std::string> NewSecret();

// What a key may do; none of them includes another.
enum class Permission : uint8_t {
  kRead = 1,   // Query the tenant's data.
  kWrite = 2,  // Push into it.
  kAdmin = 4,  // Delete data; see and steer the process (configuration, own metrics, flush).
};

// "read", "write", "admin".
std::string_view PermissionName(Permission permission);
// InvalidArgument names the three.
absl::StatusOr<Permission> ParsePermission(std::string_view name);

class PermissionSet {
 public:
  void Add(Permission permission) { bits_ |= static_cast<uint8_t>(permission); }
  bool Has(Permission permission) const { return (bits_ & static_cast<uint8_t>(permission)) != 0; }
  bool empty() const { return bits_ == 0; }

 private:
  uint8_t bits_ = 0;
};

struct ApiKey {
  std::string id;  // Names the key in logs and lists; no secret.
  KeyDigest digest = {};
  PermissionSet permissions;
  std::vector<IpRange> allow_ips;  // Empty = from anywhere.
  // Tenants that this key may query beside its own, named as a|b in X-Scope-OrgID.
  std::vector<std::string> read_tenants;

  bool AllowsAddress(const IpAddress& address) const;
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_API_KEY_H_
