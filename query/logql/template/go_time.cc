#include "query/logql/template/go_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdint>

#include "absl/time/civil_time.h"
#include "query/logql/template/go_layout.h"

namespace tidegate::logql {
namespace {

constexpr std::string_view kMonths[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
constexpr std::string_view kWeekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                          "Friday", "Saturday", "Sunday"};
constexpr size_t kShort = 3;  // Letters of a short name.
constexpr size_t kNanoDigits = 9;

// -0700, Z07:00 and their like.
std::string ZoneText(const LayoutPart& part, int offset) {
  if (part.zone_z && offset == 0) return "Z";
  const int seconds = offset < 0 ? -offset : offset;
  const char* const colon = part.zone_colons ? ":" : "";
  std::string text = fmt::format("{}{:02}", offset < 0 ? '-' : '+', seconds / 3600);
  if (part.zone_parts > 1) text += fmt::format("{}{:02}", colon, seconds / 60 % 60);
  if (part.zone_parts > 2) text += fmt::format("{}{:02}", colon, seconds % 60);
  return text;
}

std::string FractionText(const LayoutPart& part, absl::Duration subsecond) {
  std::string digits = fmt::format("{:09}", absl::ToInt64Nanoseconds(subsecond));
  digits.resize(std::max(part.digits, kNanoDigits), '0');
  digits.resize(part.digits);
  if (part.element == LayoutElement::kFraction9) {
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.empty()) return {};
  }
  return part.point + digits;
}

// In a zone without a name of its own, Go prints the offset.
std::string ZoneName(const absl::TimeZone::CivilInfo& info) {
  const std::string_view name = info.zone_abbr;
  if (!name.starts_with("UTC+") && !name.starts_with("UTC-") && !name.starts_with("Fixed")) {
    return std::string(name);
  }
  LayoutPart part;
  part.zone_parts = info.offset % 3600 == 0 ? 1 : 2;
  return ZoneText(part, info.offset);
}

std::string ElementText(const LayoutPart& part, const absl::TimeZone::CivilInfo& info) {
  const absl::CivilSecond& cs = info.cs;
  const auto month = static_cast<size_t>(cs.month() - 1);
  const auto weekday = static_cast<size_t>(absl::GetWeekday(cs));
  const int hour12 = cs.hour() % 12 == 0 ? 12 : cs.hour() % 12;
  const int year_day = absl::GetYearDay(absl::CivilDay(cs));
  const auto year = static_cast<long long>(cs.year());
  switch (part.element) {
    case LayoutElement::kNone:
      return {};
    case LayoutElement::kLongMonth:
      return std::string(kMonths[month]);
    case LayoutElement::kMonth:
      return std::string(kMonths[month].substr(0, kShort));
    case LayoutElement::kNumberMonth:
      return fmt::format("{}", cs.month());
    case LayoutElement::kZeroMonth:
      return fmt::format("{:02}", cs.month());
    case LayoutElement::kLongWeekday:
      return std::string(kWeekdays[weekday]);
    case LayoutElement::kWeekday:
      return std::string(kWeekdays[weekday].substr(0, kShort));
    case LayoutElement::kDay:
      return fmt::format("{}", cs.day());
    case LayoutElement::kUnderDay:
      return fmt::format("{:2}", cs.day());
    case LayoutElement::kZeroDay:
      return fmt::format("{:02}", cs.day());
    case LayoutElement::kUnderYearDay:
      return fmt::format("{:3}", year_day);
    case LayoutElement::kZeroYearDay:
      return fmt::format("{:03}", year_day);
    case LayoutElement::kHour:
      return fmt::format("{:02}", cs.hour());
    case LayoutElement::kHour12:
      return fmt::format("{}", hour12);
    case LayoutElement::kZeroHour12:
      return fmt::format("{:02}", hour12);
    case LayoutElement::kMinute:
      return fmt::format("{}", cs.minute());
    case LayoutElement::kZeroMinute:
      return fmt::format("{:02}", cs.minute());
    case LayoutElement::kSecond:
      return fmt::format("{}", cs.second());
    case LayoutElement::kZeroSecond:
      return fmt::format("{:02}", cs.second());
    case LayoutElement::kLongYear:
      return fmt::format("{:04}", year);
    case LayoutElement::kYear:
      return fmt::format("{:02}", (year % 100 + 100) % 100);
    case LayoutElement::kUpperHalf:
      return cs.hour() >= 12 ? "PM" : "AM";
    case LayoutElement::kLowerHalf:
      return cs.hour() >= 12 ? "pm" : "am";
    case LayoutElement::kZoneName:
      return ZoneName(info);
    case LayoutElement::kZone:
      return ZoneText(part, info.offset);
    case LayoutElement::kFraction0:
    case LayoutElement::kFraction9:
      return FractionText(part, info.subsecond);
  }
  return {};
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// One text against one layout. Lives for one call.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool Read(std::string_view layout) {
    while (true) {
      const LayoutPart part = TakeLayoutPart(&layout);
      if (!Prefix(part.prefix)) return false;
      if (part.element == LayoutElement::kNone) return rest_.empty();
      if (!Element(part, layout)) return false;
    }
  }

