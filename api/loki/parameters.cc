#include "api/loki/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "model/config/duration.h"

namespace tidegate::api {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kMaxPoints = 11'000;
constexpr size_t kDefaultLimit = 100;
constexpr double kMaxSeconds = 9e9;  // Just below the last second of int64 nanoseconds.

absl::Status Bad(std::string_view text) { return absl::InvalidArgumentError(fmt::to_string(text)); }

template <typename Number>
bool ParseWhole(std::string_view text, Number* number) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), *number);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
}

absl::Status Unreadable(std::string_view name, const absl::Status& status) {
  return absl::InvalidArgumentError(
      fmt::format("could not parse '{}' parameter: {}", name, std::string(status.message())));
}

// A time parameter; `fallback` when it is missing.
absl::StatusOr<model::TimestampNs> ReadTime(const Parameters& parameters, std::string_view name,
                                            model::TimestampNs fallback) {
  const std::string_view text = parameters.Get(name);
  if (text.empty()) return fallback;
  const auto time = ParseLokiTime(text);
  return time.ok() ? time : Unreadable(name, time.status());
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return lower;
}

}  // namespace

absl::StatusOr<model::TimestampNs> ParseLokiTime(std::string_view text) {
  double seconds = 0;
  if (text.find('.') != text.npos && ParseWhole(text, &seconds) &&
      std::abs(seconds) < kMaxSeconds) {
    double whole = 0;
    const double fraction = std::modf(seconds, &whole);
    const auto millis = static_cast<int64_t>(std::round(fraction * 1000));
    return static_cast<int64_t>(whole) * kSecond + millis * 1'000'000;
  }
  int64_t number = 0;
  if (ParseWhole(text, &number)) return text.size() <= 10 ? number * kSecond : number;
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, {text.data(), text.size()}, &time, &error)) {
    return absl::InvalidArgumentError(
        fmt::format("\"{}\" is no Unix time in nanoseconds or seconds and no RFC 3339 time", text));
  }
  return absl::ToUnixNanos(time);
}

absl::StatusOr<int64_t> ParseLokiDuration(std::string_view text) {
  double seconds = 0;
  if (ParseWhole(text, &seconds)) {
    if (!(std::abs(seconds) < kMaxSeconds)) {
      return absl::InvalidArgumentError(
          fmt::format("cannot parse \"{}\" to a valid duration. It overflows int64", text));
    }
    return static_cast<int64_t>(seconds * kSecond);
  }
  const auto duration = model::ParseDuration(text);
  if (!duration.ok()) {
    return absl::InvalidArgumentError(fmt::format("cannot parse \"{}\" to a valid duration", text));
  }
  return absl::ToInt64Nanoseconds(*duration);
}

absl::StatusOr<storage::LogRange> ReadBounds(const Parameters& parameters, model::TimestampNs now,
                                             absl::Duration default_since) {
  int64_t since = absl::ToInt64Nanoseconds(default_since);
  if (const std::string_view text = parameters.Get("since"); !text.empty()) {
    const auto parsed = model::ParseDuration(text);
    if (!parsed.ok()) return Unreadable("since", parsed.status());
    since = absl::ToInt64Nanoseconds(*parsed);
  }
  const auto end = ReadTime(parameters, "end", now);
  if (!end.ok()) return end.status();
  const auto start = ReadTime(parameters, "start", std::min(*end, now) - since);
  if (!start.ok()) return start.status();
  return storage::LogRange{*start, *end};
}

absl::StatusOr<size_t> ReadCount(const Parameters& parameters, std::string_view name,
                                 size_t fallback) {
  const std::string_view text = parameters.Get(name);
  if (text.empty()) return fallback;
  int64_t count = 0;
  if (!ParseWhole(text, &count)) {
    return absl::InvalidArgumentError(fmt::format("{} \"{}\" is not a number", name, text));
  }
  if (count <= 0) return Bad("limit must be a positive value");
  return static_cast<size_t>(count);
}

absl::StatusOr<query::LogDirection> ReadDirection(const Parameters& parameters) {
  const std::string direction = Lower(parameters.Get("direction"));
  if (direction.empty() || direction == "backward") return query::LogDirection::kBackward;
  if (direction == "forward") return query::LogDirection::kForward;
  return absl::InvalidArgumentError(
      fmt::format("invalid direction '{}'", parameters.Get("direction")));
}

absl::StatusOr<int64_t> ReadStep(const Parameters& parameters, const storage::LogRange& range) {
  int64_t step = std::max<int64_t>((range.end - range.begin) / (250 * kSecond), 1) * kSecond;
  if (const std::string_view text = parameters.Get("step"); !text.empty()) {
    const auto parsed = ParseLokiDuration(text);
    if (!parsed.ok()) return parsed.status();
    step = *parsed;
  }
  if (step <= 0) {
    return Bad(
        "zero or negative query resolution step widths are not accepted. Try a positive integer");
  }
  if ((range.end - range.begin) / step > kMaxPoints) {
    return Bad(
        "exceeded maximum resolution of 11,000 points per time series. Try increasing the value of "
        "the step parameter");
  }
  return step;
}

absl::StatusOr<query::LogRangeRequest> ReadRangeRequest(const Parameters& parameters,
                                                        model::TimestampNs now) {
  query::LogRangeRequest request;
  request.query = std::string(parameters.Get("query"));
  const auto range = ReadBounds(parameters, now, absl::Hours(1));
  if (!range.ok()) return range.status();
  if (range->empty()) return Bad("end timestamp must not be before or equal to start time");
  const auto limit = ReadCount(parameters, "limit", kDefaultLimit);
  if (!limit.ok()) return limit.status();
  const auto direction = ReadDirection(parameters);
  if (!direction.ok()) return direction.status();
  const auto step = ReadStep(parameters, *range);
  if (!step.ok()) return step.status();
  if (const std::string_view text = parameters.Get("interval"); !text.empty()) {
    const auto interval = ParseLokiDuration(text);
    if (!interval.ok()) return interval.status();
    if (*interval < 0) return Bad("interval must be >= 0");
    request.interval_ns = *interval;
  }
  request.start = range->begin;
  request.end = range->end;
  request.limit = *limit;
  request.direction = *direction;
  request.step_ns = *step;
  return request;
}

absl::StatusOr<query::LogInstantRequest> ReadInstantRequest(const Parameters& parameters,
                                                            model::TimestampNs now) {
  query::LogInstantRequest request;
  request.query = std::string(parameters.Get("query"));
  const auto limit = ReadCount(parameters, "limit", kDefaultLimit);
  if (!limit.ok()) return limit.status();
  const auto time = ReadTime(parameters, "time", now);
  if (!time.ok()) return time.status();
  const auto direction = ReadDirection(parameters);
  if (!direction.ok()) return direction.status();
  request.limit = *limit;
  request.time = *time;
  request.direction = *direction;
  return request;
}

}  // namespace tidegate::api
