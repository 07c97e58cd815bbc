#include "query/vector/go_float.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

namespace tidegate::query {
namespace {

std::optional<std::string> Special(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return std::nullopt;
}

// Digits with exponent ("1.5e+20"), shortest.
std::string Scientific(double value) {
  std::array<char, 40> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                    std::chars_format::scientific);
  return std::string(buffer.data(), result.ptr);
}

std::string Fixed(double value) {
  std::array<char, 400> buffer;
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  return std::string(buffer.data(), result.ptr);
}

int ExponentOf(std::string_view scientific) {
  const size_t e = scientific.find('e');
  size_t digits = e + 1;
  const bool negative = scientific[digits] == '-';
  if (negative || scientific[digits] == '+') ++digits;
  int exponent = 0;
  std::from_chars(scientific.data() + digits, scientific.data() + scientific.size(), exponent);
  return negative ? -exponent : exponent;
}

std::string Lowered(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                 [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  return lowered;
}

}  // namespace

std::string FormatG(double value) {
  if (const auto special = Special(value)) return *special;
  if (value == 0) return std::signbit(value) ? "-0" : "0";
  const std::string scientific = Scientific(value);
  const int exponent = ExponentOf(scientific);
  return exponent < -4 || exponent >= 6 ? scientific : Fixed(value);
}

std::string FormatG2(double value) {
  if (const auto special = Special(value)) return *special;
  return fmt::format("{:.2g}", value);
}

std::string FormatOpenMetricsFloat(double value) {
  if (value == 0) return std::signbit(value) ? "-0.0" : "0.0";
  std::string text = FormatG(value);
  if (std::isfinite(value) && text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::optional<double> ParseFloat(std::string_view text) {
  std::string lowered = Lowered(text);
  std::string_view rest = lowered;
  bool negative = false;
  if (!rest.empty() && (rest[0] == '+' || rest[0] == '-')) {
    negative = rest[0] == '-';
    rest.remove_prefix(1);
  }
  double value = 0;
  if (rest == "inf" || rest == "infinity") {
    value = std::numeric_limits<double>::infinity();
  } else if (rest == "nan") {
    return std::numeric_limits<double>::quiet_NaN();
  } else {
    auto format = std::chars_format::general;
    if (rest.starts_with("0x")) {
      rest.remove_prefix(2);
      if (rest.find('p') == std::string_view::npos) return std::nullopt;
      format = std::chars_format::hex;
    }
    if (rest.empty() || !(rest[0] == '.' || std::isxdigit(static_cast<unsigned char>(rest[0])))) {
      return std::nullopt;
    }
    const auto result = std::from_chars(rest.data(), rest.data() + rest.size(), value, format);
    if (result.ec != std::errc() || result.ptr != rest.data() + rest.size()) return std::nullopt;
  }
  return negative ? -value : value;
}

double GoMax(double a, double b) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (a == kInfinity || b == kInfinity) return kInfinity;
  if (std::isnan(a) || std::isnan(b)) return std::numeric_limits<double>::quiet_NaN();
  if (a == 0 && a == b) return std::signbit(a) ? b : a;
  return a > b ? a : b;
}

double GoMin(double a, double b) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (a == -kInfinity || b == -kInfinity) return -kInfinity;
  if (std::isnan(a) || std::isnan(b)) return std::numeric_limits<double>::quiet_NaN();
  if (a == 0 && a == b) return std::signbit(a) ? a : b;
  return a < b ? a : b;
}

double GoMod(double a, double b) { return std::fmod(a, b); }

}  // namespace tidegate::query
