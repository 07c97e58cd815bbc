#include "query/promql/syntax/lex/quoting.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "model/quote.h"

namespace tidegate::promql {
namespace {

TEST(Unquote, TheThreeKinds) {
  EXPECT_EQ(Unquote(R"("a'b")"), "a'b");
  EXPECT_EQ(Unquote(R"('a"b')"), "a\"b");
  EXPECT_EQ(Unquote("`a\"'\\n\n`"), "a\"'\\n\n");
  EXPECT_EQ(Unquote(R"("")"), "");
}

TEST(Unquote, Escapes) {
  EXPECT_EQ(Unquote(R"("\a\b\f\n\r\t\v\\\"")"), "\a\b\f\n\r\t\v\\\"");
  EXPECT_EQ(Unquote(R"('\'')"), "'");
  EXPECT_EQ(Unquote(R"("\x41\102\u00e4\U0001F600")"), "AB\u00e4\U0001F600");
  EXPECT_EQ(Unquote(R"("\xff\000")"), (std::string("\xff\0", 2)));
}

TEST(Unquote, RefusesWhatTheLexerRefuses) {
  for (const std::string_view literal :
       {"", "\"", "\"a", "'a\"", "a", "\"a\"b\"", "\"a\nb\"", "`a`b`", R"("\q")", R"("\'")",
        R"("\x4")", R"("\400")", R"("\08")", R"("\uD8")", R"("\U00110000")", "\"\\\""}) {
    EXPECT_EQ(Unquote(literal), std::nullopt) << literal;
  }
}

TEST(Unquote, UndoesQuoting) {
  for (const std::string_view text : {"", "plain", "\"quoted\" 'text' `too`", "tab\tline\nnul",
                                      "\xc3\x28 \xff", "\u2028\u00a0", "\U0001F600 \U000E0001"}) {
    EXPECT_EQ(Unquote(model::Quoted(text)), text);
  }
}

TEST(QuoteRune, VisibleAndInvisible) {
  EXPECT_EQ(QuoteRune('x'), "'x'");
  EXPECT_EQ(QuoteRune('\''), R"('\'')");
  EXPECT_EQ(QuoteRune('"'), R"('"')");
  EXPECT_EQ(QuoteRune('\\'), R"('\\')");
  EXPECT_EQ(QuoteRune('\n'), R"('\n')");
  EXPECT_EQ(QuoteRune(1), R"('\x01')");
  EXPECT_EQ(QuoteRune(0xE4), "'\u00e4'");
  EXPECT_EQ(QuoteRune(0xA0), R"('\u00a0')");
}

TEST(QuoteRune, WhatIsNoCharacterIsShownAsTheReplacement) {
  EXPECT_EQ(QuoteRune(-1), "'\uFFFD'");
  EXPECT_EQ(QuoteRune(0xFFFD), "'\uFFFD'");
}

TEST(DescribeRune, WithItsNumber) {
  EXPECT_EQ(DescribeRune('c'), "U+0063 'c'");
  EXPECT_EQ(DescribeRune('"'), "U+0022 '\"'");
  EXPECT_EQ(DescribeRune('\n'), "U+000A");
  EXPECT_EQ(DescribeRune(0x1F600), "U+1F600 '\U0001F600'");
}

TEST(PlainNames, MetricsMayHaveColons) {
  EXPECT_TRUE(IsPlainMetricName("job:rate5m"));
  EXPECT_TRUE(IsPlainMetricName(":x"));
  EXPECT_FALSE(IsPlainLabelName("job:rate5m"));
  EXPECT_TRUE(IsPlainLabelName("_1"));
}

TEST(PlainNames, DigitsDoNotComeFirst) {
  EXPECT_FALSE(IsPlainMetricName("5m"));
  EXPECT_FALSE(IsPlainLabelName("5m"));
}

TEST(PlainNames, NothingElseIsPlain) {
  for (const std::string_view name : {"", "a b", "a.b", "\u00e4", "a-b"}) {
    EXPECT_FALSE(IsPlainMetricName(name)) << name;
    EXPECT_FALSE(IsPlainLabelName(name)) << name;
  }
}

}  // namespace
}  // namespace tidegate::promql
