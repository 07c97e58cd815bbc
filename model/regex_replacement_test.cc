#include "model/regex_replacement.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace tidegate::model {
namespace {

std::string Replace(const std::string& expression, std::string replacement,
                    std::string_view value) {
  std::string out = "(no match)";
  RegexReplacement::Compile(expression, std::move(replacement)).value().Apply(value, &out);
  return out;
}

TEST(RegexReplacementTest, ExpandsGroupsAsGoDoes) {
  EXPECT_EQ(Replace("(a)(b)", "$2-$1", "ab"), "b-a");
  EXPECT_EQ(Replace("(a)", "${1}x", "a"), "ax");
  EXPECT_EQ(Replace("(a)", "$1x", "a"), "");  // The name is "1x".
  EXPECT_EQ(Replace("(?P<first>a).*", "<$first>", "ab"), "<a>");
  EXPECT_EQ(Replace("a", "$$1 $", "a"), "$1 $");
  EXPECT_EQ(Replace("a|(b)", "[$1]", "a"), "[]");
  EXPECT_EQ(Replace("a", "${1", "a"), "${1");
}

TEST(RegexReplacementTest, IsAnchoredAndADotMatchesANewline) {
  EXPECT_EQ(Replace("b", "x", "abc"), "(no match)");
  EXPECT_EQ(Replace("a.c", "x", "a\nc"), "x");
  EXPECT_EQ(Replace("a|bc", "x", "abc"), "(no match)");
}

TEST(RegexReplacementTest, RefusesWhatDoesNotCompile) {
  EXPECT_FALSE(RegexReplacement::Compile("(", "").ok());
}

}  // namespace
}  // namespace tidegate::model
