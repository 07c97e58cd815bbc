#include "query/logql/template/go_printf.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "model/quote.h"

namespace tidegate::logql {
namespace {

struct Directive {
  bool plus = false, minus = false, sharp = false, zero = false, blank = false;
  std::optional<size_t> width, precision;
  char32_t verb = 0;
};

// Filled up to the width, in characters.
std::string Padded(const Directive& directive, std::string text, bool number) {
  if (!directive.width.has_value()) return text;
  size_t runes = 0;
  for (const char c : text) runes += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  if (runes >= *directive.width) return text;
  const size_t fill = *directive.width - runes;
  if (directive.minus) return text + std::string(fill, ' ');
  if (!directive.zero || !number) return std::string(fill, ' ') + text;
  const bool sign = !text.empty() && (text[0] == '-' || text[0] == '+' || text[0] == ' ');
  return text.substr(0, sign) + std::string(fill, '0') + text.substr(sign);
}

std::string Hex(std::string_view text, bool upper) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += upper ? fmt::format("{:02X}", byte) : fmt::format("{:02x}", byte);
  }
  return out;
}

std::string Utf8(int64_t rune) {
  std::string out;
  const bool fits = rune >= 0 && rune <= 0x10FFFF;
  model::AppendUtf8(fits ? static_cast<char32_t>(rune) : 0xFFFD, &out);
  return out;
}

std::optional<std::string> Text(const Directive& directive, std::string text) {
  if (directive.precision.has_value() && directive.verb != 'x' && directive.verb != 'X') {
    size_t end = 0;
    for (size_t runes = 0; end < text.size() && runes < *directive.precision; ++runes) {
      end += static_cast<size_t>(model::DecodeUtf8(std::string_view(text).substr(end)).size);
    }
    text.resize(end);
  }
  switch (directive.verb) {
    case 'v':
    case 's':
      return Padded(directive, std::move(text), false);
    case 'q':
      return Padded(directive, model::Quoted(text), false);
    case 'x':
    case 'X':
      return Padded(directive, Hex(text, directive.verb == 'X'), false);
    default:
      return std::nullopt;
  }
}

std::string Signed(const Directive& directive, bool negative, std::string digits) {
  if (negative) return "-" + digits;
  if (directive.plus) return "+" + digits;
  return directive.blank ? " " + digits : digits;
}

std::optional<std::string> Integer(const Directive& directive, int64_t value) {
  const bool negative = value < 0;
  const uint64_t size = negative ? -static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  std::string digits;
  switch (directive.verb) {
    case 'v':
    case 'd':
      digits = fmt::format("{}", size);
      break;
    case 'b':
      digits = (directive.sharp ? "0b" : "") + fmt::format("{:b}", size);
      break;
    case 'o':
      digits = (directive.sharp ? "0" : "") + fmt::format("{:o}", size);
      break;
    case 'O':
      digits = fmt::format("0o{:o}", size);
      break;
    case 'x':
      digits = (directive.sharp ? "0x" : "") + fmt::format("{:x}", size);
      break;
    case 'X':
      digits = (directive.sharp ? "0X" : "") + fmt::format("{:X}", size);
      break;
    case 'c':
      return Padded(directive, Utf8(value), false);
    case 'q':
      return Padded(directive, "'" + Utf8(value) + "'", false);
    case 'U':
      return Padded(directive, fmt::format("U+{:04X}", size), false);
    default:
      return std::nullopt;
  }
  if (directive.precision.has_value() && digits.size() < *directive.precision) {
    digits.insert(0, *directive.precision - digits.size(), '0');
  }
  const bool zeros = !directive.precision.has_value();
  return Padded(directive, Signed(directive, negative, std::move(digits)), zeros);
}

// Go's exponents have at least two digits, as C's have.
std::string FloatDigits(const Directive& directive, double value) {
  const auto precision = static_cast<int>(std::min<size_t>(directive.precision.value_or(6), 1024));
  switch (directive.verb) {
    case 'e':
      return fmt::format("{:.{}e}", value, precision);
    case 'E':
      return fmt::format("{:.{}E}", value, precision);
    case 'f':
    case 'F':
      return fmt::format("{:.{}f}", value, precision);
    default:
      break;
  }
  if (!directive.precision.has_value()) {
    std::string text = Print(Value(value));
    if (directive.verb == 'G') std::replace(text.begin(), text.end(), 'e', 'E');
    return text;
  }
  return directive.verb == 'G' ? fmt::format("{:.{}G}", value, precision)
                               : fmt::format("{:.{}g}", value, precision);
}

