#include "api/json/number_text.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tidegate::api {
namespace {

constexpr double kSmallestPlain = 1e-6;
constexpr double kFirstExponent = 1e21;
// Below it every integer is a double and the other way round.
constexpr double kExactIntegers = 9007199254740992.0;

char* Copy(std::string_view text, char* out) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

// 1e-07 becomes 1e-7; positive exponents have two digits anyway.
char* WriteScientific(double value, char* out) {
  char* end = std::to_chars(out, out + kMaxNumberText, value, std::chars_format::scientific).ptr;
  if (end - out >= 4 && end[-4] == 'e' && end[-3] == '-' && end[-2] == '0') {
    end[-2] = end[-1];
    --end;
  }
  return end;
}

// Integers from 2^53 on. std::to_chars would print all their digits; Go prints the shortest ones
// that identify the double and fills up with zeros.
char* WriteLargeInteger(double value, char* out) {
  char digits[kMaxNumberText];
  const char* end =
      std::to_chars(digits, digits + kMaxNumberText, value, std::chars_format::scientific).ptr;
  const char* e = static_cast<const char*>(std::memchr(digits, 'e', end - digits));
  int exponent = 0;
  std::from_chars(e + 2, end, exponent);  // Past "e+".
  *out++ = digits[0];
  for (const char* d = digits + 2; d < e; ++d, --exponent) *out++ = *d;
  for (; exponent > 0; --exponent) *out++ = '0';
  return out;
}

}  // namespace

char* WriteFloat(double value, char* out) {
  if (std::isnan(value)) return Copy("NaN", out);
  if (std::isinf(value)) return Copy(value > 0 ? "+Inf" : "-Inf", out);
  if (std::signbit(value)) {
    *out++ = '-';
    value = -value;
  }
  if (value < kExactIntegers) {
    const auto integer = static_cast<int64_t>(value);
    if (static_cast<double>(integer) == value) {
      return std::to_chars(out, out + kMaxNumberText, integer).ptr;
    }
  }
  if (value < kSmallestPlain || value >= kFirstExponent) return WriteScientific(value, out);
  if (value >= kExactIntegers) return WriteLargeInteger(value, out);
  return std::to_chars(out, out + kMaxNumberText, value, std::chars_format::fixed).ptr;
}

char* WriteTimestamp(model::TimestampMs timestamp, char* out) {
  // Unsigned, so that the smallest number can be negated.
  uint64_t magnitude = static_cast<uint64_t>(timestamp);
  if (timestamp < 0) {
    *out++ = '-';
    magnitude = 0 - magnitude;
  }
  out = std::to_chars(out, out + kMaxNumberText, magnitude / 1000).ptr;
  const auto milliseconds = static_cast<int>(magnitude % 1000);
  if (milliseconds == 0) return out;
  out[0] = '.';
  out[1] = static_cast<char>('0' + milliseconds / 100);
  out[2] = static_cast<char>('0' + milliseconds / 10 % 10);
  out[3] = static_cast<char>('0' + milliseconds % 10);
  return out + 4;
}

std::string FloatText(double value) {
  char text[kMaxNumberText];
  return std::string(text, WriteFloat(value, text));
}

std::string FixedFloatText(double value) {
  const double magnitude = std::fabs(value);
  const bool plain = !(magnitude > 0) || std::isinf(value) ||
                     (magnitude >= kSmallestPlain && magnitude < kFirstExponent);
  if (plain) return FloatText(value);
  char text[400];  // The smallest double has 324 decimals, the largest 309 digits.
  char* out = text;
  if (std::signbit(value)) *out++ = '-';
  char* const end =
      magnitude >= kFirstExponent
          ? WriteLargeInteger(magnitude, out)
          : std::to_chars(out, text + sizeof(text), magnitude, std::chars_format::fixed).ptr;
  return std::string(text, end);
}

std::string TimestampText(model::TimestampMs timestamp) {
  char text[kMaxNumberText];
  return std::string(text, WriteTimestamp(timestamp, text));
}

}  // namespace tidegate::api
