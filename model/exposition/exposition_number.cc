#include "model/exposition/exposition_number.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <system_error>

#include "model/sample.h"

namespace tidegate::model {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// from_chars does not say whether the number was too large or too small: the exponent does, and
// without one (hundreds of digits) the part in front of the point.
bool IsTooSmall(std::string_view digits) {
  const size_t exponent = digits.find_first_of("eE");
  if (exponent != digits.npos) return digits.substr(exponent + 1).starts_with('-');
  return digits.starts_with("0") || digits.starts_with(".");
}

// Small whole numbers are most of what is scraped.
std::optional<double> ParseShortInteger(std::string_view text) {
  if (text.empty() || text.size() > 15) return std::nullopt;  // Exact in a double.
  uint64_t value = 0;
  for (const char c : text) {
    if (!IsDigit(c)) return std::nullopt;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  return static_cast<double>(value);
}

}  // namespace

std::optional<double> ParseExpositionFloat(std::string_view text) {
  if (const auto integer = ParseShortInteger(text)) return integer;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  // from_chars would take a second sign, and the long form of a NaN.
  if (text.starts_with('-') || text.find('(') != text.npos) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    if (!IsTooSmall(text)) return std::nullopt;
    value = 0;
  } else if (error != std::errc()) {
    return std::nullopt;
  }
  if (std::isnan(value)) return std::bit_cast<double>(kNormalNanBits);
  return negative ? -value : value;
}

std::optional<int64_t> ParseExpositionInteger(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace tidegate::model
