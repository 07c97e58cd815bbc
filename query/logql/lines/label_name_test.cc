#include "query/logql/lines/label_name.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace tidegate::logql {
namespace {

std::string Name(std::string_view key) {
  std::string name;
  AppendLabelName(key, &name);
  return name;
}

TEST(LabelName, KeepsWhatALabelMayHave) {
  EXPECT_EQ(Name("abc_9"), "abc_9");
  EXPECT_EQ(Name("$a$bc"), "_a_bc");
  EXPECT_EQ(Name("a:b.c-d"), "a_b_c_d");
}

TEST(LabelName, BlanksAroundAreDropped) {
  EXPECT_EQ(Name("   1 1 1  \t"), "_1_1_1");
  EXPECT_EQ(Name("  "), "");
}

TEST(LabelName, OneUnderscorePerCharacterOrBadByte) {
  EXPECT_EQ(Name("a\xC3\xBC"
                 "b"),
            "a_b");
  EXPECT_EQ(Name("\xF0\x9F\x98\x80"), "_");
  EXPECT_EQ(Name("a\xFF\xC3"), "a__");
}

TEST(LabelNames, JoinsPathsAndNeverMixesThem) {
  LabelNames names;
  LineArena arena;
  EXPECT_EQ(names.Get("", "9", &arena), "_9");
  EXPECT_EQ(names.Get("a", "9", &arena), "a_9");
  EXPECT_EQ(names.Get("a_b", "c", &arena), "a_b_c");
  EXPECT_EQ(names.Get("a", "b.c", &arena), "a_b_c");
  EXPECT_EQ(names.Get("", "9", &arena).data(), names.Get("", "9", &arena).data());
}

TEST(LabelNames, ManyKeysDoNotStay) {
  LabelNames names;
  LineArena arena;
  for (size_t i = 0; i < LabelNames::kMaxNames; ++i) names.Get("", std::to_string(i), &arena);
  const std::string_view name = names.Get("", "one-more", &arena);
  EXPECT_EQ(name, "one_more");
  EXPECT_NE(name.data(), names.Get("", "one-more", &arena).data());
}

}  // namespace
}  // namespace tidegate::logql
