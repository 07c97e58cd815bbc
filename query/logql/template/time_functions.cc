#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "query/logql/template/functions.h"
#include "query/logql/template/go_time.h"
#include "query/logql/template/time_zones.h"

namespace tidegate::logql {
namespace {

constexpr int64_t kSecondsPerDay = 86'400;

// What Go's parser gives beside its error.
TimeValue ZeroTime() {
  return {absl::FromCivil(absl::CivilSecond(1, 1, 1), absl::UTCTimeZone()), absl::UTCTimeZone()};
}

// date "2006-01-02" t: a time, or seconds since the epoch.
absl::StatusOr<Value> Date(Arguments args) {
  const std::string& layout = std::get<std::string>(args[0]);
  TimeValue time;
  if (const auto* given = std::get_if<TimeValue>(&args[1])) {
    time = *given;
  } else if (const auto* seconds = std::get_if<int64_t>(&args[1])) {
    time.time = absl::FromUnixSeconds(*seconds);
  } else {
    return absl::InvalidArgumentError(
        fmt::format("a time or seconds are wanted, not {}", TypeName(args[1])));
  }
  return Value(FormatGoTime(layout, time));
}

// Texts that are no time give the year 1, as sprig has it.
absl::StatusOr<Value> ToDate(Arguments args) {
  const auto time = ParseGoTime(std::get<std::string>(args[0]), std::get<std::string>(args[1]),
                                absl::UTCTimeZone());
  return Value(time.value_or(ZeroTime()));
}

// layout, zone, text. An unknown zone is UTC.
absl::StatusOr<Value> ToDateInZone(Arguments args) {
  const absl::TimeZone zone = FindTimeZone(std::get<std::string>(args[1]));
  const auto time =
      ParseGoTime(std::get<std::string>(args[0]), std::get<std::string>(args[2]), zone);
  return Value(time.value_or(ZeroTime()));
}

absl::StatusOr<Value> UnixSeconds(Arguments args) {
  return Value(std::to_string(absl::ToUnixSeconds(std::get<TimeValue>(args[0]).time)));
}
absl::StatusOr<Value> UnixMillis(Arguments args) {
  return Value(std::to_string(absl::ToUnixMillis(std::get<TimeValue>(args[0]).time)));
}
absl::StatusOr<Value> UnixNanos(Arguments args) {
  return Value(std::to_string(absl::ToUnixNanos(std::get<TimeValue>(args[0]).time)));
}

// The unit follows from how many digits there are.
absl::StatusOr<Value> UnixToTime(Arguments args) {
  const std::string& text = std::get<std::string>(args[0]);
  int64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, count);
  std::optional<absl::Time> time;
  if (parsed.ec == std::errc() && parsed.ptr == end) {
    switch (text.size()) {
      case 5:
        time = absl::FromUnixSeconds(count * kSecondsPerDay);
        break;
      case 10:
        time = absl::FromUnixSeconds(count);
        break;
      case 13:
        time = absl::FromUnixMillis(count);
        break;
      case 16:
        time = absl::FromUnixMicros(count);
        break;
      case 19:
        time = absl::FromUnixNanos(count);
        break;
      default:
        break;
    }
  }
  if (!time.has_value()) {
    return absl::InvalidArgumentError(fmt::format("unable to parse time '{}'", text));
  }
  return Value(TimeValue{*time, absl::UTCTimeZone()});
}

}  // namespace

absl::Span<const TemplateFunction> TimeFunctions() {
  static constexpr TemplateFunction kFunctions[] = {
      {"date", 2, 2, Date, "sa"},
      {"toDate", 2, 2, ToDate, "ss"},
      {"toDateInZone", 3, 3, ToDateInZone, "sss"},
      {"unixEpoch", 1, 1, UnixSeconds, "t"},
      {"unixEpochMillis", 1, 1, UnixMillis, "t"},
      {"unixEpochNanos", 1, 1, UnixNanos, "t"},
      {"unixToTime", 1, 1, UnixToTime, "s"},
  };
  return kFunctions;
}

}  // namespace tidegate::logql