  std::optional<TimeValue> Time(absl::TimeZone zone) const {
    int hour = hour_;
    if (half_ == Half::kAfternoon && hour < 12) hour += 12;
    if (half_ == Half::kMorning && hour == 12) hour = 0;
    absl::CivilSecond second(year_, month_ < 0 ? 1 : month_, day_ < 0 ? 1 : day_, hour, minute_,
                             second_);
    if (year_day_ >= 0) {
      const absl::CivilDay day = absl::CivilDay(year_, 1, 1) + (year_day_ - 1);
      const bool fits = day.year() == year_ && year_day_ > 0;
      const bool same = (month_ < 0 || day.month() == month_) && (day_ < 0 || day.day() == day_);
      if (!fits || !same) return std::nullopt;
      second = absl::CivilSecond(year_, day.month(), day.day(), hour, minute_, second_);
    } else if (month_ >= 0 && second.month() != month_) {
      return std::nullopt;  // February 30th.
    } else if (day_ >= 0 && second.day() != day_) {
      return std::nullopt;
    }
    if (has_offset_) zone = absl::FixedTimeZone(offset_);
    if (utc_) zone = absl::UTCTimeZone();
    return TimeValue{absl::FromCivil(second, zone) + absl::Nanoseconds(nanoseconds_), zone};
  }

 private:
  enum class Half { kNone, kMorning, kAfternoon };

  // A blank of the layout stands for any number of blanks.
  bool Prefix(std::string_view prefix) {
    while (!prefix.empty()) {
      if (prefix.front() == ' ') {
        if (!rest_.empty() && rest_.front() != ' ') return false;
        while (prefix.starts_with(' ')) prefix.remove_prefix(1);
        while (rest_.starts_with(' ')) rest_.remove_prefix(1);
        continue;
      }
      if (rest_.empty() || rest_.front() != prefix.front()) return false;
      prefix.remove_prefix(1);
      rest_.remove_prefix(1);
    }
    return true;
  }

  // `least` to `most` digits; a number in [from, to].
  bool Number(size_t least, size_t most, int from, int to, int* value) {
    size_t size = 0;
    int number = 0;
    while (size < most && size < rest_.size() && IsDigit(rest_[size])) {
      number = 10 * number + (rest_[size++] - '0');
    }
    if (size < least || number < from || number > to) return false;
    rest_.remove_prefix(size);
    *value = number;
    return true;
  }

  template <size_t kCount>
  bool Name(const std::string_view (&names)[kCount], bool is_short, int* index) {
    for (size_t i = 0; i < kCount; ++i) {
      const std::string_view name = is_short ? names[i].substr(0, kShort) : names[i];
      const bool equal = rest_.size() >= name.size() &&
                         std::equal(name.begin(), name.end(), rest_.begin(), [](char a, char b) {
                           return std::tolower(static_cast<unsigned char>(a)) ==
                                  std::tolower(static_cast<unsigned char>(b));
                         });
      if (!equal) continue;
      rest_.remove_prefix(name.size());
      *index = static_cast<int>(i);
      return true;
    }
    return false;
  }

  bool Element(const LayoutPart& part, std::string_view layout) {
    int ignored = 0;
    switch (part.element) {
      case LayoutElement::kNone:
        return false;
      case LayoutElement::kLongMonth:
      case LayoutElement::kMonth:
        if (!Name(kMonths, part.element == LayoutElement::kMonth, &month_)) return false;
        ++month_;
        return true;
      case LayoutElement::kNumberMonth:
        return Number(1, 2, 1, 12, &month_);
      case LayoutElement::kZeroMonth:
        return Number(2, 2, 1, 12, &month_);
      case LayoutElement::kLongWeekday:
      case LayoutElement::kWeekday:
        return Name(kWeekdays, part.element == LayoutElement::kWeekday, &ignored);
      case LayoutElement::kUnderDay:
        if (rest_.starts_with(' ')) rest_.remove_prefix(1);
        return Number(1, 2, 1, 31, &day_);
      case LayoutElement::kDay:
        return Number(1, 2, 1, 31, &day_);
      case LayoutElement::kZeroDay:
        return Number(2, 2, 1, 31, &day_);
      case LayoutElement::kUnderYearDay:
        while (rest_.starts_with(' ')) rest_.remove_prefix(1);
        return Number(1, 3, 1, 366, &year_day_);
      case LayoutElement::kZeroYearDay:
        return Number(3, 3, 1, 366, &year_day_);
      case LayoutElement::kHour:
        return Number(1, 2, 0, 23, &hour_);
      case LayoutElement::kHour12:
        return Number(1, 2, 0, 12, &hour_);
      case LayoutElement::kZeroHour12:
        return Number(2, 2, 0, 12, &hour_);
      case LayoutElement::kMinute:
        return Number(1, 2, 0, 59, &minute_);
      case LayoutElement::kZeroMinute:
        return Number(2, 2, 0, 59, &minute_);
      case LayoutElement::kSecond:
        return Number(1, 2, 0, 59, &second_) && FractionBehind(layout);
      case LayoutElement::kZeroSecond:
        return Number(2, 2, 0, 59, &second_) && FractionBehind(layout);
      case LayoutElement::kLongYear:
        return Number(4, 4, 0, 9999, &year_);
      case LayoutElement::kYear:
        if (!Number(2, 2, 0, 99, &year_)) return false;
        year_ += year_ >= 69 ? 1900 : 2000;
        return true;
      case LayoutElement::kUpperHalf:
        return HalfOfDay("AM", "PM");
      case LayoutElement::kLowerHalf:
        return HalfOfDay("am", "pm");
      case LayoutElement::kZoneName:
        return NamedZone();
      case LayoutElement::kZone:
        return Zone(part);
      case LayoutElement::kFraction0:
        return Fraction(part.digits);
      case LayoutElement::kFraction9:
        return FractionIfAny();
    }
    return false;
  }

