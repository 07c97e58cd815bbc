// The values of series descriptions: sequences such as `1+2x5 _ stale` and native histograms.
#include <algorithm>
#include <array>

#include "fmt/format.h"
#include "model/quote.h"
#include "query/promql/syntax/lex/characters.h"
#include "query/promql/syntax/lex/lexer.h"
#include "query/promql/syntax/lex/quoting.h"

namespace tidegate::promql {
namespace {

constexpr std::array<std::string_view, 11> kHistogramKeys = {
    "sum",       "count",    "schema",     "offset",        "n_offset",           "buckets",
    "n_buckets", "z_bucket", "z_bucket_w", "custom_values", "counter_reset_hint",
};

constexpr std::array<std::string_view, 4> kCounterResetHints = {"unknown", "reset", "not_reset",
                                                                "gauge"};

template <size_t N>
bool Contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Lexer::State Lexer::StepValues() {
  const int32_t c = NextChar();
  switch (c) {
    case kEndOfText:
      return State::kStatements;
    case ' ':
    case '\t':
    case '\n':
    case '\r':
      Emit(TokenType::kSpace);
      AcceptSpace();
      return State::kValues;
    case '+':
      return EmitAnd(TokenType::kAdd, State::kValues);
    case '-':
      return EmitAnd(TokenType::kSub, State::kValues);
    case 'x':
      return EmitAnd(TokenType::kTimes, State::kValues);
    case '_':
      return EmitAnd(TokenType::kBlank, State::kValues);
    default:
      break;
  }
  if (c == '{' && Accept("{")) {
    histogram_open_ = true;
    return EmitAnd(TokenType::kOpenHistogram, State::kHistogram);
  }
  if (IsDigit(c) || (c == '.' && IsDigit(PeekChar()))) {
    Backup();
    if (!ScanNumber()) return Fail(fmt::format("bad number syntax: {}", model::Quoted(Pending())));
    return EmitAnd(TokenType::kNumber, State::kValues);
  }
  if (IsAlpha(c)) {
    Backup();
    return LexKeywordOrName();
  }
  return Fail(fmt::format("unexpected character in series sequence: {}", QuoteRune(c)));
}

Lexer::State Lexer::StepHistogram() {
  const int32_t c = NextChar();
  if (IsSpace(c)) return EmitAnd(TokenType::kSpace, State::kSkipSpace);
  if (IsAlpha(c)) return LexHistogramKey();
  if (IsDigit(c)) {
    Backup();
    return State::kNumber;
  }
  switch (c) {
    case ':':
      return EmitAnd(TokenType::kColon, State::kHistogram);
    case '-':
      return EmitAnd(TokenType::kSub, State::kHistogram);
    case '[':
      bracket_open_ = true;
      return EmitAnd(TokenType::kLeftBracket, State::kBuckets);
    default:
      break;
  }
  if (c == '}' && Accept("}")) {
    histogram_open_ = false;
    return EmitAnd(TokenType::kCloseHistogram,
                   NextIsIn("x+-") ? State::kHistogramTail : State::kValues);
  }
  return Fail(fmt::format("histogram description incomplete unexpected: {}", QuoteRune(c)));
}

Lexer::State Lexer::StepHistogramTail() {
  const int32_t c = NextChar();
  if (c == 'x') return EmitAnd(TokenType::kTimes, State::kValues);
  return EmitAnd(c == '+' ? TokenType::kAdd : TokenType::kSub, State::kValues);
}

// The first letter has been read.
Lexer::State Lexer::LexHistogramKey() {
  while (IsAlpha(PeekChar())) NextChar();
  const std::string word = AsciiLower(Pending());
  if (Contains(kHistogramKeys, word)) {
    if (PeekChar() != ':') return Fail("missing `:` for histogram descriptor");
    return EmitAnd(TokenType::kHistogramKey, State::kHistogram);
  }
  if (KeywordOf(word) == TokenType::kNumber) return EmitAnd(TokenType::kNumber, State::kHistogram);
  if (Contains(kCounterResetHints, word)) {
    return EmitAnd(TokenType::kCounterResetHint, State::kHistogram);
  }
  return Fail(fmt::format("bad histogram descriptor found: {}", model::Quoted(Pending())));
}

Lexer::State Lexer::StepBuckets() {
  const int32_t c = NextChar();
  if (IsSpace(c)) return EmitAnd(TokenType::kSpace, State::kSkipSpace);
  if (c == '-') return EmitAnd(TokenType::kSub, State::kNumber);
  if (c == ']') {
    bracket_open_ = false;
    return EmitAnd(TokenType::kRightBracket, State::kHistogram);
  }
  if (IsDigit(c)) {
    Backup();
    return State::kNumber;
  }
  if (IsAlpha(c)) {
    while (IsAlpha(PeekChar())) NextChar();
    if (KeywordOf(Pending()) == TokenType::kNumber) {
      return EmitAnd(TokenType::kNumber, State::kBuckets);
    }
  }
  return Fail(fmt::format("invalid character in buckets description: {}", QuoteRune(c)));
}

}  // namespace tidegate::promql
