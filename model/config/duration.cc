#include "model/config/duration.h"

#include <charconv>
#include <limits>

#include "fmt/format.h"

namespace tidegate::model {
namespace {

struct Unit {
  std::string_view name;
  int64_t milliseconds;
};

// Largest first: the order in which they may follow each other.
constexpr Unit kUnits[] = {{"y", 365LL * 24 * 3600 * 1000},
                           {"w", 7LL * 24 * 3600 * 1000},
                           {"d", 24LL * 3600 * 1000},
                           {"h", 3600LL * 1000},
                           {"m", 60LL * 1000},
                           {"s", 1000},
                           {"ms", 1}};

// Takes digits off the front; false when there are none or too many.
bool TakeNumber(std::string_view* text, uint64_t* number) {
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), *number);
  if (error != std::errc()) return false;
  text->remove_prefix(end - text->data());
  return true;
}

// The unit at the front is everything up to the next digit.
std::string_view TakeUnit(std::string_view* text) {
  const std::string_view unit = text->substr(0, text->find_first_of("0123456789"));
  text->remove_prefix(unit.size());
  return unit;
}

absl::Status NotADuration(std::string_view text) {
  return absl::InvalidArgumentError(
      fmt::format("\"{}\" is not a duration; write for example 30s, 1h30m or 15d", text));
}

}  // namespace

absl::StatusOr<absl::Duration> ParseDuration(std::string_view text) {
  if (text == "0") return absl::ZeroDuration();
  std::string_view rest = text;
  if (rest.empty()) return NotADuration(text);
  int64_t total = 0;
  const Unit* allowed = std::begin(kUnits);
  while (!rest.empty()) {
    uint64_t number = 0;
    if (!TakeNumber(&rest, &number)) return NotADuration(text);
    const std::string_view name = TakeUnit(&rest);
    while (allowed != std::end(kUnits) && allowed->name != name) ++allowed;
    if (allowed == std::end(kUnits)) return NotADuration(text);
    int64_t part = 0;
    if (number > static_cast<uint64_t>(std::numeric_limits<int64_t>::max() / 1000000) ||
        __builtin_mul_overflow(static_cast<int64_t>(number), allowed->milliseconds, &part) ||
        __builtin_add_overflow(total, part, &total) ||
        total > std::numeric_limits<int64_t>::max() / 1000000) {
      return absl::InvalidArgumentError(fmt::format("the duration \"{}\" is too long", text));
    }
    ++allowed;
  }
  return absl::Milliseconds(total);
}

absl::StatusOr<uint64_t> ParseBytes(std::string_view text) {
  std::string_view rest = text;
  uint64_t number = 0;
  const absl::Status wrong = absl::InvalidArgumentError(
      fmt::format("\"{}\" is not a size; write for example 4096, 32MB or 1GB", text));
  if (!TakeNumber(&rest, &number)) return wrong;
  if (rest.empty() || rest == "B") return number;
  constexpr std::string_view kPrefixes = "KMGT";
  const size_t power = kPrefixes.find(rest.front());
  const std::string_view suffix = rest.substr(1);
  if (power == std::string_view::npos || (suffix != "B" && suffix != "iB" && !suffix.empty())) {
    return wrong;
  }
  if (__builtin_mul_overflow(number, uint64_t{1} << (10 * (power + 1)), &number)) return wrong;
  return number;
}

}  // namespace tidegate::model
