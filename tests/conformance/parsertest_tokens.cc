#include "tests/conformance/parsertest_tokens.h"

#include <map>
#include <string_view>

#include "fmt/format.h"
#include "query/promql/syntax/lex/characters.h"

namespace tidegate::conformance {
namespace {

using promql::TokenType;

const std::map<TokenType, std::string_view>& TypeNames() {
  static const auto* const names = new std::map<TokenType, std::string_view>{
      {TokenType::kEndOfInput, "EOF"},
      {TokenType::kError, "ERROR"},
      {TokenType::kComment, "COMMENT"},
      {TokenType::kIdentifier, "IDENTIFIER"},
      {TokenType::kMetricIdentifier, "METRIC_IDENTIFIER"},
      {TokenType::kNumber, "NUMBER"},
      {TokenType::kDuration, "DURATION"},
      {TokenType::kString, "STRING"},
      {TokenType::kEqual, "EQL"},
      {TokenType::kColon, "COLON"},
      {TokenType::kComma, "COMMA"},
      {TokenType::kLeftBrace, "LEFT_BRACE"},
      {TokenType::kRightBrace, "RIGHT_BRACE"},
      {TokenType::kLeftBracket, "LEFT_BRACKET"},
      {TokenType::kRightBracket, "RIGHT_BRACKET"},
      {TokenType::kLeftParen, "LEFT_PAREN"},
      {TokenType::kRightParen, "RIGHT_PAREN"},
      {TokenType::kBlank, "BLANK"},
      {TokenType::kSpace, "SPACE"},
      {TokenType::kTimes, "TIMES"},
      {TokenType::kOpenHistogram, "OPEN_HIST"},
      {TokenType::kCloseHistogram, "CLOSE_HIST"},
      {TokenType::kAdd, "ADD"},
      {TokenType::kDiv, "DIV"},
      {TokenType::kEqualEqual, "EQLC"},
      {TokenType::kRegexEqual, "EQL_REGEX"},
      {TokenType::kGreaterOrEqual, "GTE"},
      {TokenType::kGreater, "GTR"},
      {TokenType::kAnd, "LAND"},
      {TokenType::kOr, "LOR"},
      {TokenType::kLess, "LSS"},
      {TokenType::kLessOrEqual, "LTE"},
      {TokenType::kUnless, "LUNLESS"},
      {TokenType::kMod, "MOD"},
      {TokenType::kMul, "MUL"},
      {TokenType::kNotEqual, "NEQ"},
      {TokenType::kRegexNotEqual, "NEQ_REGEX"},
      {TokenType::kPow, "POW"},
      {TokenType::kSub, "SUB"},
      {TokenType::kAt, "AT"},
      {TokenType::kAtan2, "ATAN2"},
      {TokenType::kTrimUpper, "TRIM_UPPER"},
      {TokenType::kTrimLower, "TRIM_LOWER"},
      {TokenType::kAvg, "AVG"},
      {TokenType::kBottomK, "BOTTOMK"},
      {TokenType::kCount, "COUNT"},
      {TokenType::kCountValues, "COUNT_VALUES"},
      {TokenType::kGroup, "GROUP"},
      {TokenType::kLimitK, "LIMITK"},
      {TokenType::kLimitRatio, "LIMIT_RATIO"},
      {TokenType::kMax, "MAX"},
      {TokenType::kMin, "MIN"},
      {TokenType::kQuantile, "QUANTILE"},
      {TokenType::kStddev, "STDDEV"},
      {TokenType::kStdvar, "STDVAR"},
      {TokenType::kSum, "SUM"},
      {TokenType::kTopK, "TOPK"},
      {TokenType::kAnchored, "ANCHORED"},
      {TokenType::kBool, "BOOL"},
      {TokenType::kBy, "BY"},
      {TokenType::kFill, "FILL"},
      {TokenType::kFillLeft, "FILL_LEFT"},
      {TokenType::kFillRight, "FILL_RIGHT"},
      {TokenType::kGroupLeft, "GROUP_LEFT"},
      {TokenType::kGroupRight, "GROUP_RIGHT"},
      {TokenType::kIgnoring, "IGNORING"},
      {TokenType::kOffset, "OFFSET"},
      {TokenType::kOn, "ON"},
      {TokenType::kSmoothed, "SMOOTHED"},
      {TokenType::kWithout, "WITHOUT"},
      {TokenType::kStart, "START"},
      {TokenType::kEnd, "END"},
      {TokenType::kStep, "STEP"},
      {TokenType::kRange, "RANGE"},
      {TokenType::kMinOf, "MIN_OF"},
      {TokenType::kMaxOf, "MAX_OF"},
  };
  return *names;
}

// The keys and hints of histograms, which share a token type with us.
const std::map<std::string_view, std::string_view>& HistogramWordNames() {
  static const auto* const names = new std::map<std::string_view, std::string_view>{
      {"sum", "SUM_DESC"},
      {"count", "COUNT_DESC"},
      {"schema", "SCHEMA_DESC"},
      {"offset", "OFFSET_DESC"},
      {"n_offset", "NEGATIVE_OFFSET_DESC"},
      {"buckets", "BUCKETS_DESC"},
      {"n_buckets", "NEGATIVE_BUCKETS_DESC"},
      {"z_bucket", "ZERO_BUCKET_DESC"},
      {"z_bucket_w", "ZERO_BUCKET_WIDTH_DESC"},
      {"custom_values", "CUSTOM_VALUES_DESC"},
      {"counter_reset_hint", "COUNTER_RESET_HINT_DESC"},
      {"unknown", "UNKNOWN_COUNTER_RESET"},
      {"reset", "COUNTER_RESET"},
      {"not_reset", "NOT_COUNTER_RESET"},
      {"gauge", "GAUGE_TYPE"},
  };
  return *names;
}

std::string_view NameOf(const promql::Token& token) {
  if (token.type == TokenType::kHistogramKey || token.type == TokenType::kCounterResetHint) {
    const auto found = HistogramWordNames().find(promql::AsciiLower(token.text));
    return found != HistogramWordNames().end() ? found->second : "";
  }
  const auto found = TypeNames().find(token.type);
  return found != TypeNames().end() ? found->second : "";
}

}  // namespace

TokenFields FieldsOf(const promql::Token& token) {
  return TokenFields{
      .type = std::string(NameOf(token)), .start = token.start, .text = std::string(token.text)};
}

std::optional<std::vector<TokenFields>> ReadTokens(const boost::json::array& array) {
  std::vector<TokenFields> tokens;
  for (const boost::json::value& element : array) {
    const boost::json::array* fields = element.if_array();
    if (fields == nullptr || fields->size() != 3 || !fields->at(0).is_string() ||
        !fields->at(1).is_int64() || !fields->at(2).is_string()) {
      return std::nullopt;
    }
    tokens.push_back(TokenFields{.type = std::string(fields->at(0).as_string()),
                                 .start = fields->at(1).as_int64(),
                                 .text = std::string(fields->at(2).as_string())});
  }
  return tokens;
}

std::vector<std::vector<TokenFields>> SplitInputs(const std::vector<TokenFields>& tokens) {
  std::vector<std::vector<TokenFields>> inputs;
  int64_t last_start = 0;
  for (const TokenFields& token : tokens) {
    if (inputs.empty() || token.start <= last_start) inputs.emplace_back();
    inputs.back().push_back(token);
    last_start = token.start;
  }
  return inputs;
}

std::string RebuildInput(const std::vector<TokenFields>& tokens) {
  std::string input;
  for (const TokenFields& token : tokens) {
    if (input.size() < static_cast<size_t>(token.start)) {
      input.resize(static_cast<size_t>(token.start), ' ');
    }
    input += token.text;
  }
  return input;
}

std::string ToString(const std::vector<TokenFields>& tokens) {
  std::string out = "[";
  for (const TokenFields& token : tokens) {
    out += fmt::format(" {}@{}`{}`", token.type, token.start, token.text);
  }
  return out + " ]";
}

}  // namespace tidegate::conformance
