#include "query/promql/syntax/lex/number_text.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

#include "fmt/format.h"
#include "model/quote.h"
#include "query/promql/syntax/lex/characters.h"

namespace tidegate::promql {
namespace {

absl::Status ParseFailure(std::string_view function, std::string_view text,
                          std::string_view reason) {
  return absl::InvalidArgumentError(
      fmt::format("strconv.{}: parsing {}: {}", function, model::Quoted(text), reason));
}

bool HasHexPrefix(std::string_view text) {
  return text.size() >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

// A separator stands between two digits or between the prefix of a hexadecimal number and a digit.
bool SeparatorsAreInPlace(std::string_view text, size_t digits_begin) {
  for (size_t i = digits_begin; i < text.size(); ++i) {
    if (text[i] != '_') continue;
    const bool after = i + 1 < text.size() && HexDigitValue(text[i + 1]) < 16;
    const bool before = i == digits_begin ? digits_begin > 0 : HexDigitValue(text[i - 1]) < 16;
    if (!before || !after) return false;
  }
  return true;
}

std::string WithoutSeparators(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (const char c : text) {
    if (c != '_') plain.push_back(c);
  }
  return plain;
}

// The value if `digits` is an integer of that base and fits 64 bits.
std::optional<double> ReadInteger(std::string_view digits, int base) {
  int64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value, base);
  if (digits.empty() || error != std::errc() || stop != end) return std::nullopt;
  return static_cast<double>(value);
}

absl::StatusOr<double> ReadFraction(std::string_view text, const std::string& plain) {
  double value = 0;
  const char* end = plain.data() + plain.size();
  const auto [stop, error] = std::from_chars(plain.data(), end, value);
  if (stop != end || error == std::errc::invalid_argument) {
    return ParseFailure("ParseFloat", text, "invalid syntax");
  }
  // from_chars says "out of range" for both ends of the range; only one of them is a fault.
  if (error == std::errc::result_out_of_range) value = std::strtod(plain.c_str(), nullptr);
  if (std::isinf(value)) return ParseFailure("ParseFloat", text, "value out of range");
  return value;
}

}  // namespace

absl::StatusOr<double> ParseNumber(std::string_view text) {
  const std::string lower = AsciiLower(text);
  if (lower == "inf") return std::numeric_limits<double>::infinity();
  if (lower == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (!SeparatorsAreInPlace(text, HasHexPrefix(text) ? 2 : 0)) {
    return ParseFailure("ParseFloat", text, "invalid syntax");
  }
  const std::string plain = WithoutSeparators(text);
  if (HasHexPrefix(plain)) {
    const std::optional<double> value = ReadInteger(std::string_view(plain).substr(2), 16);
    if (value.has_value()) return *value;
    return ParseFailure("ParseFloat", text, "invalid syntax");
  }
  const bool octal = plain.size() > 1 && plain[0] == '0';
  if (octal) {
    const std::optional<double> value = ReadInteger(std::string_view(plain).substr(1), 8);
    if (value.has_value()) return *value;
  }
  return ReadFraction(text, plain);
}

absl::StatusOr<uint64_t> ParseCount(std::string_view text) {
  uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || stop != end || error == std::errc::invalid_argument) {
    return ParseFailure("ParseUint", text, "invalid syntax");
  }
  if (error == std::errc::result_out_of_range) {
    return ParseFailure("ParseUint", text, "value out of range");
  }
  return value;
}

std::string FormatNumber(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  // to_chars in fixed notation writes large values exactly; Go writes the shortest digits and fills
  // up with zeros. So take the shortest digits from the scientific form and place the point.
  char buffer[32];
  const auto [end, error] =
      std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::scientific);
  static_cast<void>(error);  // 32 bytes hold any double
  std::string_view text(buffer, static_cast<size_t>(end - buffer));
  std::string out;
  if (text.front() == '-') {
    out.push_back('-');
    text.remove_prefix(1);
  }
  const size_t e = text.find('e');
  std::string digits(1, text[0]);
  if (e > 1) digits += text.substr(2, e - 2);
  const int exponent = std::atoi(std::string(text.substr(e + 1)).c_str());
  const int point = exponent + 1;  // digits in front of the point
  const int count = static_cast<int>(digits.size());
  if (point <= 0) {
    out += "0." + std::string(static_cast<size_t>(-point), '0') + digits;
  } else if (point >= count) {
    out += digits + std::string(static_cast<size_t>(point - count), '0');
  } else {
    out += digits.substr(0, static_cast<size_t>(point)) + "." +
           digits.substr(static_cast<size_t>(point));
  }
  return out;
}

}  // namespace tidegate::promql
