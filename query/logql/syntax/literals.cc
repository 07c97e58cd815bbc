#include "query/logql/syntax/literals.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

#include "model/quote.h"

namespace tidegate::logql {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

struct Unit {
  std::string_view name;
  int64_t ns;
};

// Longest first, as they must come; "ms" before "m" is for the search.
constexpr Unit kPrometheusUnits[] = {{"y", 365 * 24 * 3600 * kSecond},
                                     {"w", 7 * 24 * 3600 * kSecond},
                                     {"d", 24 * 3600 * kSecond},
                                     {"h", 3600 * kSecond},
                                     {"m", 60 * kSecond},
                                     {"s", kSecond},
                                     {"ms", 1'000'000}};

constexpr Unit kGoUnits[] = {{"ns", 1},           {"us", 1000},         {"\u00b5s", 1000},
                             {"\u03bcs", 1000},   {"ms", 1'000'000},    {"s", kSecond},
                             {"m", 60 * kSecond}, {"h", 3600 * kSecond}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes what is neither digit nor point off the front.
std::string_view TakeUnit(std::string_view* text) {
  size_t size = 0;
  while (size < text->size() && !IsDigit((*text)[size]) && (*text)[size] != '.') ++size;
  const std::string_view unit = text->substr(0, size);
  text->remove_prefix(size);
  return unit;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

// The factor of a unit of size; nothing when there is none of that name.
std::optional<double> SizeUnit(std::string_view name) {
  static constexpr std::string_view kLetters = "kmgtpe";
  const std::string unit = Lower(name);
  if (unit.empty() || unit == "b") return 1;
  const size_t power = kLetters.find(unit[0]);
  if (power == kLetters.npos) return std::nullopt;
  const std::string_view rest = std::string_view(unit).substr(1);
  if (rest == "ib" || rest == "i") return std::pow(1024.0, static_cast<double>(power) + 1);
  if (rest == "b" || rest.empty()) return std::pow(1000.0, static_cast<double>(power) + 1);
  return std::nullopt;
}

// The character that a one-letter escape stands for; nothing for other letters.
std::optional<char> SimpleEscape(char c) {
  static constexpr std::string_view kNames = "abfnrtv\\\"'";
  static constexpr std::string_view kValues = "\a\b\f\n\r\t\v\\\"'";
  const size_t at = kNames.find(c);
  return at == kNames.npos ? std::nullopt : std::optional<char>(kValues[at]);
}

// Takes `digits` digits of a base off the front.
std::optional<uint32_t> TakeCode(std::string_view* text, size_t digits, int base) {
  uint32_t value = 0;
  if (text->size() < digits) return std::nullopt;
  const char* const end = text->data() + digits;
  if (std::from_chars(text->data(), end, value, base).ptr != end) return std::nullopt;
  text->remove_prefix(digits);
  return value;
}

// What follows a backslash.
bool AppendEscape(std::string_view* text, std::string* out) {
  if (text->empty()) return false;
  const char c = text->front();
  if (const auto simple = SimpleEscape(c)) {
    text->remove_prefix(1);
    out->push_back(*simple);
    return true;
  }
  const bool octal = c >= '0' && c <= '7';
  if (!octal) text->remove_prefix(1);
  if (octal || c == 'x') {
    const auto code = octal ? TakeCode(text, 3, 8) : TakeCode(text, 2, 16);
    if (!code.has_value() || *code > 0xff) return false;
    out->push_back(static_cast<char>(*code));
    return true;
  }
  if (c != 'u' && c != 'U') return false;
  const auto code = TakeCode(text, c == 'u' ? 4 : 8, 16);
  if (!code.has_value() || *code > 0x10ffff) return false;
  model::AppendUtf8(*code, out);
  return true;
}

}  // namespace

std::optional<int64_t> ParsePrometheusDuration(std::string_view text) {
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  __int128 total = 0;
  size_t next_unit = 0;
  while (!text.empty()) {
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    const std::string_view name = TakeUnit(&text);
    while (next_unit < std::size(kPrometheusUnits) && kPrometheusUnits[next_unit].name != name) {
      ++next_unit;
    }
    if (next_unit == std::size(kPrometheusUnits)) return std::nullopt;
    total += static_cast<__int128>(number) * kPrometheusUnits[next_unit++].ns;
    if (total > std::numeric_limits<int64_t>::max()) return std::nullopt;
  }
  return static_cast<int64_t>(total);
}

std::optional<int64_t> ParseGoDuration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  long double total = 0;
  while (!text.empty()) {
    size_t size = 0;
    while (size < text.size() && (IsDigit(text[size]) || text[size] == '.')) ++size;
    const std::string number(text.substr(0, size));
    if (number.empty() || number == "." || number.find('.') != number.rfind('.')) {
      return std::nullopt;
    }
    text.remove_prefix(size);
    const std::string_view name = TakeUnit(&text);
    const Unit* found = nullptr;
    for (const Unit& unit : kGoUnits) {
      if (unit.name == name) found = &unit;
    }
    if (found == nullptr) return std::nullopt;
    total += std::strtold(number.c_str(), nullptr) * static_cast<long double>(found->ns);
  }
  if (total > static_cast<long double>(std::numeric_limits<int64_t>::max())) return std::nullopt;
  const int64_t ns = static_cast<int64_t>(total);
  return negative ? -ns : ns;
}

std::string GoDurationError(std::string_view text) {
  const std::string written = "duration " + model::Quoted(text);
  std::string_view rest = text;
  if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
  while (!rest.empty()) {
    const size_t size = std::min(rest.find_first_not_of("0123456789."), rest.size());
    const std::string_view number = rest.substr(0, size);
    if (number.find_first_of("0123456789") == number.npos) break;
    rest.remove_prefix(size);
    // A second point ends the number, where a unit is wanted.
    if (number.find('.') != number.rfind('.') || rest.empty()) {
      return "time: missing unit in " + written;
    }
    const std::string_view name = TakeUnit(&rest);
    const bool known = std::any_of(std::begin(kGoUnits), std::end(kGoUnits),
                                   [name](const Unit& unit) { return unit.name == name; });
    if (!known) return "time: unknown unit " + model::Quoted(name) + " in " + written;
  }
  return "time: invalid " + written;
}

std::optional<int64_t> ParseDurationLiteral(std::string_view text) {
  if (const auto duration = ParsePrometheusDuration(text)) return duration;
  return ParseGoDuration(text);
}

std::string GoDurationText(int64_t ns) {
  if (ns == 0) return "0s";
  constexpr auto kNanosPerSecond = uint64_t{kSecond};
  std::string text = ns < 0 ? "-" : "";
  uint64_t left = ns < 0 ? -static_cast<uint64_t>(ns) : static_cast<uint64_t>(ns);
  // A fraction without its last zeros.
  const auto append = [&text](uint64_t value, uint64_t unit, int digits, const char* name) {
    text += std::to_string(value / unit);
    if (value % unit != 0) {
      std::string fraction = std::to_string(unit + value % unit).substr(1);
      fraction.resize(static_cast<size_t>(digits));
      fraction.erase(fraction.find_last_not_of('0') + 1);
      text += "." + fraction;
    }
    text += name;
  };
  if (left < 1000) {
    append(left, 1, 0, "ns");
  } else if (left < 1'000'000) {
    append(left, 1000, 3, "\u00b5s");
  } else if (left < kNanosPerSecond) {
    append(left, 1'000'000, 6, "ms");
  } else {
    const uint64_t minutes = left / (60 * kNanosPerSecond);
    if (minutes >= 60) text += std::to_string(minutes / 60) + "h";
    if (minutes > 0) text += std::to_string(minutes % 60) + "m";
    left -= minutes * 60 * kNanosPerSecond;
    append(left, kNanosPerSecond, 9, "s");
  }
  return text;
}

std::optional<uint64_t> ParseByteSize(std::string_view text) {
  size_t size = 0;
  while (size < text.size() && (IsDigit(text[size]) || text[size] == '.' || text[size] == ',')) {
    ++size;
  }
  std::string number;
  for (const char c : text.substr(0, size)) {
    if (c != ',') number.push_back(c);
  }
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc() || end != number.data() + number.size()) return std::nullopt;
  std::string_view unit = text.substr(size);
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  while (unit.ends_with(' ')) unit.remove_suffix(1);
  const std::optional<double> factor = SizeUnit(unit);
  if (!factor.has_value() || !(value * *factor < 18446744073709551615.0)) return std::nullopt;
  return static_cast<uint64_t>(value * *factor);
}

std::optional<std::string> Unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != text.back()) return std::nullopt;
  const char quote = text.front();
  text = text.substr(1, text.size() - 2);
  if (quote == '`') {
    if (text.find('`') != text.npos) return std::nullopt;
    return std::string(text);
  }
  if (quote != '"') return std::nullopt;
  std::string out;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '"' || c == '\n') return std::nullopt;
    if (c != '\\') {
      out.push_back(c);
    } else if (!AppendEscape(&text, &out)) {
      return std::nullopt;
    }
  }
  return out;
}

}  // namespace tidegate::logql
