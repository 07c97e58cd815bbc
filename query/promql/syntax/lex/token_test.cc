#include "query/promql/syntax/lex/token.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace tidegate::promql {
namespace {

std::string Described(TokenType type, std::string_view text) {
  return Describe(Token{.type = type, .start = 0, .text = text});
}

TEST(Keywords, AreFoundInAnyCase) {
  EXPECT_EQ(KeywordOf("sum"), TokenType::kSum);
  EXPECT_EQ(KeywordOf("COUNT_VALUES"), TokenType::kCountValues);
  EXPECT_EQ(KeywordOf("Group_Left"), TokenType::kGroupLeft);
  EXPECT_EQ(KeywordOf("InF"), TokenType::kNumber);
}

TEST(Keywords, OtherWordsAreNone) {
  for (const std::string_view word : {"", "a", "summ", "rate", "zzz", "count_valuesx"}) {
    EXPECT_EQ(KeywordOf(word), std::nullopt) << word;
  }
}

TEST(Keywords, TheListIsOrderedAsSearched) {
  for (const std::string_view word :
       {"anchored", "and",         "atan2",    "avg",    "bool",        "bottomk",
        "by",       "count",       "end",      "fill",   "fill_left",   "fill_right",
        "group",    "group_right", "ignoring", "inf",    "limit_ratio", "limitk",
        "max",      "max_of",      "min",      "min_of", "nan",         "offset",
        "on",       "or",          "quantile", "range",  "smoothed",    "start",
        "stddev",   "stdvar",      "step",     "topk",   "unless",      "without"}) {
    EXPECT_TRUE(KeywordOf(word).has_value()) << word;
  }
}

TEST(Names, FewKeywordsAreReserved) {
  for (const TokenType type : {TokenType::kBool, TokenType::kOn, TokenType::kIgnoring,
                               TokenType::kGroupLeft, TokenType::kGroupRight, TokenType::kAtan2}) {
    EXPECT_FALSE(CanBeMetricName(type));
    EXPECT_TRUE(CanBeGroupingLabel(type));
  }
  for (const TokenType type : {TokenType::kSum, TokenType::kOffset, TokenType::kMaxOf,
                               TokenType::kAnd, TokenType::kIdentifier}) {
    EXPECT_TRUE(CanBeMetricName(type));
    EXPECT_TRUE(CanBeGroupingLabel(type));
  }
}

TEST(Names, PunctuationAndLiteralsAreNone) {
  for (const TokenType type : {TokenType::kNumber, TokenType::kString, TokenType::kComma,
                               TokenType::kAdd, TokenType::kEndOfInput, TokenType::kError}) {
    EXPECT_FALSE(CanBeMetricName(type));
    EXPECT_FALSE(CanBeGroupingLabel(type));
  }
}

TEST(Descriptions, SayTheKindWhereItIsNotObvious) {
  EXPECT_EQ(Described(TokenType::kIdentifier, "up"), "identifier \"up\"");
  EXPECT_EQ(Described(TokenType::kMetricIdentifier, "a:b"), "metric identifier \"a:b\"");
  EXPECT_EQ(Described(TokenType::kNumber, "1.5"), "number \"1.5\"");
  EXPECT_EQ(Described(TokenType::kDuration, "5m"), "duration \"5m\"");
  EXPECT_EQ(Described(TokenType::kEndOfInput, ""), "end of input");
}

TEST(Descriptions, MarkOperatorsAndKeywords) {
  EXPECT_EQ(Described(TokenType::kTrimLower, ">/"), "<op:>/>");
  EXPECT_EQ(Described(TokenType::kUnless, "UNLESS"), "<op:UNLESS>");
  EXPECT_EQ(Described(TokenType::kTopK, "topk"), "<aggr:topk>");
  EXPECT_EQ(Described(TokenType::kFill, "fill"), "<fill>");
  EXPECT_EQ(Described(TokenType::kRightBrace, "}"), "\"}\"");
  EXPECT_EQ(Described(TokenType::kSpace, " "), "\" \"");
  EXPECT_EQ(Described(TokenType::kStep, "step"), "\"step\"");
}

TEST(Descriptions, CutLongTexts) {
  EXPECT_EQ(Described(TokenType::kString, "\"12345678\""), "string \"\\\"12345678\\\"\"");
  EXPECT_EQ(Described(TokenType::kString, "\"1234567890\""), "string \"\\\"123456789\"...");
  EXPECT_EQ(Described(TokenType::kString, "'\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc'"),
            "string \"'\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc'\"...");
}

}  // namespace
}  // namespace tidegate::promql