std::optional<std::string> Float(const Directive& directive, double value) {
  if (std::u32string_view(U"veEfFgG").find(directive.verb) == std::u32string_view::npos) {
    return std::nullopt;
  }
  if (std::isnan(value)) return Padded(directive, "NaN", false);
  if (std::isinf(value)) {
    const bool sign = value < 0 || !directive.blank;
    return Padded(directive, value < 0 ? "-Inf" : sign ? "+Inf" : " Inf", false);
  }
  const bool negative = std::signbit(value);
  return Padded(directive,
                Signed(directive, negative, FloatDigits(directive, negative ? -value : value)),
                true);
}

std::optional<std::string> Formatted(const Directive& directive, const Value& value) {
  if (directive.verb == 'T') {
    const bool nil = std::holds_alternative<std::monostate>(value);
    return Padded(directive, nil ? "<nil>" : TypeName(value), false);
  }
  if (const auto* text = std::get_if<std::string>(&value)) return Text(directive, *text);
  if (const auto* number = std::get_if<int64_t>(&value)) return Integer(directive, *number);
  if (const auto* number = std::get_if<double>(&value)) return Float(directive, *number);
  if (const auto* flag = std::get_if<bool>(&value)) {
    if (directive.verb != 'v' && directive.verb != 't') return std::nullopt;
    return Padded(directive, *flag ? "true" : "false", false);
  }
  if (std::holds_alternative<std::monostate>(value)) {
    if (directive.verb != 'v') return std::nullopt;
    return Padded(directive, "<nil>", false);
  }
  if (directive.verb == 'd') return std::nullopt;
  return Text(directive, Print(value));
}

// One format. Lives for one call.
class Printer {
 public:
  Printer(std::string_view format, absl::Span<const Value> arguments, size_t limit)
      : rest_(format), arguments_(arguments), limit_(limit) {}

  std::string Run() {
    while (!rest_.empty() && out_.size() <= limit_) {
      const size_t percent = std::min(rest_.find('%'), rest_.size());
      out_ += rest_.substr(0, percent);
      rest_.remove_prefix(percent);
      if (!rest_.empty()) Verb();
    }
    if (next_ < arguments_.size() && out_.size() <= limit_) Extra();
    return std::move(out_);
  }

 private:
  void Verb() {
    rest_.remove_prefix(1);
    Directive directive;
    while (!rest_.empty() && Flag(&directive)) rest_.remove_prefix(1);
    directive.width = Number();
    if (rest_.starts_with('.')) {
      rest_.remove_prefix(1);
      directive.precision = Number().value_or(0);
    }
    if (rest_.empty()) {
      out_ += "%!(NOVERB)";
      return;
    }
    const model::CodePoint verb = model::DecodeUtf8(rest_);
    const std::string_view written = rest_.substr(0, static_cast<size_t>(verb.size));
    rest_.remove_prefix(written.size());
    directive.verb = verb.value;
    if (verb.value == '%') {
      out_ += '%';
      return;
    }
    if (next_ >= arguments_.size()) {
      out_.append("%!").append(written).append("(MISSING)");
      return;
    }
    const Value& value = arguments_[next_++];
    if (const std::optional<std::string> text = Formatted(directive, value)) {
      out_ += *text;
    } else {
      out_.append("%!").append(written).append("(").append(Described(value)).append(")");
    }
  }

  bool Flag(Directive* directive) const {
    switch (rest_.front()) {
      case '+':
        return directive->plus = true;
      case '-':
        return directive->minus = true;
      case '#':
        return directive->sharp = true;
      case '0':
        return directive->zero = true;
      case ' ':
        return directive->blank = true;
      default:
        return false;
    }
  }

  std::optional<size_t> Number() {
    if (rest_.starts_with('*')) {
      rest_.remove_prefix(1);
      if (next_ >= arguments_.size()) return std::nullopt;
      const auto* const number = std::get_if<int64_t>(&arguments_[next_++]);
      if (number == nullptr || *number < 0) return std::nullopt;
      return std::min(static_cast<size_t>(*number), limit_);
    }
    if (rest_.empty() || rest_[0] < '0' || rest_[0] > '9') return std::nullopt;
    size_t number = 0;
    while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9') {
      number = std::min(10 * number + static_cast<size_t>(rest_[0] - '0'), limit_);
      rest_.remove_prefix(1);
    }
    return number;
  }

  static std::string Described(const Value& value) {
    if (std::holds_alternative<std::monostate>(value)) return "<nil>";
    return std::string(TypeName(value)) + "=" + Print(value);
  }

  void Extra() {
    out_ += "%!(EXTRA ";
    for (bool first = true; next_ < arguments_.size(); first = false) {
      if (!first) out_ += ", ";
      out_ += Described(arguments_[next_++]);
    }
    out_ += ")";
  }

  std::string_view rest_;
  const absl::Span<const Value> arguments_;
  const size_t limit_;
  size_t next_ = 0;  // Of arguments_.
  std::string out_;
};

}  // namespace

std::string GoPrintf(std::string_view format, absl::Span<const Value> arguments, size_t limit) {
  return Printer(format, arguments, limit).Run();
}

}  // namespace tidegate::logql
