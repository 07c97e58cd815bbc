#include "query/logql/lines/line_pattern.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tidegate::logql {
namespace {

using ::testing::ElementsAre;

// A pattern as text again, literals in brackets.
std::string Read(std::string_view expression) {
  std::string text;
  for (const PatternNode& node : ReadPattern(expression)) {
    text += node.capture ? "<" + node.text + ">" : "[" + node.text + "]";
  }
  return text;
}

std::vector<std::string> Values(std::string_view expression, std::string_view line) {
  const WantedFields everything;
  PatternFieldParser parser(*ParseFieldPattern(expression), &everything);
  std::vector<std::string> values;
  for (const LineField& field : *parser.Parse(line).fields) values.emplace_back(field.value);
  return values;
}

bool Matches(std::string_view expression, std::string_view line) {
  return MatchesPattern(*ParseLineFilterPattern(expression), line);
}

TEST(LinePattern, WhatIsNoCaptureIsALiteral) {
  EXPECT_EQ(Read("<foo> bar f <f>"), "<foo>[ bar f ]<f>");
  EXPECT_EQ(Read("<foo ><bar>"), "[<foo >]<bar>");
  EXPECT_EQ(Read("<><1_><_"), "[<><1_><_]");
  EXPECT_EQ(Read("a<<b>>"), "[a<]<b>[>]");
  EXPECT_EQ(Read(""), "");
}

TEST(LinePattern, RulesOfTheParser) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "at least one capture is required"},
      {"foo <_>", "at least one capture is required"},
      {"<f><g>", "found consecutive capture '<f><g>': invalid expression"},
      {"f<f><_>", "found consecutive capture '<f><_>': invalid expression"},
      {"<f> <f>", "duplicate capture name (f): invalid expression"},
  };
  for (const auto& [expression, error] : cases) {
    EXPECT_EQ(ParseFieldPattern(expression).status().message(), error) << expression;
  }
  EXPECT_TRUE(ParseFieldPattern("<_> <f> <_>").ok());
}

TEST(LinePattern, RulesOfTheLineFilter) {
  EXPECT_TRUE(ParseLineFilterPattern("").ok());
  EXPECT_TRUE(ParseLineFilterPattern("<_> a <_>").ok());
  EXPECT_EQ(ParseLineFilterPattern("<foo <foo> <_>").status().message(),
            "named captures are not allowed: found '<foo>'");
  EXPECT_EQ(ParseLineFilterPattern("<_><_>").status().message(),
            "found consecutive capture '<_><_>': invalid expression");
}

TEST(LinePattern, Captures) {
  EXPECT_THAT(Values("<ip> - <_> \"<method>\"", "1.2.3.4 - me \"GET\""),
              ElementsAre("1.2.3.4", "GET"));
  EXPECT_THAT(Values("foo <a>", "foo "), ElementsAre(""));
  EXPECT_THAT(Values("<a>bar<b>", " bar "), ElementsAre(" ", " "));
}

TEST(LinePattern, AMissingLiteralGivesTheRestToTheCaptureBeforeIt) {
  EXPECT_THAT(Values("<path>?<query>", "/api"), ElementsAre("/api"));
  EXPECT_THAT(Values("<a>, <b>; <c>", "1, 2, 3"), ElementsAre("1", "2, 3"));
  EXPECT_THAT(Values("foo <a>", "bar foo x"), ElementsAre());
}

TEST(LinePattern, OnlyWantedCapturesAreDelivered) {
  const WantedFields wanted({"b"});
  PatternFieldParser parser(*ParseFieldPattern("<a> <b>"), &wanted);
  EXPECT_THAT(*parser.Parse("1 2").fields, ElementsAre(LineField{"b", "2"}));
}

TEST(LinePattern, FilterMatchesTheWholeLine) {
  EXPECT_TRUE(Matches("a <_> b", "a x b"));
  EXPECT_FALSE(Matches("a <_> b", "a x b y"));
  EXPECT_FALSE(Matches("a <_> b", " a x b"));
  EXPECT_TRUE(Matches("<_> b<_>", "a b c"));
  EXPECT_FALSE(Matches("<_> b<_>", "a b"));  // A capture is not empty.
  EXPECT_FALSE(Matches("<_> b", " b"));
  EXPECT_FALSE(Matches("a <_> b", "a x b y b"));  // The first place of a literal counts.
  EXPECT_TRUE(Matches("abc", "abc"));
  EXPECT_TRUE(Matches("", ""));
  EXPECT_FALSE(Matches("", "a"));
  EXPECT_FALSE(Matches("<_>", ""));
}

}  // namespace
}  // namespace tidegate::logql
