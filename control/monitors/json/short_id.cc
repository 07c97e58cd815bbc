#include "control/monitors/json/short_id.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <optional>

namespace tidegate::control {
namespace {

constexpr std::string_view kDigits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr size_t kLength = 11;
constexpr int kRandomBits = 22;

std::string Text(uint64_t number) {
  std::string text(kLength, kDigits[0]);
  for (size_t i = kLength; i-- > 0; number /= kDigits.size()) {
    text[i] = kDigits[number % kDigits.size()];
  }
  return text;
}

std::optional<uint64_t> Number(std::string_view text) {
  if (text.size() != kLength) return std::nullopt;
  unsigned __int128 number = 0;
  for (const char c : text) {
    const size_t digit = kDigits.find(c);
    if (digit == kDigits.npos) return std::nullopt;
    number = number * kDigits.size() + digit;
  }
  if (number >> 64 != 0) return std::nullopt;
  return static_cast<uint64_t>(number);
}

}  // namespace

absl::StatusOr<std::string> NewShortId(absl::Time now) {
  uint64_t random = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&random), sizeof(random)) != 1) {
    return absl::UnavailableError("the system's random source does not answer");
  }
  const auto ms = static_cast<uint64_t>(absl::ToUnixMillis(now));
  return Text(ms << kRandomBits | random >> (64 - kRandomBits));
}

bool IsShortId(std::string_view text) { return Number(text).has_value(); }

absl::Time TimeOfShortId(std::string_view id) {
  return absl::FromUnixMillis(static_cast<int64_t>(Number(id).value_or(0) >> kRandomBits));
}

std::string DescendingKey(std::string_view id) {
  return fmt::format("{:016x}", ~Number(id).value_or(0));
}

}  // namespace tidegate::control
