#include "control/monitors/metrics/selectors.h"

#include <gtest/gtest.h>

namespace tidegate::control {
namespace {

TEST(SelectorsTest, NamesAreQuoted) {
  EXPECT_EQ(SelectorOf("cpu.user", "host", "a\"b"), R"({__name__="cpu.user",host="a\"b"})");
  EXPECT_EQ(SelectorOfAll("x", "host"), R"({__name__="x",host!=""})");
}

TEST(SelectorsTest, WildcardsStandForOnePart) {
  EXPECT_EQ(SelectorOf("a.*.b", "h", "1"), R"({__name__=~"a\\.[-a-zA-Z0-9_]+\\.b",h="1"})");
  EXPECT_TRUE(HasWildcard("a.#"));
  EXPECT_FALSE(HasWildcard("a.b"));
}

TEST(SelectorsTest, AnyOfEscapes) {
  EXPECT_EQ(AnyOf({"a", "b.c", "d|e"}), R"(a|b\.c|d\|e)");
  EXPECT_EQ(SelectorOfAny("x", "h", {"a", "b"}), R"({__name__="x",h=~"a|b"})");
}

}  // namespace
}  // namespace tidegate::control
