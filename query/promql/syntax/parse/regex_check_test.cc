#include "query/promql/syntax/parse/regex_check.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace tidegate::promql {
namespace {

using model::Matcher;
using model::MatchType;

std::string FaultOf(std::string_view pattern) { return std::string(CheckRegex(pattern).message()); }

TEST(CheckRegex, AcceptsValidExpressions) {
  for (const std::string_view pattern : {"", "a|b", "(?i)x.*", "[a-z]{2,5}", "\\d+", "a{1000}"}) {
    EXPECT_TRUE(CheckRegex(pattern).ok()) << pattern;
  }
}

TEST(CheckRegex, FaultsAreNamedAsGoNamesThem) {
  EXPECT_EQ(FaultOf("*a"), "error parsing regexp: missing argument to repetition operator: `*`");
  EXPECT_EQ(FaultOf("a**"), "error parsing regexp: invalid nested repetition operator: `**`");
  EXPECT_EQ(FaultOf("a{1001}"), "error parsing regexp: invalid repeat count: `{1001}`");
  EXPECT_EQ(FaultOf("\\8"), "error parsing regexp: invalid escape sequence: `\\8`");
  EXPECT_EQ(FaultOf("[z-a]"), "error parsing regexp: invalid character class range: `z-a`");
  EXPECT_EQ(FaultOf("(?<x)"), "error parsing regexp: invalid or unsupported Perl syntax: `(?<`");
}

TEST(CheckRegex, ParenthesesOfThePatternDoNotCloseOurs) {
  EXPECT_FALSE(CheckRegex("a)").ok());
  EXPECT_FALSE(CheckRegex("(a").ok());
  EXPECT_FALSE(CheckRegex("a\\").ok());
}

bool Empty(MatchType type, std::string value) {
  return MatchesEmpty(Matcher{.type = type, .name = "x", .value = std::move(value)});
}

TEST(MatchesEmpty, PlainMatchers) {
  EXPECT_TRUE(Empty(MatchType::kEqual, ""));
  EXPECT_FALSE(Empty(MatchType::kEqual, "a"));
  EXPECT_FALSE(Empty(MatchType::kNotEqual, ""));
  EXPECT_TRUE(Empty(MatchType::kNotEqual, "a"));
}

TEST(MatchesEmpty, ExpressionsAreAnchored) {
  EXPECT_TRUE(Empty(MatchType::kRegex, "a*"));
  EXPECT_TRUE(Empty(MatchType::kRegex, "a|"));
  EXPECT_FALSE(Empty(MatchType::kRegex, ".+"));
  EXPECT_FALSE(Empty(MatchType::kNotRegex, ".*"));
  EXPECT_TRUE(Empty(MatchType::kNotRegex, "a"));
}

}  // namespace
}  // namespace tidegate::promql
