#include "storage/log_page/text_filter.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace tidegate::storage {
namespace {

TEST(TextFilterTest, WhatWasAddedMayBeThereInAnyCase) {
  TextFilterBuilder builder;
  builder.Add("Connection REFUSED");
  builder.Add("by peer");
  const std::string filter = builder.Finish();
  EXPECT_TRUE(MayContain(filter, "refused"));
  EXPECT_TRUE(MayContain(filter, "CONNECTION R"));
  EXPECT_TRUE(MayContain(filter, "peer"));
  EXPECT_FALSE(MayContain(filter, "accepted"));
  EXPECT_FALSE(MayContain(filter, "peers"));
  EXPECT_TRUE(MayContain(filter, "xy")) << "shorter than a sequence";
  EXPECT_TRUE(MayContain(filter, ""));
}

TEST(TextFilterTest, NothingThatWasAddedIsMissed) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 20; ++round) {
    TextFilterBuilder builder;
    std::vector<std::string> texts(1 + random() % 500);
    for (std::string& text : texts) {
      for (size_t i = 0; i < 50; ++i) text.push_back(static_cast<char>(random()));
      builder.Add(text);
    }
    const std::string filter = builder.Finish();
    for (const std::string& text : texts) {
      ASSERT_TRUE(MayContain(filter, text.substr(random() % 40, random() % 20)));
    }
  }
}

TEST(TextFilterTest, TheSizeFollowsTheContent) {
  TextFilterBuilder builder;
  EXPECT_EQ(builder.Finish().size(), 16u);
  builder.Add("a few words only");
  EXPECT_LE(builder.Finish().size(), 32u);
  std::mt19937_64 random(4);
  std::string much;
  for (int i = 0; i < 100'000; ++i) much.push_back(static_cast<char>(random()));
  builder.Add(much);
  EXPECT_EQ(builder.Finish().size(), kMaxTextFilterBits / 8);
}

TEST(TextFilterTest, LettersWhoseOtherCaseIsAsciiAdmitEverything) {
  TextFilterBuilder builder;
  builder.Add("mi\xC5\xBFs");
  EXPECT_TRUE(MayContain(builder.Finish(), "miss"));
}

TEST(TextFilterTest, AnotherSizeHoldsEverything) {
  EXPECT_TRUE(MayContain("", "abc"));
  EXPECT_TRUE(MayContain(std::string(17, '\0'), "abc"));
  EXPECT_FALSE(MayContain(std::string(16, '\0'), "abc"));
}

}  // namespace
}  // namespace tidegate::storage
