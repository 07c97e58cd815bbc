#include "storage/logs/line_filter.h"

#include <gtest/gtest.h>

namespace tidegate::storage {
namespace {

using Kind = LineTest::Kind;

bool Holds(std::vector<LineTest> tests, std::string_view line) {
  const auto filter = LineFilter::Compile(tests);
  EXPECT_TRUE(filter.ok()) << filter.status();
  return filter.ok() && filter->Holds(line);
}

TEST(LineFilterTest, NoTestHoldsForEveryLine) {
  EXPECT_TRUE(Holds({}, ""));
  EXPECT_TRUE(Holds({}, "anything"));
}

TEST(LineFilterTest, OneAlternativeIsEnough) {
  const LineTest either{Kind::kContains, {"error", "warn"}, false};
  EXPECT_TRUE(Holds({either}, "a warning"));
  EXPECT_TRUE(Holds({either}, "an error"));
  EXPECT_FALSE(Holds({either}, "an ERROR"));
  EXPECT_FALSE(Holds({either}, ""));
}

TEST(LineFilterTest, NegatedMeansThatNoneIsFound) {
  const LineTest neither{Kind::kContains, {"error", "warn"}, true};
  EXPECT_FALSE(Holds({neither}, "a warning"));
  EXPECT_TRUE(Holds({neither}, "fine"));
  EXPECT_TRUE(Holds({neither}, ""));
}

TEST(LineFilterTest, AllTestsMustHold) {
  const std::vector<LineTest> both = {{Kind::kMatches, {"[0-9]+ms$"}, false},
                                      {Kind::kContains, {"GET"}, false}};
  EXPECT_TRUE(Holds(both, "GET / 12ms"));
  EXPECT_FALSE(Holds(both, "GET / 12 ms."));
  EXPECT_FALSE(Holds(both, "PUT / 12ms"));
}

TEST(LineFilterTest, TheEmptyTextIsInEveryLine) {
  EXPECT_TRUE(Holds({{Kind::kContains, {""}, false}}, ""));
  EXPECT_FALSE(Holds({{Kind::kContains, {""}, true}}, "x"));
  EXPECT_TRUE(Holds({{Kind::kMatches, {""}, false}}, ""));
}

TEST(LineFilterTest, BytesAreComparedAsTheyAre) {
  using namespace std::string_view_literals;
  EXPECT_TRUE(Holds({{Kind::kContains, {std::string("\0b"sv)}, false}}, "a\0bc"sv));
  EXPECT_FALSE(Holds({{Kind::kMatches, {"a.b"}, false}}, "a\nb"));
}

TEST(LineFilterTest, WhatDoesNotCompileIsRefused) {
  const std::vector<LineTest> broken = {{Kind::kMatches, {"(", "x"}, false}};
  EXPECT_TRUE(absl::IsInvalidArgument(LineFilter::Compile(broken).status()));
  const std::vector<LineTest> none = {{Kind::kContains, {}, false}};
  EXPECT_TRUE(absl::IsInvalidArgument(LineFilter::Compile(none).status()));
}

}  // namespace
}  // namespace tidegate::storage
