#include "api/prometheus/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "model/quote.h"

namespace tidegate::api {
namespace {

// Prometheus' own first and last time, which its UI and client libraries send (web/api/v1/api.go).
constexpr std::string_view kMinTimeText = "-292273086-05-16T16:47:06Z";
constexpr std::string_view kMaxTimeText = "292277025-08-18T07:12:54.999999999Z";

// A number as Go's strconv.ParseFloat takes it, without the forms nobody sends (hexadecimal).
// Infinities and NaN are no times and no durations.
std::optional<double> ParseFloat(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

model::TimestampMs Clamped(double milliseconds) {
  if (milliseconds <= static_cast<double>(model::kMinTimestamp)) return model::kMinTimestamp;
  if (milliseconds >= static_cast<double>(model::kMaxTimestamp)) return model::kMaxTimestamp;
  return static_cast<model::TimestampMs>(milliseconds);
}

model::TimestampMs FromSeconds(double seconds) {
  double whole = 0;
  const double fraction = std::modf(seconds, &whole);
  return Clamped(whole * 1000 + std::round(fraction * 1000));
}

// absl also takes spaces around and "infinite-future"; RFC 3339 begins with a digit and has
// neither.
std::optional<model::TimestampMs> FromRfc3339(std::string_view text) {
  const bool plausible = text.size() >= 20 && text[0] >= '0' && text[0] <= '9' &&
                         text.find(' ') == text.npos && text.find('\t') == text.npos;
  absl::Time time;
  std::string ignored;
  if (!plausible ||
      !absl::ParseTime(absl::RFC3339_full, absl::string_view(text.data(), text.size()), &time,
                       &ignored)) {
    return std::nullopt;
  }
  return std::clamp(absl::ToUnixMillis(time), model::kMinTimestamp, model::kMaxTimestamp);
}

struct Unit {
  std::string_view name;
  int64_t milliseconds;
};
constexpr std::array<Unit, 7> kUnits = {{{"y", int64_t{365} * 86'400'000},
                                         {"w", int64_t{7} * 86'400'000},
                                         {"d", 86'400'000},
                                         {"h", 3'600'000},
                                         {"m", 60'000},
                                         {"s", 1000},
                                         {"ms", 1}}};
// Durations are int64 nanoseconds in Prometheus.
constexpr int64_t kMaxDurationMs = std::numeric_limits<int64_t>::max() / 1'000'000;

std::string_view UnitName(std::string_view text) {
  size_t size = 0;
  while (size < text.size() && text[size] >= 'a' && text[size] <= 'z') ++size;
  return text.substr(0, size);
}

// Each unit at most once, larger ones first.
std::optional<absl::Duration> ParseUnits(std::string_view text) {
  if (text == "0") return absl::ZeroDuration();
  if (text.empty()) return std::nullopt;
  int64_t total = 0;
  auto next_unit = kUnits.begin();
  while (!text.empty()) {
    int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || count < 0 || text[0] == '-') return std::nullopt;
    text.remove_prefix(end - text.data());
    const std::string_view name = UnitName(text);
    const auto unit =
        std::find_if(next_unit, kUnits.end(), [name](const Unit& u) { return u.name == name; });
    if (unit == kUnits.end() || count > (kMaxDurationMs - total) / unit->milliseconds) {
      return std::nullopt;
    }
    total += count * unit->milliseconds;
    text.remove_prefix(name.size());
    next_unit = unit + 1;
  }
  return absl::Milliseconds(total);
}

std::string_view Message(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

}  // namespace

absl::StatusOr<model::TimestampMs> ParseTime(std::string_view text) {
  if (const auto seconds = ParseFloat(text)) return FromSeconds(*seconds);
  if (const auto time = FromRfc3339(text)) return *time;
  if (text == kMinTimeText) return model::kMinTimestamp;
  if (text == kMaxTimeText) return model::kMaxTimestamp;
  return absl::InvalidArgumentError(
      fmt::format("cannot parse {} to a valid timestamp", model::Quoted(text)));
}

absl::StatusOr<absl::Duration> ParseDuration(std::string_view text) {
  if (const auto seconds = ParseFloat(text)) {
    if (std::abs(*seconds) * 1e9 > static_cast<double>(std::numeric_limits<int64_t>::max())) {
      return absl::InvalidArgumentError(fmt::format(
          "cannot parse {} to a valid duration. It overflows int64", model::Quoted(text)));
    }
    return absl::Seconds(*seconds);
  }
  if (const auto duration = ParseUnits(text)) return *duration;
  return absl::InvalidArgumentError(
      fmt::format("cannot parse {} to a valid duration", model::Quoted(text)));
}

absl::StatusOr<int64_t> ParseInteger(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('+') && digits.size() > 1 && digits[1] != '-') digits.remove_prefix(1);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size() || error == std::errc::invalid_argument) {
    return absl::InvalidArgumentError(
        fmt::format("strconv.Atoi: parsing {}: invalid syntax", model::Quoted(text)));
  }
  if (error != std::errc()) {
    return absl::InvalidArgumentError(
        fmt::format("strconv.Atoi: parsing {}: value out of range", model::Quoted(text)));
  }
  return value;
}

absl::StatusOr<size_t> ParseLimit(std::string_view text) {
  if (text.empty()) return 0;
  const auto value = ParseInteger(text);
  if (!value.ok()) return value.status();
  if (*value < 0) return absl::InvalidArgumentError("limit must be non-negative");
  return static_cast<size_t>(*value);
}

absl::Status InvalidParameter(std::string_view name, const absl::Status& error) {
  return absl::Status(error.code(),
                      fmt::format("invalid parameter \"{}\": {}", name, Message(error)));
}

absl::StatusOr<model::TimestampMs> TimeParameter(const Parameters& parameters,
                                                 std::string_view name) {
  auto time = ParseTime(parameters.Get(name));
  if (!time.ok()) return InvalidParameter(name, time.status());
  return time;
}

absl::StatusOr<model::TimestampMs> TimeParameter(const Parameters& parameters,
                                                 std::string_view name,
                                                 model::TimestampMs default_time) {
  const std::string_view text = parameters.Get(name);
  if (text.empty()) return default_time;
  const auto time = ParseTime(text);
  if (time.ok()) return time;
  return InvalidParameter(
      name, absl::InvalidArgumentError(
                fmt::format("invalid time value for '{}': {}", name, Message(time.status()))));
}

absl::StatusOr<size_t> LimitParameter(const Parameters& parameters, std::string_view name) {
  auto limit = ParseLimit(parameters.Get(name));
  if (!limit.ok()) return InvalidParameter(name, limit.status());
  return limit;
}

absl::StatusOr<model::TimeRange> RangeParameters(const Parameters& parameters) {
  const auto start = TimeParameter(parameters, "start", model::kMinTimestamp);
  if (!start.ok()) return start.status();
  const auto end = TimeParameter(parameters, "end", model::kMaxTimestamp);
  if (!end.ok()) return end.status();
  return model::TimeRange{*start, *end};
}

}  // namespace tidegate::api
