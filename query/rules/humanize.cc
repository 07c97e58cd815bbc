#include "query/rules/humanize.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace tidegate::query {
namespace {

constexpr std::array<std::string_view, 8> kSmall = {"m", "u", "n", "p", "f", "a", "z", "y"};
constexpr std::array<std::string_view, 8> kLarge = {"k", "M", "G", "T", "P", "E", "Z", "Y"};
constexpr std::array<std::string_view, 8> kBinary = {"ki", "Mi", "Gi", "Ti",
                                                     "Pi", "Ei", "Zi", "Yi"};

// Go's %.4g.
std::string Short(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{:.4g}", value);
}

std::string Scaled(double value, double step, const std::array<std::string_view, 8>& prefixes) {
  std::string_view prefix;
  for (const std::string_view next : prefixes) {
    if (std::abs(value) < step) break;
    prefix = next;
    value /= step;
  }
  return fmt::format("{}{}", Short(value), prefix);
}

std::string ScaledUp(double value) {
  std::string_view prefix;
  for (const std::string_view next : kSmall) {
    if (std::abs(value) >= 1) break;
    prefix = next;
    value *= 1000;
  }
  return fmt::format("{}{}", Short(value), prefix);
}

}  // namespace

std::string Humanize(double value) {
  if (value == 0 || !std::isfinite(value)) return Short(value);
  return std::abs(value) >= 1 ? Scaled(value, 1000, kLarge) : ScaledUp(value);
}

std::string Humanize1024(double value) {
  if (std::abs(value) <= 1 || !std::isfinite(value)) return Short(value);
  return Scaled(value, 1024, kBinary);
}

std::string HumanizeDuration(double seconds) {
  if (!std::isfinite(seconds)) return Short(seconds);
  if (seconds == 0) return Short(seconds) + "s";
  if (std::abs(seconds) < 1) return ScaledUp(seconds) + "s";
  const std::string_view sign = seconds < 0 ? "-" : "";
  const double length = std::min(std::abs(seconds), 9e18);
  const auto whole = static_cast<int64_t>(length);
  const int64_t days = whole / 86400;
  const int64_t hours = whole / 3600 % 24;
  const int64_t minutes = whole / 60 % 60;
  const int64_t rest = whole % 60;
  if (days != 0) return fmt::format("{}{}d {}h {}m {}s", sign, days, hours, minutes, rest);
  if (hours != 0) return fmt::format("{}{}h {}m {}s", sign, hours, minutes, rest);
  if (minutes != 0) return fmt::format("{}{}m {}s", sign, minutes, rest);
  return fmt::format("{}{}s", sign, Short(length));
}

std::string HumanizePercentage(double ratio) { return Short(ratio * 100) + "%"; }

}  // namespace tidegate::query
