#include "model/duration_text.h"

#include <fmt/format.h>

namespace tidegate::model {

std::string DurationText(int64_t milliseconds) {
  if (milliseconds == 0) return "0s";
  struct Unit {
    const char* name;
    uint64_t milliseconds;
    bool only_whole;
  };
  constexpr uint64_t kDay = 86'400'000;
  constexpr Unit kUnits[] = {{"y", 365 * kDay, true}, {"w", 7 * kDay, true}, {"d", kDay, false},
                             {"h", 3'600'000, false}, {"m", 60'000, false},  {"s", 1000, false},
                             {"ms", 1, false}};
  const bool negative = milliseconds < 0;
  uint64_t left = negative ? -static_cast<uint64_t>(milliseconds) : milliseconds;
  std::string text = negative ? "-" : "";
  for (const Unit& unit : kUnits) {
    const uint64_t count = left / unit.milliseconds;
    if (count == 0 || (unit.only_whole && left % unit.milliseconds != 0)) continue;
    text += fmt::format("{}{}", count, unit.name);
    left -= count * unit.milliseconds;
  }
  return text;
}

}  // namespace tidegate::model