  bool AtFraction() const {
    return rest_.size() >= 2 && (rest_[0] == '.' || rest_[0] == ',') && IsDigit(rest_[1]);
  }

  // Behind seconds a fraction may stand that the layout does not have.
  bool FractionBehind(std::string_view layout) {
    const LayoutPart next = TakeLayoutPart(&layout);
    const bool has_own = next.prefix.empty() && (next.element == LayoutElement::kFraction0 ||
                                                 next.element == LayoutElement::kFraction9);
    return has_own || FractionIfAny();
  }

  bool FractionIfAny() {
    if (!AtFraction()) return true;
    size_t digits = 0;
    while (digits + 1 < rest_.size() && IsDigit(rest_[digits + 1])) ++digits;
    return Fraction(digits);
  }

  bool Fraction(size_t digits) {
    if (!AtFraction() || rest_.size() < digits + 1) return false;
    int64_t value = 0;
    for (size_t i = 0; i < std::max(digits, kNanoDigits); ++i) {
      if (i < digits && !IsDigit(rest_[i + 1])) return false;
      if (i < kNanoDigits) value = 10 * value + (i < digits ? rest_[i + 1] - '0' : 0);
    }
    nanoseconds_ = value;
    rest_.remove_prefix(digits + 1);
    return true;
  }

  bool HalfOfDay(std::string_view morning, std::string_view afternoon) {
    if (!rest_.starts_with(morning) && !rest_.starts_with(afternoon)) return false;
    half_ = rest_.starts_with(morning) ? Half::kMorning : Half::kAfternoon;
    rest_.remove_prefix(morning.size());
    return true;
  }

  // Only UTC and GMT are known by name; others stand for UTC too, as where Go does not know them.
  bool NamedZone() {
    size_t size = 0;
    while (size < rest_.size() && rest_[size] >= 'A' && rest_[size] <= 'Z') ++size;
    constexpr size_t kLeast = 3;
    constexpr size_t kMost = 5;
    if (size < kLeast || size > kMost) return false;
    rest_.remove_prefix(size);
    utc_ = true;
    return true;
  }

  bool Zone(const LayoutPart& part) {
    if (part.zone_z && rest_.starts_with('Z')) {
      rest_.remove_prefix(1);
      utc_ = true;
      return true;
    }
    if (!rest_.starts_with('+') && !rest_.starts_with('-')) return false;
    const int sign = rest_.front() == '-' ? -1 : 1;
    rest_.remove_prefix(1);
    constexpr int kMost[] = {24, 60, 60};
    int offset = 0;
    for (int i = 0, unit = 3600; i < part.zone_parts; ++i, unit /= 60) {
      if (i > 0 && part.zone_colons) {
        if (!rest_.starts_with(':')) return false;
        rest_.remove_prefix(1);
      }
      int value = 0;
      if (!Number(2, 2, 0, kMost[i], &value)) return false;
      offset += value * unit;
    }
    offset_ = sign * offset;
    has_offset_ = true;
    utc_ = false;
    return true;
  }

  std::string_view rest_;
  int year_ = 0;
  int month_ = -1, day_ = -1, year_day_ = -1;  // -1: not named.
  int hour_ = 0, minute_ = 0, second_ = 0;
  int64_t nanoseconds_ = 0;
  Half half_ = Half::kNone;
  bool utc_ = false;
  bool has_offset_ = false;
  int offset_ = 0;  // Seconds east of UTC.
};

}  // namespace

std::string FormatGoTime(std::string_view layout, const TimeValue& time) {
  const absl::TimeZone::CivilInfo info = time.zone.At(time.time);
  std::string text;
  while (true) {
    const LayoutPart part = TakeLayoutPart(&layout);
    text += part.prefix;
    if (part.element == LayoutElement::kNone) return text;
    text += ElementText(part, info);
  }
}

std::optional<TimeValue> ParseGoTime(std::string_view layout, std::string_view text,
                                     absl::TimeZone zone) {
  Reader reader(text);
  if (!reader.Read(layout)) return std::nullopt;
  return reader.Time(zone);
}

}  // namespace tidegate::logql
