#include "query/promql/syntax/lex/duration_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "fmt/format.h"
#include "model/quote.h"
#include "query/promql/syntax/lex/characters.h"

namespace tidegate::promql {
namespace {

struct Unit {
  std::string_view name;
  int64_t ms;
  bool only_whole;  // written only if it divides the duration: 90d reads better than 12w6d
};

// From long to short.
constexpr std::array kUnits = {
    Unit{"y", int64_t{365} * 24 * 3600 * 1000, true},
    Unit{"w", int64_t{7} * 24 * 3600 * 1000, true},
    Unit{"d", int64_t{24} * 3600 * 1000, false},
    Unit{"h", int64_t{3600} * 1000, false},
    Unit{"m", int64_t{60} * 1000, false},
    Unit{"s", int64_t{1000}, false},
    Unit{"ms", int64_t{1}, false},
};

// Go holds durations as 63 bits of nanoseconds.
constexpr int64_t kMaxMs = INT64_MAX / 1'000'000;

absl::Status NotADuration(std::string_view text) {
  return absl::InvalidArgumentError(
      fmt::format("not a valid duration string: {}", model::Quoted(text)));
}

// Moves the longest prefix of digits (or of other characters) from `*rest` to the result.
std::string_view TakeWhileDigit(bool digit, std::string_view* rest) {
  const auto* stop =
      std::find_if(rest->begin(), rest->end(), [digit](char c) { return IsDigit(c) != digit; });
  const std::string_view taken = rest->substr(0, static_cast<size_t>(stop - rest->begin()));
  rest->remove_prefix(taken.size());
  return taken;
}

}  // namespace

absl::StatusOr<int64_t> ParseDurationMs(std::string_view text) {
  if (text.empty()) return absl::InvalidArgumentError("empty duration string");
  if (text == "0") return 0;
  const auto* next_unit = kUnits.begin();
  int64_t total = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view digits = TakeWhileDigit(true, &rest);
    const std::string_view name = TakeWhileDigit(false, &rest);
    uint64_t count = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, count);
    if (stop != end || error != std::errc() || name.empty()) return NotADuration(text);

    const auto* unit = std::find_if(kUnits.begin(), kUnits.end(),
                                    [name](const Unit& u) { return u.name == name; });
    if (unit == kUnits.end()) {
      return absl::InvalidArgumentError(
          fmt::format("unknown unit {} in duration {}", model::Quoted(name), model::Quoted(text)));
    }
    if (unit < next_unit) return NotADuration(text);
    next_unit = std::next(unit);
    if (count > static_cast<uint64_t>((kMaxMs - total) / unit->ms)) {
      return absl::InvalidArgumentError("duration out of range");
    }
    total += static_cast<int64_t>(count) * unit->ms;
  }
  return total;
}

std::string FormatDurationMs(int64_t ms) {
  if (ms == 0) return "0s";
  std::string out;
  for (const Unit& unit : kUnits) {
    if (unit.only_whole && ms % unit.ms != 0) continue;
    const int64_t count = ms / unit.ms;
    if (count == 0) continue;
    fmt::format_to(std::back_inserter(out), "{}{}", count, unit.name);
    ms -= count * unit.ms;
  }
  return out;
}

}  // namespace tidegate::promql
