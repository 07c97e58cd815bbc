#include "api/http/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidegate::api {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(ParseTarget, SplitsPathAndQuery) {
  const auto split = ParseTarget("/api/v1/query?query=up&time=4");
  ASSERT_TRUE(split);
  EXPECT_EQ(split->path, "/api/v1/query");
  EXPECT_EQ(split->query, "query=up&time=4");
}

TEST(ParseTarget, QueryMayHoldQuestionMarks) {
  EXPECT_EQ(ParseTarget("/a?b=?")->query, "b=?");
  EXPECT_EQ(ParseTarget("/a?")->query, "");
}

TEST(ParseTarget, TakesAbsoluteForm) {
  EXPECT_EQ(ParseTarget("http://host:9009/a/b?c")->path, "/a/b");
  EXPECT_EQ(ParseTarget("HTTPS://host")->path, "/");
  EXPECT_EQ(ParseTarget("http://host?x=1")->query, "x=1");
}

TEST(ParseTarget, CutsTheFragment) { EXPECT_EQ(ParseTarget("/a?b#c")->query, "b"); }

TEST(ParseTarget, RefusesOtherForms) {
  EXPECT_FALSE(ParseTarget(""));
  EXPECT_FALSE(ParseTarget("*"));
  EXPECT_FALSE(ParseTarget("host:443"));
  EXPECT_FALSE(ParseTarget("ftp://host/a"));
}

TEST(DecodePath, KeepsEncodedSlashesInsideASegment) {
  EXPECT_THAT(*DecodePath("/label/a%2Fb/values"), ElementsAre("label", "a/b", "values"));
}

TEST(DecodePath, RootHasNoSegmentsAndATrailingSlashCounts) {
  EXPECT_THAT(*DecodePath("/"), IsEmpty());
  EXPECT_THAT(*DecodePath("/a/"), ElementsAre("a", ""));
  EXPECT_THAT(*DecodePath("//a"), ElementsAre("", "a"));
}

TEST(DecodePath, PlusIsAPlus) { EXPECT_THAT(*DecodePath("/a+b"), ElementsAre("a+b")); }

TEST(DecodePath, RefusesBadEscapes) {
  EXPECT_FALSE(DecodePath("/%"));
  EXPECT_FALSE(DecodePath("/%4"));
  EXPECT_FALSE(DecodePath("/%zz"));
}

TEST(DecodeForm, DecodesPairs) {
  Parameters out;
  EXPECT_TRUE(DecodeForm("query=sum(rate(a%5B5m%5D))+%2B+1&match[]={a=%22b%22}&x", &out));
  EXPECT_THAT(out.pairs(), ElementsAre(Pair("query", "sum(rate(a[5m])) + 1"),
                                       Pair("match[]", "{a=\"b\"}"), Pair("x", "")));
}

TEST(DecodeForm, ValueMayHoldEqualSigns) {
  Parameters out;
  EXPECT_TRUE(DecodeForm("q=a=b", &out));
  EXPECT_THAT(out.pairs(), ElementsAre(Pair("q", "a=b")));
}

TEST(DecodeForm, LeavesMalformedPairsOut) {
  Parameters out;
  EXPECT_FALSE(DecodeForm("a=%q&b=1&c;d=2&%=3", &out));
  EXPECT_THAT(out.pairs(), ElementsAre(Pair("b", "1")));
}

TEST(DecodeForm, EmptyPairsAreNothing) {
  Parameters out;
  EXPECT_TRUE(DecodeForm("&&a=1&", &out));
  EXPECT_THAT(out.pairs(), ElementsAre(Pair("a", "1")));
}

TEST(PercentDecode, KeepsEveryByte) {
  EXPECT_EQ(*PercentDecode("%00%ff%C3%a9", false), std::string("\0\xff\xc3\xa9", 4));
}

}  // namespace
}  // namespace tidegate::api
