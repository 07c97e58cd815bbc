#include "control/monitors/notices/downtime.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "control/monitors/json/fields.h"
#include "control/monitors/settings/stored_resources.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<std::string_view, RecurrenceKind>, 5> kKinds = {
    {{"hourly", RecurrenceKind::kHourly},
     {"daily", RecurrenceKind::kDaily},
     {"weekly", RecurrenceKind::kWeekly},
     {"monthly", RecurrenceKind::kMonthly},
     {"yearly", RecurrenceKind::kYearly}}};

constexpr std::array<std::pair<std::string_view, absl::Weekday>, 7> kWeekdays = {
    {{"Sunday", absl::Weekday::sunday},
     {"Monday", absl::Weekday::monday},
     {"Tuesday", absl::Weekday::tuesday},
     {"Wednesday", absl::Weekday::wednesday},
     {"Thursday", absl::Weekday::thursday},
     {"Friday", absl::Weekday::friday},
     {"Saturday", absl::Weekday::saturday}}};

const absl::TimeZone kUtc = absl::UTCTimeZone();

// The last start of an occurrence at or before `time`, when they are a fixed time apart.
std::optional<absl::Time> LastRegular(const Downtime& downtime, absl::Time time,
                                      absl::Duration step) {
  if (time < downtime.start) return std::nullopt;
  absl::Duration rest;
  const int64_t count = absl::IDivDuration(time - downtime.start, step, &rest);
  return downtime.start + count * step;
}

std::optional<absl::Time> LastWeekly(const Downtime& downtime, absl::Time time) {
  const absl::CivilSecond start = absl::ToCivilSecond(downtime.start, kUtc);
  // Weeks begin on Sunday.
  const absl::CivilDay first_week =
      absl::PrevWeekday(absl::CivilDay(start) + 1, absl::Weekday::sunday);
  const absl::Duration in_day = downtime.start - absl::FromCivil(absl::CivilDay(start), kUtc);
  absl::CivilDay day = absl::ToCivilDay(time, kUtc);
  for (int64_t i = 0; i <= 7 * downtime.interval + 7; ++i, --day) {
    const absl::Time begin = absl::FromCivil(day, kUtc) + in_day;
    if (begin > time) continue;
    if (begin < downtime.start) return std::nullopt;
    const absl::CivilDay week = absl::PrevWeekday(day + 1, absl::Weekday::sunday);
    if ((week - first_week) / 7 % downtime.interval != 0) continue;
    const absl::Weekday weekday = absl::GetWeekday(day);
    const auto& days = downtime.weekdays;
    const bool fits = days.empty() ? weekday == absl::GetWeekday(absl::CivilDay(start))
                                   : std::find(days.begin(), days.end(), weekday) != days.end();
    if (fits) return begin;
  }
  return std::nullopt;
}

// Every `months` months, on the day of the start or the last one of the month.
std::optional<absl::Time> LastMonthly(const Downtime& downtime, absl::Time time, int64_t months) {
  const absl::CivilSecond start = absl::ToCivilSecond(downtime.start, kUtc);
  const absl::CivilMonth first(start);
  const absl::Duration in_day = downtime.start - absl::FromCivil(absl::CivilDay(start), kUtc);
  const absl::CivilMonth now(absl::ToCivilSecond(time, kUtc));
  for (int64_t count = (now - first) / months; count >= 0; --count) {
    const absl::CivilMonth month = first + count * months;
    const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
    const absl::CivilDay day = std::min(absl::CivilDay(month) + (start.day() - 1), last);
    const absl::Time begin = absl::FromCivil(day, kUtc) + in_day;
    if (begin <= time) return begin;
  }
  return std::nullopt;
}

