#include "query/promql/syntax/lex/token.h"

#include <algorithm>
#include <array>
#include <utility>

#include "fmt/format.h"
#include "model/quote.h"
#include "query/promql/syntax/lex/characters.h"

namespace tidegate::promql {
namespace {

using Keyword = std::pair<std::string_view, TokenType>;

// Ordered by word.
constexpr std::array kKeywords = {
    Keyword{"anchored", TokenType::kAnchored},
    Keyword{"and", TokenType::kAnd},
    Keyword{"atan2", TokenType::kAtan2},
    Keyword{"avg", TokenType::kAvg},
    Keyword{"bool", TokenType::kBool},
    Keyword{"bottomk", TokenType::kBottomK},
    Keyword{"by", TokenType::kBy},
    Keyword{"count", TokenType::kCount},
    Keyword{"count_values", TokenType::kCountValues},
    Keyword{"end", TokenType::kEnd},
    Keyword{"fill", TokenType::kFill},
    Keyword{"fill_left", TokenType::kFillLeft},
    Keyword{"fill_right", TokenType::kFillRight},
    Keyword{"group", TokenType::kGroup},
    Keyword{"group_left", TokenType::kGroupLeft},
    Keyword{"group_right", TokenType::kGroupRight},
    Keyword{"ignoring", TokenType::kIgnoring},
    Keyword{"inf", TokenType::kNumber},
    Keyword{"limit_ratio", TokenType::kLimitRatio},
    Keyword{"limitk", TokenType::kLimitK},
    Keyword{"max", TokenType::kMax},
    Keyword{"max_of", TokenType::kMaxOf},
    Keyword{"min", TokenType::kMin},
    Keyword{"min_of", TokenType::kMinOf},
    Keyword{"nan", TokenType::kNumber},
    Keyword{"offset", TokenType::kOffset},
    Keyword{"on", TokenType::kOn},
    Keyword{"or", TokenType::kOr},
    Keyword{"quantile", TokenType::kQuantile},
    Keyword{"range", TokenType::kRange},
    Keyword{"smoothed", TokenType::kSmoothed},
    Keyword{"start", TokenType::kStart},
    Keyword{"stddev", TokenType::kStddev},
    Keyword{"stdvar", TokenType::kStdvar},
    Keyword{"step", TokenType::kStep},
    Keyword{"sum", TokenType::kSum},
    Keyword{"topk", TokenType::kTopK},
    Keyword{"unless", TokenType::kUnless},
    Keyword{"without", TokenType::kWithout},
};

constexpr size_t kLongestKeyword = 12;  // count_values
constexpr size_t kLongestQuotedText = 10;

bool Between(TokenType type, TokenType first, TokenType last) {
  return type >= first && type <= last;
}

bool IsOperatorToken(TokenType type) {
  return Between(type, TokenType::kAdd, TokenType::kTrimLower);
}

bool IsKeywordToken(TokenType type) {
  return Between(type, TokenType::kAnchored, TokenType::kWithout);
}

// The first `runes` characters of `text`.
std::string_view Prefix(std::string_view text, size_t runes) {
  size_t at = 0;
  while (runes-- > 0 && at < text.size())
    at += static_cast<size_t>(model::DecodeUtf8(text.substr(at)).size);
  return text.substr(0, at);
}

std::string QuotedText(const Token& token) {
  if (token.text.size() <= kLongestQuotedText) return model::Quoted(token.text);
  return model::Quoted(Prefix(token.text, kLongestQuotedText)) + "...";
}

}  // namespace

std::optional<TokenType> KeywordOf(std::string_view word) {
  if (word.size() > kLongestKeyword) return std::nullopt;
  const std::string lower = AsciiLower(word);
  const auto* found = std::lower_bound(
      kKeywords.begin(), kKeywords.end(), std::string_view(lower),
      [](const Keyword& keyword, std::string_view w) { return keyword.first < w; });
  if (found == kKeywords.end() || found->first != lower) return std::nullopt;
  return found->second;
}

bool IsAggregationToken(TokenType type) { return Between(type, TokenType::kAvg, TokenType::kTopK); }

bool CanBeMetricName(TokenType type) {
  switch (type) {
    case TokenType::kIdentifier:
    case TokenType::kMetricIdentifier:
    case TokenType::kAnd:
    case TokenType::kOr:
    case TokenType::kUnless:
    case TokenType::kAnchored:
    case TokenType::kBy:
    case TokenType::kFill:
    case TokenType::kFillLeft:
    case TokenType::kFillRight:
    case TokenType::kOffset:
    case TokenType::kSmoothed:
    case TokenType::kWithout:
      return true;
    default:
      return IsAggregationToken(type) || Between(type, TokenType::kStart, TokenType::kMaxOf);
  }
}

bool CanBeGroupingLabel(TokenType type) {
  return CanBeMetricName(type) || IsKeywordToken(type) || type == TokenType::kAtan2;
}

std::string Describe(const Token& token) {
  switch (token.type) {
    case TokenType::kEndOfInput:
      return "end of input";
    case TokenType::kError:
      return fmt::format("error {}", token.text);
    case TokenType::kIdentifier:
      return fmt::format("identifier {}", model::Quoted(token.text));
    case TokenType::kMetricIdentifier:
      return fmt::format("metric identifier {}", model::Quoted(token.text));
    case TokenType::kString:
      return fmt::format("string {}", QuotedText(token));
    case TokenType::kNumber:
      return fmt::format("number {}", QuotedText(token));
    case TokenType::kDuration:
      return fmt::format("duration {}", QuotedText(token));
    default:
      break;
  }
  if (IsKeywordToken(token.type)) return fmt::format("<{}>", token.text);
  if (IsOperatorToken(token.type)) return fmt::format("<op:{}>", token.text);
  if (IsAggregationToken(token.type)) return fmt::format("<aggr:{}>", token.text);
  return QuotedText(token);
}

}  // namespace tidegate::promql
