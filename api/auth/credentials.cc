#include "api/auth/credentials.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"

namespace tidegate::api {
namespace {

constexpr std::string_view kKeyFields[] = {"X-Auth-Token", "X-TC-APP-KEY", "X-Api-Key"};
constexpr std::string_view kAuthorization = "Authorization";

// What follows the scheme's name; nothing when it is another scheme.
std::optional<std::string_view> AfterScheme(std::string_view value, std::string_view scheme) {
  if (!EqualsIgnoreCase(value.substr(0, scheme.size()), scheme)) return std::nullopt;
  value.remove_prefix(scheme.size());
  if (value.empty() || value.front() != ' ') return std::nullopt;
  return value.substr(value.find_first_not_of(' ') == value.npos ? value.size()
                                                                 : value.find_first_not_of(' '));
}

absl::StatusOr<Credentials> ReadBasic(std::string_view encoded) {
  std::string decoded;
  if (!absl::Base64Unescape({encoded.data(), encoded.size()}, &decoded)) {
    return absl::UnauthenticatedError("Authorization: Basic is not base64");
  }
  const size_t colon = decoded.find(':');
  if (colon == decoded.npos) {
    return absl::UnauthenticatedError("Authorization: Basic is not user:password");
  }
  return Credentials{decoded.substr(colon + 1), decoded.substr(0, colon)};
}

absl::StatusOr<Credentials> ReadAuthorization(std::string_view value) {
  if (const auto token = AfterScheme(value, "Bearer")) return Credentials{std::string(*token), ""};
  if (const auto encoded = AfterScheme(value, "Basic")) return ReadBasic(*encoded);
  return absl::UnauthenticatedError("Authorization: only Bearer and Basic are known");
}

// Adds what one field shows to what others showed.
absl::Status Merge(std::string_view field, Credentials shown, std::optional<Credentials>* all) {
  if (shown.secret.empty()) {
    return absl::UnauthenticatedError(fmt::format("{} is empty", field));
  }
  if (all->has_value() && (*all)->secret != shown.secret) {
    return absl::UnauthenticatedError("the request shows two different keys");
  }
  if (!all->has_value() || (*all)->user.empty()) *all = std::move(shown);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::optional<Credentials>> ReadCredentials(const Headers& headers) {
  std::optional<Credentials> all;
  for (std::string_view field : kKeyFields) {
    if (!headers.Has(field)) continue;
    Credentials shown{std::string(headers.Get(field)), ""};
    if (absl::Status status = Merge(field, std::move(shown), &all); !status.ok()) return status;
  }
  if (!headers.Has(kAuthorization)) return all;
  absl::StatusOr<Credentials> shown = ReadAuthorization(headers.Get(kAuthorization));
  if (!shown.ok()) return shown.status();
  absl::Status status = Merge(kAuthorization, *std::move(shown), &all);
  if (!status.ok()) return status;
  return all;
}

}  // namespace tidegate::api