std::optional<absl::Time> LastStart(const Downtime& downtime, absl::Time time) {
  switch (downtime.recurrence) {
    case RecurrenceKind::kHourly:
      return LastRegular(downtime, time, downtime.interval * absl::Hours(1));
    case RecurrenceKind::kDaily:
      return LastRegular(downtime, time, downtime.interval * absl::Hours(24));
    case RecurrenceKind::kWeekly:
      return LastWeekly(downtime, time);
    case RecurrenceKind::kMonthly:
      return LastMonthly(downtime, time, downtime.interval);
    case RecurrenceKind::kYearly:
      return LastMonthly(downtime, time, 12 * downtime.interval);
    case RecurrenceKind::kNone:
      break;
  }
  return time < downtime.start ? std::nullopt : std::optional(downtime.start);
}

std::vector<Scope> Scopes(const json::object& object, std::string_view services,
                          std::string_view roles) {
  std::vector<Scope> scopes;
  for (const std::string_view member : {services, roles}) {
    for (const std::string& text : TextsOf(object, member)) scopes.push_back(ParseScope(text));
  }
  return scopes;
}

bool AnyFits(const std::vector<Scope>& scopes, const std::vector<Scope>& watched) {
  for (const Scope& scope : scopes) {
    for (const Scope& one : watched) {
      if (one.service == scope.service && (scope.role.empty() || one.role == scope.role)) {
        return true;
      }
    }
  }
  return false;
}

bool Contains(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

Downtime DecodeDowntime(const json::object& object) {
  Downtime downtime;
  downtime.start = absl::FromUnixSeconds(IntegerOf(object, "start"));
  downtime.duration = absl::Minutes(IntegerOf(object, "duration"));
  downtime.scopes = Scopes(object, "serviceScopes", "roleScopes");
  downtime.exclude_scopes = Scopes(object, "serviceExcludeScopes", "roleExcludeScopes");
  downtime.monitors = TextsOf(object, "monitorScopes");
  downtime.exclude_monitors = TextsOf(object, "monitorExcludeScopes");
  const json::value* const value = object.if_contains("recurrence");
  if (value == nullptr || !value->is_object()) return downtime;
  const json::object& recurrence = value->get_object();
  for (const auto& [name, kind] : kKinds) {
    if (TextOf(recurrence, "type") == name) downtime.recurrence = kind;
  }
  downtime.interval = std::max<int64_t>(1, IntegerOf(recurrence, "interval", 1));
  if (const int64_t until = IntegerOf(recurrence, "until"); until != 0) {
    downtime.until = absl::FromUnixSeconds(until);
  }
  const std::vector<std::string> days = TextsOf(recurrence, "weekdays");
  for (const auto& [name, day] : kWeekdays) {
    if (Contains(days, std::string(name))) downtime.weekdays.push_back(day);
  }
  return downtime;
}

bool IsActive(const Downtime& downtime, absl::Time time) {
  const auto begin = LastStart(downtime, std::min(time, downtime.until));
  return begin.has_value() && time < *begin + downtime.duration;
}

bool Covers(const Downtime& downtime, const std::string& monitor,
            const std::vector<Scope>& watched) {
  if (!downtime.monitors.empty() && !Contains(downtime.monitors, monitor)) return false;
  if (Contains(downtime.exclude_monitors, monitor)) return false;
  if (!downtime.scopes.empty() && !AnyFits(downtime.scopes, watched)) return false;
  return !AnyFits(downtime.exclude_scopes, watched);
}

absl::StatusOr<std::vector<Downtime>> LoadDowntimes(storage::Documents* documents,
                                                    const std::string& tenant) {
  const auto found = documents->List(fmt::format("downtimes/{}/", tenant), "", 0);
  if (!found.ok()) return found.status();
  std::vector<Downtime> downtimes;
  for (const storage::Document& document : *found) {
    const auto object = StoredObject(document);
    if (!object.ok()) return object.status();
    downtimes.push_back(DecodeDowntime(*object));
  }
  return downtimes;
}

bool IsInDowntime(const std::vector<Downtime>& downtimes, const std::string& monitor,
                  const std::vector<Scope>& watched, absl::Time time) {
  return std::any_of(downtimes.begin(), downtimes.end(), [&](const Downtime& downtime) {
    return Covers(downtime, monitor, watched) && IsActive(downtime, time);
  });
}

}  // namespace tidegate::control
