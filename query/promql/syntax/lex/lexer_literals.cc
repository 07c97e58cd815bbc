// Strings, numbers and durations.
#include "fmt/format.h"
#include "model/quote.h"
#include "query/promql/syntax/lex/characters.h"
#include "query/promql/syntax/lex/lexer.h"
#include "query/promql/syntax/lex/quoting.h"

namespace tidegate::promql {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";

// What bytes that are not UTF-8 decode to. Prometheus refuses a written U+FFFD, too.
constexpr int32_t kRuneError = 0xFFFD;
constexpr int32_t kMaxRune = 0x10FFFF;

}  // namespace

// The opening quote has been read.
Lexer::State Lexer::LexString(char quote) {
  while (true) {
    const int32_t c = NextChar();
    if (c == quote) break;
    if (c == kEndOfText || c == '\n') return Fail("unterminated quoted string");
    if (c == kRuneError) return Fail("invalid UTF-8 rune");
    if (c == '\\' && !CheckEscape(quote)) return State::kDone;
  }
  return EmitAnd(TokenType::kString, Resume());
}

// The opening back quote has been read.
Lexer::State Lexer::LexRawString() {
  while (true) {
    const int32_t c = NextChar();
    if (c == '`') break;
    if (c == kEndOfText) return Fail("unterminated raw string");
    if (c == kRuneError) return Fail("invalid UTF-8 rune");
  }
  return EmitAnd(TokenType::kString, Resume());
}

bool Lexer::CheckEscape(char quote) {
  const int32_t c = NextChar();
  if (c == quote) return true;
  switch (c) {
    case 'a':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
    case 'v':
    case '\\':
      return true;
    case 'x':
      return CheckEscapeDigits(NextChar(), 2, 16, 0xFF);
    case 'u':
      return CheckEscapeDigits(NextChar(), 4, 16, kMaxRune);
    case 'U':
      return CheckEscapeDigits(NextChar(), 8, 16, kMaxRune);
    case kEndOfText:
      Fail("escape sequence not terminated");
      return false;
    default:
      if (c >= '0' && c <= '7') return CheckEscapeDigits(c, 3, 8, 0xFF);
      Fail(fmt::format("unknown escape sequence {}", DescribeRune(c)));
      return false;
  }
}

// `c` is the first digit; the others follow.
bool Lexer::CheckEscapeDigits(int32_t c, int count, int base, int32_t max) {
  int64_t value = 0;
  while (true) {
    const int digit = HexDigitValue(c);
    if (digit >= base) {
      Fail(c == kEndOfText
               ? "escape sequence not terminated"
               : fmt::format("illegal character {} in escape sequence", DescribeRune(c)));
      return false;
    }
    value = value * base + digit;
    if (--count == 0) break;
    c = NextChar();
  }
  if (value > max || (value >= 0xD800 && value < 0xE000)) {
    Fail("escape sequence is an invalid Unicode code point");
    return false;
  }
  return true;
}

Lexer::State Lexer::StepNumber() {
  if (!ScanNumber()) return Fail(fmt::format("bad number syntax: {}", model::Quoted(Pending())));
  return EmitAnd(TokenType::kNumber, Resume());
}

Lexer::State Lexer::LexNumberOrDuration() {
  if (ScanNumber()) return EmitAnd(TokenType::kNumber, State::kStatements);
  if (ScanDurationUnits()) return EmitAnd(TokenType::kDuration, State::kStatements);
  return Fail(fmt::format("bad number or duration syntax: {}", model::Quoted(Pending())));
}

// Goes on where ScanNumber stopped: at the unit after the first digits. Units in the wrong order or
// unknown ones such as `hs` are left to the parser, which has better words for them.
bool Lexer::ScanDurationUnits() {
  if (!Accept("smhdwy")) return false;
  Accept("s");
  while (Accept(kDigits)) {
    AcceptRun(kDigits);
    if (!Accept("smhdw")) return false;  // years only come first
    Accept("s");
  }
  if (!IsAlphaNumeric(PeekChar())) return true;
  NextChar();  // the message shows the character that is too much
  return false;
}

// Reads what looks like a number: [.][digits][digits . _ eE]*. On false the input up to the fault
// is consumed; it may still be a duration.
bool Lexer::ScanNumber() {
  const size_t begin = pos_;
  std::string_view digits = kDigits;
  // In a series description `0x3` is a zero, three times.
  if (!series_ && Accept("0") && Accept("xX")) {
    Accept("_");
    digits = kHexDigits;
  }
  const bool hex = digits.size() == kHexDigits.size();
  bool dot_seen = false;
  bool exponent_seen = false;
  bool ok = true;
  Accept(".");
  Accept(digits);
  while (NextIsIn(digits) || NextIsIn("._eE")) {
    if (NextIsIn(".")) {
      Accept(".");
      if (dot_seen || Accept("_.") || hex) return false;
      dot_seen = true;
    } else if (ScanExponentOrSeparator(&exponent_seen, &ok)) {
      if (!ok) return false;
    } else {
      AcceptRun(digits);
    }
  }
  if (pos_ == begin) return false;
  const int32_t next = PeekChar();
  return (series_ && next == 'x') || !IsAlphaNumeric(next);
}

// Reads `e`, `e+` or `_` if one is next; `*ok` is false if it must not stand there.
bool Lexer::ScanExponentOrSeparator(bool* exponent_seen, bool* ok) {
  if (Accept("eE")) {
    if (*exponent_seen) {
      *ok = false;
      return true;
    }
    *exponent_seen = true;
    Accept("+-");
  } else if (!Accept("_")) {
    return false;
  }
  *ok = !Accept("._eE") && PeekChar() != kEndOfText;
  return true;
}

}  // namespace tidegate::promql
