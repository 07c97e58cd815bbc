#include "query/log_deletion.h"

#include "gtest/gtest.h"

namespace tidegate::query {
namespace {

std::string ErrorOf(const std::string& query) {
  return std::string(ParseLogDeletion(query).status().message());
}

TEST(ParseLogDeletionTest, ASelectorAloneMeansEveryLine) {
  const auto deleted = ParseLogDeletion(R"({app="shop", env=~"p.*"})");
  ASSERT_TRUE(deleted.ok()) << deleted.status();
  EXPECT_EQ(deleted->matchers.size(), 2u);
  EXPECT_TRUE(deleted->tests.empty());
}

TEST(ParseLogDeletionTest, LineFiltersAreTests) {
  const auto deleted = ParseLogDeletion(R"({app="shop"} |= "a" or "b" !~ "c+")");
  ASSERT_TRUE(deleted.ok()) << deleted.status();
  ASSERT_EQ(deleted->tests.size(), 2u);
  EXPECT_EQ(deleted->tests[0].kind, storage::LineTest::Kind::kContains);
  EXPECT_EQ(deleted->tests[0].alternatives, (std::vector<std::string>{"a", "b"}));
  EXPECT_FALSE(deleted->tests[0].negated);
  EXPECT_EQ(deleted->tests[1].kind, storage::LineTest::Kind::kMatches);
  EXPECT_TRUE(deleted->tests[1].negated);
}

TEST(ParseLogDeletionTest, WhatTheLineAloneDoesNotTellIsRefused) {
  const std::string text =
      "invalid query expression: only the line filters |=, !=, |~ and !~ can select what is "
      "deleted";
  for (const char* query :
       {R"({app="shop"} | json)", R"({app="shop"} | level="x")", R"({app="shop"} |> "a<_>")",
        R"({app="shop"} |= ip("10.0.0.1"))", R"({app="shop"} |= "x" | line_format "y")"}) {
    EXPECT_EQ(ErrorOf(query), text) << query;
  }
}

TEST(ParseLogDeletionTest, TellsWhatIsWrong) {
  EXPECT_TRUE(ErrorOf("gjgjg ggj").starts_with("invalid query expression: parse error"));
  EXPECT_EQ(ErrorOf(R"(rate({app="shop"}[1m]))"),
            "invalid query expression: a metric query; only log queries select entries");
  EXPECT_TRUE(ErrorOf("{}").starts_with("invalid query expression: parse error : queries require"))
      << ErrorOf("{}");
}

}  // namespace
}  // namespace tidegate::query
