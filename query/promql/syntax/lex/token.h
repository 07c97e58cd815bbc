// The words of PromQL and of series descriptions.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_TOKEN_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_TOKEN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidegate::promql {

enum class TokenType : uint8_t {
  kEndOfInput,
  kError,  // Token::text is the message
  kComment,

  // Names and literals.
  kIdentifier,
  kMetricIdentifier,  // contains a colon
  kNumber,
  kDuration,
  kString,  // with its quotes

  // Punctuation.
  kEqual,
  kColon,
  kComma,
  kLeftBrace,
  kRightBrace,
  kLeftBracket,
  kRightBracket,
  kLeftParen,
  kRightParen,

  // Only in series descriptions.
  kBlank,  // `_`
  kSpace,
  kTimes,          // `x`
  kOpenHistogram,  // `{{`
  kCloseHistogram,
  kHistogramKey,      // `schema`, `buckets`, ...: see HistogramKeyOf
  kCounterResetHint,  // `gauge`, `reset`, ...

  // Operators.
  kAdd,
  kDiv,
  kEqualEqual,
  kRegexEqual,
  kGreaterOrEqual,
  kGreater,
  kAnd,
  kOr,
  kLess,
  kLessOrEqual,
  kUnless,
  kMod,
  kMul,
  kNotEqual,
  kRegexNotEqual,
  kPow,
  kSub,
  kAt,
  kAtan2,
  kTrimUpper,
  kTrimLower,

  // Aggregation operators.
  kAvg,
  kBottomK,
  kCount,
  kCountValues,
  kGroup,
  kLimitK,
  kLimitRatio,
  kMax,
  kMin,
  kQuantile,
  kStddev,
  kStdvar,
  kSum,
  kTopK,

  // Keywords.
  kAnchored,
  kBool,
  kBy,
  kFill,
  kFillLeft,
  kFillRight,
  kGroupLeft,
  kGroupRight,
  kIgnoring,
  kOffset,
  kOn,
  kSmoothed,
  kWithout,

  // Words of time: functions, anchors of `@` and terms of durations.
  kStart,
  kEnd,
  kStep,
  kRange,
  kMinOf,
  kMaxOf,
};

struct Token {
  TokenType type = TokenType::kEndOfInput;
  int32_t start = 0;      // byte offset in the input
  std::string_view text;  // bytes of the input; the message of a kError

  int32_t end() const { return start + static_cast<int32_t>(text.size()); }
};

// The token a word stands for where keywords are recognised; std::nullopt for an ordinary name. The
// words are case-insensitive. `inf` and `nan` are numbers.
std::optional<TokenType> KeywordOf(std::string_view word);

bool IsAggregationToken(TokenType type);

// Names that may stand where a metric name may: identifiers and the keywords that are not reserved.
bool CanBeMetricName(TokenType type);

// Names that may stand in by(...), on(...) and the like.
bool CanBeGroupingLabel(TokenType type);

// How messages speak of a token: `identifier "foo"`, `<op:*>`, `<by>`, `"}"`, `end of input`.
std::string Describe(const Token& token);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_TOKEN_H_
