#include "query/promql/functions/time.h"

#include <cstdint>
#include <limits>

#include "query/promql/functions/map_floats.h"

namespace tidegate::promql {
namespace {

struct CivilTime {
  int64_t year;
  int month;     // 1..12
  int day;       // 1..31
  int64_t days;  // Since 1970-01-01.
  int second_of_day;
};

bool IsLeap(int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int DaysIn(int64_t year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDays[month - 1];
}

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Go counts seconds from the year -292277022399 on, without a sign: what lies before wraps to the
// far future. NaN and the infinities do (ToSeconds), so their year is 292277026596.
constexpr uint64_t kGoEpochDays = 106751991073094;  // From there to 1970-01-01.
constexpr uint64_t kSecondsPerDay = 86400;

// Days to a calendar date, by 400-year eras that begin in March.
CivilTime ToCivil(int64_t seconds) {
  const uint64_t absolute = static_cast<uint64_t>(seconds) + kGoEpochDays * kSecondsPerDay;
  const auto days = static_cast<int64_t>(absolute / kSecondsPerDay - kGoEpochDays);
  const int64_t shifted = days + 719468;  // Days since 0000-03-01.
  const int64_t era = FloorDiv(shifted, 146097);
  const int64_t day_of_era = shifted - era * 146097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;  // 0 = March.
  const int day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  const int month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day, days,
          static_cast<int>(absolute % kSecondsPerDay)};
}

// Go's conversion of a float to seconds; what does not fit becomes the smallest integer, as on
// amd64.
int64_t ToSeconds(double value) {
  constexpr double kLimit = 9223372036854775808.0;
  if (!(value >= -kLimit && value < kLimit)) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(value);
}

template <typename Part>
Value CalendarPart(InstantCall& call, Part part) {
  const auto of_seconds = [&part](int64_t seconds) {
    return static_cast<double>(part(ToCivil(seconds)));
  };
  if (!call.args.empty()) {
    return MapFloats(call, [&](double value, size_t) { return of_seconds(ToSeconds(value)); });
  }
  StepSeries series(model::Labels(), call.grid.size());
  for (size_t i = 0; i < call.grid.size(); ++i)
    series.SetFloat(i, of_seconds(call.grid.at(i) / 1000));
  StepVector vector;
  vector.push_back(std::move(series));
  return vector;
}

int DayOfYearOf(const CivilTime& time) {
  int day = time.day;
  for (int month = 1; month < time.month; ++month) day += DaysIn(time.year, month);
  return day;
}

}  // namespace

absl::StatusOr<Value> Time(InstantCall& call) {
  ScalarColumn column(call.grid.size());
  for (size_t i = 0; i < column.size(); ++i) {
    column[i] = static_cast<double>(call.grid.at(i)) / 1000;
  }
  return Value(std::move(column));
}

absl::StatusOr<Value> DaysInMonth(InstantCall& call) {
  return CalendarPart(call, [](const CivilTime& time) { return DaysIn(time.year, time.month); });
}

absl::StatusOr<Value> DayOfMonth(InstantCall& call) {
  return CalendarPart(call, [](const CivilTime& time) { return time.day; });
}

absl::StatusOr<Value> DayOfWeek(InstantCall& call) {
  // 1970-01-01 was a Thursday.
  return CalendarPart(call, [](const CivilTime& time) { return (time.days % 7 + 7 + 4) % 7; });
}

absl::StatusOr<Value> DayOfYear(InstantCall& call) { return CalendarPart(call, DayOfYearOf); }

absl::StatusOr<Value> Hour(InstantCall& call) {
  return CalendarPart(call, [](const CivilTime& time) { return time.second_of_day / 3600; });
}

absl::StatusOr<Value> Minute(InstantCall& call) {
  return CalendarPart(call, [](const CivilTime& time) { return time.second_of_day / 60 % 60; });
}

absl::StatusOr<Value> Month(InstantCall& call) {
  return CalendarPart(call, [](const CivilTime& time) { return time.month; });
}

absl::StatusOr<Value> Year(InstantCall& call) {
  return CalendarPart(call, [](const CivilTime& time) { return time.year; });
}

absl::StatusOr<Value> TimestampOfExpression(InstantCall& call) {
  StepVector vector = call.TakeVector(0);
  for (StepSeries& series : vector) {
    for (size_t i = 0; i < series.steps(); ++i) {
      if (series.has(i)) series.SetFloat(i, static_cast<double>(call.grid.at(i)) / 1000);
    }
    series.histograms.clear();
    series.drop_name = true;
  }
  return Value(std::move(vector));
}

}  // namespace tidegate::promql
