#include "model/api_key.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "fmt/format.h"

namespace tidegate::model {
namespace {

constexpr std::string_view kSecretPrefix = "tg_";
constexpr Permission kPermissions[] = {Permission::kRead, Permission::kWrite, Permission::kAdmin};

// -1 when it is no hexadecimal digit.
int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

KeyDigest DigestOf(std::string_view secret) {
  KeyDigest digest;
  SHA256(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), digest.data());
  return digest;
}

absl::StatusOr<KeyDigest> ParseKeyDigest(std::string_view hex) {
  KeyDigest digest;
  bool valid = hex.size() == 2 * digest.size();
  for (size_t i = 0; valid && i < digest.size(); ++i) {
    const int high = HexValue(hex[2 * i]);
    const int low = HexValue(hex[2 * i + 1]);
    valid = high >= 0 && low >= 0;
    digest[i] = static_cast<uint8_t>(high << 4 | (low & 15));
  }
  if (valid) return digest;
  return absl::InvalidArgumentError("must be a SHA-256 in 64 hexadecimal digits");
}

std::string ToHex(const KeyDigest& digest) {
  std::string hex;
  for (uint8_t byte : digest) hex += fmt::format("{:02x}", byte);
  return hex;
}

bool EqualInConstantTime(const KeyDigest& a, const KeyDigest& b) {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

absl::StatusOr<std::string> NewSecret() {
  unsigned char random[32];
  if (RAND_bytes(random, sizeof(random)) != 1) {
    return absl::UnavailableError("the system's random source does not answer");
  }
  std::string encoded;
  absl::WebSafeBase64Escape({reinterpret_cast<const char*>(random), sizeof(random)}, &encoded);
  return std::string(kSecretPrefix) + encoded;
}

std::string_view PermissionName(Permission permission) {
  switch (permission) {
    case Permission::kRead:
      return "read";
    case Permission::kWrite:
      return "write";
    case Permission::kAdmin:
      return "admin";
  }
  return "";
}

absl::StatusOr<Permission> ParsePermission(std::string_view name) {
  for (Permission permission : kPermissions) {
    if (PermissionName(permission) == name) return permission;
  }
  return absl::InvalidArgumentError(
      fmt::format("\"{}\" is no permission; read, write and admin are", name));
}

bool ApiKey::AllowsAddress(const IpAddress& address) const {
  if (allow_ips.empty()) return true;
  return std::any_of(allow_ips.begin(), allow_ips.end(),
                     [&](const IpRange& range) { return range.Contains(address); });
}

}  // namespace tidegate::model
