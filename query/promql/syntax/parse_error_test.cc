#include "query/promql/syntax/parse_error.h"

#include "gtest/gtest.h"

namespace tidegate::promql {
namespace {

ParseError At(int32_t start) {
  return ParseError{.position = {.start = start, .end = start}, .message = "no"};
}

TEST(ParseError, CountsColumnsFromOne) {
  EXPECT_EQ(FormatParseError(At(0), "a + b"), "1:1: parse error: no");
  EXPECT_EQ(FormatParseError(At(4), "a + b"), "1:5: parse error: no");
}

TEST(ParseError, TheEndOfTheTextIsAPosition) {
  EXPECT_EQ(FormatParseError(At(3), "a +"), "1:4: parse error: no");
}

TEST(ParseError, CountsLines) {
  constexpr std::string_view kText = "a\n  + b\n+";
  EXPECT_EQ(FormatParseError(At(1), kText), "1:2: parse error: no");
  EXPECT_EQ(FormatParseError(At(2), kText), "2:1: parse error: no");
  EXPECT_EQ(FormatParseError(At(6), kText), "2:5: parse error: no");
  EXPECT_EQ(FormatParseError(At(8), kText), "3:1: parse error: no");
}

TEST(ParseError, ColumnsAreBytes) {
  EXPECT_EQ(FormatParseError(At(3), "\u00e4\u00e4"), "1:4: parse error: no");
}

TEST(ParseError, AnEmptyTextHasNoPosition) {
  EXPECT_EQ(FormatParseError(At(0), ""), "unknown position: parse error: no");
}

TEST(ParseError, PositionsOutsideAreNamedSo) {
  EXPECT_EQ(FormatParseError(At(-1), "a"), "invalid position: parse error: no");
  EXPECT_EQ(FormatParseError(At(2), "a"), "invalid position: parse error: no");
}

}  // namespace
}  // namespace tidegate::promql
