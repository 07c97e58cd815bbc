// Splits PromQL, and the series descriptions of test scripts, into tokens.
//
// A small state machine: what a character means depends on whether it stands inside braces, inside
// brackets, or in the values of a series description. Accepts and refuses what Prometheus' lexer
// does, with its messages.
//
// Owned by one thread; the input must outlive the lexer and its tokens. Linear in the input, no
// allocation except for messages.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_LEXER_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_LEXER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "query/promql/syntax/lex/token.h"

namespace tidegate::promql {

class Lexer {
 public:
  enum class Language { kExpression, kSeriesDescription };

  // At most INT32_MAX bytes of input.
  Lexer(std::string_view input, Language language);

  Lexer(const Lexer&) = delete;
  Lexer& operator=(const Lexer&) = delete;

  // The next token, comments included. After kEndOfInput or kError only kEndOfInput follows. The
  // text of a kError is valid until the lexer is destroyed; its `start` is where the fault begins.
  Token Next();

 private:
  enum class State {
    kStatements,
    kInsideBraces,
    kDuration,       // after `[`, up to the first literal
    kValues,         // the values of a series description
    kHistogram,      // between `{{` and `}}`
    kHistogramTail,  // the `x`, `+` or `-` right after `}}`
    kBuckets,        // between `[` and `]` of a histogram
    kNumber,
    kSkipSpace,
    kDone,
  };

  // One step in the state of the same name: consumes input, perhaps emits, returns the next state.
  State Step();
  State StepStatements();
  State StepInsideBraces();
  State StepDuration();
  State StepValues();
  State StepHistogram();
  State StepHistogramTail();
  State StepBuckets();
  State StepNumber();

  // Where statements go on: the innermost thing that is open.
  State Resume();

  State LexComment();
  State LexEquals();
  State LexBang();
  State LexAngle(int32_t c);
  State LexOpenBracket();
  State LexCloseParen(State next);
  State LexWordInBrackets(int32_t first);
  State LexKeywordOrName();
  State LexLabelName();
  State LexHistogramKey();
  State LexString(char quote);
  State LexRawString();
  // Checks the escape after a backslash. False after emitting an error.
  bool CheckEscape(char quote);
  bool CheckEscapeDigits(int32_t c, int count, int base, int32_t max);
  State LexNumberOrDuration();
  bool ScanNumber();
  bool ScanExponentOrSeparator(bool* exponent_seen, bool* ok);
  bool ScanDurationUnits();
  bool ScanDurationKeyword();
  // Whether the next character other than space is `(`: fill is a name elsewhere.
  bool FollowedByParen() const;

  static constexpr int32_t kEndOfText = -1;

  int32_t NextChar();
  int32_t PeekChar() const;
  void Backup() { pos_ -= width_; }
  bool Accept(std::string_view set);
  bool NextIsIn(std::string_view set) const;
  void AcceptRun(std::string_view set);
  void AcceptSpace();
  std::string_view Pending() const { return input_.substr(start_, pos_ - start_); }

  void Emit(TokenType type);
  State EmitAnd(TokenType type, State next);
  State Fail(std::string message);

  const std::string_view input_;
  const bool series_;
  State state_ = State::kStatements;
  size_t pos_ = 0;    // of the next character
  size_t start_ = 0;  // of the token being read
  size_t width_ = 0;  // of the last character read
  Token token_;
  bool emitted_ = false;
  std::string error_;

  int paren_depth_ = 0;
  bool brace_open_ = false;
  bool bracket_open_ = false;
  bool histogram_open_ = false;
  bool colon_seen_ = false;     // since the last `[`
  bool duration_seen_ = false;  // a literal or a word of time, since the first `[`
};

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_LEXER_H_
