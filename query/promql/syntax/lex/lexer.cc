// The state machine over statements, braces and brackets. Literals are in lexer_literals.cc, series
// descriptions in lexer_series.cc.
#include "query/promql/syntax/lex/lexer.h"

#include <utility>

#include "fmt/format.h"
#include "model/quote.h"
#include "query/promql/syntax/lex/characters.h"
#include "query/promql/syntax/lex/quoting.h"

namespace tidegate::promql {

Lexer::Lexer(std::string_view input, Language language)
    : input_(input), series_(language == Language::kSeriesDescription) {}

Token Lexer::Next() {
  emitted_ = false;
  while (!emitted_) state_ = Step();
  return token_;
}

Lexer::State Lexer::Step() {
  switch (state_) {
    case State::kStatements:
      return StepStatements();
    case State::kInsideBraces:
      return StepInsideBraces();
    case State::kDuration:
      return StepDuration();
    case State::kValues:
      return StepValues();
    case State::kHistogram:
      return StepHistogram();
    case State::kHistogramTail:
      return StepHistogramTail();
    case State::kBuckets:
      return StepBuckets();
    case State::kNumber:
      return StepNumber();
    case State::kSkipSpace:
      AcceptSpace();
      return Resume();
    case State::kDone:
      break;
  }
  start_ = pos_ = input_.size();
  Emit(TokenType::kEndOfInput);
  return State::kDone;
}

Lexer::State Lexer::Resume() {
  if (histogram_open_) return bracket_open_ ? State::kBuckets : State::kHistogram;
  return brace_open_ ? State::kInsideBraces : State::kStatements;
}

Lexer::State Lexer::StepStatements() {
  if (PeekChar() == '#') return LexComment();
  const int32_t c = NextChar();
  switch (c) {
    case kEndOfText:
      if (paren_depth_ != 0) return Fail("unclosed left parenthesis");
      if (bracket_open_) return Fail("unclosed left bracket");
      return EmitAnd(TokenType::kEndOfInput, State::kDone);
    case ' ':
    case '\t':
    case '\n':
    case '\r':
      return State::kSkipSpace;
    case ',':
      return EmitAnd(TokenType::kComma, State::kStatements);
    case '*':
      return EmitAnd(TokenType::kMul, State::kStatements);
    case '/':
      return EmitAnd(TokenType::kDiv, State::kStatements);
    case '%':
      return EmitAnd(TokenType::kMod, State::kStatements);
    case '+':
      return EmitAnd(TokenType::kAdd, State::kStatements);
    case '-':
      return EmitAnd(TokenType::kSub, State::kStatements);
    case '^':
      return EmitAnd(TokenType::kPow, State::kStatements);
    case '@':
      return EmitAnd(TokenType::kAt, State::kStatements);
    case '=':
      return LexEquals();
    case '!':
      return LexBang();
    case '<':
    case '>':
      return LexAngle(c);
    case '"':
    case '\'':
      return LexString(static_cast<char>(c));
    case '`':
      return LexRawString();
    case '(':
      ++paren_depth_;
      return EmitAnd(TokenType::kLeftParen, State::kStatements);
    case ')':
      return LexCloseParen(State::kStatements);
    case '{':
      brace_open_ = true;
      return EmitAnd(TokenType::kLeftBrace, State::kInsideBraces);
    case '[':
      return LexOpenBracket();
    case ']':
      if (!bracket_open_) return Fail(fmt::format("unexpected right bracket {}", QuoteRune(c)));
      bracket_open_ = false;
      return EmitAnd(TokenType::kRightBracket, State::kStatements);
    default:
      break;
  }
  if (IsDigit(c) || (c == '.' && IsDigit(PeekChar()))) {
    Backup();
    return LexNumberOrDuration();
  }
  if (IsAlpha(c) || c == ':') {
    if (bracket_open_) return LexWordInBrackets(c);
    Backup();
    return LexKeywordOrName();
  }
  return Fail(fmt::format("unexpected character: {}", QuoteRune(c)));
}

Lexer::State Lexer::LexComment() {
  int32_t c = NextChar();
  while (c != '\r' && c != '\n' && c != kEndOfText) c = NextChar();
  Backup();
  return EmitAnd(TokenType::kComment, Resume());
}

Lexer::State Lexer::LexEquals() {
  const int32_t c = PeekChar();
  if (c == '~') return Fail(fmt::format("unexpected character after '=': {}", QuoteRune(c)));
  if (c != '=') return EmitAnd(TokenType::kEqual, State::kStatements);
  NextChar();
  return EmitAnd(TokenType::kEqualEqual, State::kStatements);
}

Lexer::State Lexer::LexBang() {
  const int32_t c = NextChar();
  if (c != '=') return Fail(fmt::format("unexpected character after '!': {}", QuoteRune(c)));
  return EmitAnd(TokenType::kNotEqual, State::kStatements);
}

Lexer::State Lexer::LexAngle(int32_t c) {
  const bool less = c == '<';
  if (Accept("=")) {
    return EmitAnd(less ? TokenType::kLessOrEqual : TokenType::kGreaterOrEqual, State::kStatements);
  }
  if (Accept("/")) {
    return EmitAnd(less ? TokenType::kTrimUpper : TokenType::kTrimLower, State::kStatements);
  }
  return EmitAnd(less ? TokenType::kLess : TokenType::kGreater, State::kStatements);
}

Lexer::State Lexer::LexOpenBracket() {
  if (bracket_open_) return Fail(fmt::format("unexpected left bracket {}", QuoteRune('[')));
  colon_seen_ = false;
  bracket_open_ = true;
  return EmitAnd(TokenType::kLeftBracket, State::kDuration);
}

Lexer::State Lexer::LexCloseParen(State next) {
  Emit(TokenType::kRightParen);
  if (--paren_depth_ < 0) {
    return Fail(fmt::format("unexpected right parenthesis {}", QuoteRune(')')));
  }
  return next;
}

Lexer::State Lexer::LexWordInBrackets(int32_t first) {
  if (first == ':') {
    if (colon_seen_) return Fail(fmt::format("unexpected colon {}", QuoteRune(first)));
    colon_seen_ = true;
    return EmitAnd(TokenType::kColon, State::kStatements);
  }
  if (ScanDurationKeyword()) return State::kStatements;
  return Fail(
      fmt::format("unexpected character: {}, expected {}", QuoteRune(first), QuoteRune(':')));
}

Lexer::State Lexer::LexKeywordOrName() {
  while (IsAlphaNumeric(PeekChar()) || PeekChar() == ':') NextChar();
  const std::string_view word = Pending();
  std::optional<TokenType> keyword = KeywordOf(word);
  const bool is_fill = keyword == TokenType::kFill || keyword == TokenType::kFillLeft ||
                       keyword == TokenType::kFillRight;
  if (is_fill && !FollowedByParen()) keyword = TokenType::kIdentifier;
  const bool has_colon = word.find(':') != std::string_view::npos;
  Emit(keyword.value_or(has_colon ? TokenType::kMetricIdentifier : TokenType::kIdentifier));
  return series_ && PeekChar() != '{' ? State::kValues : State::kStatements;
}

bool Lexer::FollowedByParen() const {
  size_t at = pos_;
  while (at < input_.size() && IsSpace(input_[at])) ++at;
  return at < input_.size() && input_[at] == '(';
}

Lexer::State Lexer::StepInsideBraces() {
  if (PeekChar() == '#') return LexComment();
  const int32_t c = NextChar();
  if (IsSpace(c)) return State::kSkipSpace;
  if (IsAlpha(c)) return LexLabelName();
  switch (c) {
    case kEndOfText:
      return Fail("unexpected end of input inside braces");
    case ',':
      return EmitAnd(TokenType::kComma, State::kInsideBraces);
    case '"':
    case '\'':
      return LexString(static_cast<char>(c));
    case '`':
      return LexRawString();
    case '=':
      return EmitAnd(Accept("~") ? TokenType::kRegexEqual : TokenType::kEqual,
                     State::kInsideBraces);
    case '!': {
      const int32_t next = NextChar();
      if (next == '~') return EmitAnd(TokenType::kRegexNotEqual, State::kInsideBraces);
      if (next == '=') return EmitAnd(TokenType::kNotEqual, State::kInsideBraces);
      return Fail(fmt::format("unexpected character after '!' inside braces: {}", QuoteRune(next)));
    }
    case '{':
      return Fail(fmt::format("unexpected left brace {}", QuoteRune(c)));
    case '}':
      brace_open_ = false;
      return EmitAnd(TokenType::kRightBrace, series_ ? State::kValues : State::kStatements);
    default:
      return Fail(fmt::format("unexpected character inside braces: {}", QuoteRune(c)));
  }
}

Lexer::State Lexer::LexLabelName() {
  while (IsAlphaNumeric(PeekChar())) NextChar();
  return EmitAnd(TokenType::kIdentifier, State::kInsideBraces);
}

// Prometheus reads the start of a bracket with this stricter state and goes back to statements
// after the first literal, which is why the messages differ between `[x` and `[5m x`.
Lexer::State Lexer::StepDuration() {
  AcceptSpace();
  const int32_t c = NextChar();
  switch (c) {
    case kEndOfText:
      return Fail("unexpected end of input in duration expression");
    case ']':
      bracket_open_ = false;
      colon_seen_ = false;
      return EmitAnd(TokenType::kRightBracket, State::kStatements);
    case ':':
      Emit(TokenType::kColon);
      if (!duration_seen_) {
        return Fail("unexpected colon before duration in duration expression");
      }
      if (colon_seen_) return Fail("unexpected repeated colon in duration expression");
      colon_seen_ = true;
      return State::kDuration;
    case '(':
      ++paren_depth_;
      return EmitAnd(TokenType::kLeftParen, State::kDuration);
    case ')':
      return LexCloseParen(State::kDuration);
    case '+':
      return EmitAnd(TokenType::kAdd, State::kDuration);
    case '-':
      return EmitAnd(TokenType::kSub, State::kDuration);
    case '*':
      return EmitAnd(TokenType::kMul, State::kDuration);
    case '/':
      return EmitAnd(TokenType::kDiv, State::kDuration);
    case '%':
      return EmitAnd(TokenType::kMod, State::kDuration);
    case '^':
      return EmitAnd(TokenType::kPow, State::kDuration);
    case ',':
      return EmitAnd(TokenType::kComma, State::kDuration);
    default:
      break;
  }
  if (IsDigit(c) || (c == '.' && IsDigit(PeekChar()))) {
    Backup();
    duration_seen_ = true;
    return LexNumberOrDuration();
  }
  if (IsAlpha(c) && ScanDurationKeyword()) {
    duration_seen_ = true;
    return State::kDuration;
  }
  return Fail(fmt::format("unexpected character in duration expression: {}", QuoteRune(c)));
}

bool Lexer::ScanDurationKeyword() {
  while (IsAlpha(PeekChar())) NextChar();
  const std::optional<TokenType> keyword = KeywordOf(Pending());
  const bool of_time = keyword == TokenType::kStep || keyword == TokenType::kRange ||
                       keyword == TokenType::kMinOf || keyword == TokenType::kMaxOf;
  if (of_time) Emit(*keyword);
  return of_time;
}

int32_t Lexer::NextChar() {
  if (pos_ >= input_.size()) {
    width_ = 0;
    return kEndOfText;
  }
  const model::CodePoint point = model::DecodeUtf8(input_.substr(pos_));
  width_ = static_cast<size_t>(point.size);
  pos_ += width_;
  return static_cast<int32_t>(point.value);
}

int32_t Lexer::PeekChar() const {
  if (pos_ >= input_.size()) return kEndOfText;
  return static_cast<int32_t>(model::DecodeUtf8(input_.substr(pos_)).value);
}

bool Lexer::NextIsIn(std::string_view set) const {
  return pos_ < input_.size() && set.find(input_[pos_]) != std::string_view::npos;
}

bool Lexer::Accept(std::string_view set) {
  if (!NextIsIn(set)) return false;
  NextChar();
  return true;
}

void Lexer::AcceptRun(std::string_view set) {
  while (Accept(set)) {
  }
}

void Lexer::AcceptSpace() {
  while (pos_ < input_.size() && IsSpace(input_[pos_])) ++pos_;
  start_ = pos_;
}

void Lexer::Emit(TokenType type) {
  token_ = Token{.type = type, .start = static_cast<int32_t>(start_), .text = Pending()};
  start_ = pos_;
  emitted_ = true;
}

Lexer::State Lexer::EmitAnd(TokenType type, State next) {
  Emit(type);
  return next;
}

Lexer::State Lexer::Fail(std::string message) {
  error_ = std::move(message);
  token_ = Token{.type = TokenType::kError, .start = static_cast<int32_t>(start_), .text = error_};
  emitted_ = true;
  return State::kDone;
}

}  // namespace tidegate::promql
