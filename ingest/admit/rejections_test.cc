#include "ingest/admit/rejections.h"

#include <string>

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

std::string Text(const Rejections& rejections) {
  return std::string(rejections.ToStatus().message());
}

TEST(RejectionsTest, NothingIsOk) { EXPECT_TRUE(Rejections().ToStatus().ok()); }

TEST(RejectionsTest, WhatIsDroppedSilentlyIsCountedOnly) {
  Rejections rejections;
  rejections.AddSilently(RejectReason::kInvalidExemplar, 3);
  EXPECT_TRUE(rejections.ToStatus().ok());
  EXPECT_EQ(rejections.count(RejectReason::kInvalidExemplar), 3u);
}

TEST(RejectionsTest, ATextNamesTotalsThenOffenders) {
  Rejections rejections;
  rejections.Add(RejectReason::kTooOld, {.samples = 2}, [] { return std::string("first"); });
  rejections.Add(RejectReason::kInvalidLabels, {.histograms = 1, .exemplars = 4},
                 [] { return std::string("second"); });
  EXPECT_EQ(rejections.ToStatus().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Text(rejections),
            "not stored: 2 samples, 1 histogram, 4 exemplars (invalid_labels: 5, too_old: 2); "
            "first; second");
  EXPECT_EQ(rejections.count(RejectReason::kInvalidLabels), 5u);
  EXPECT_EQ(rejections.count(RejectReason::kTooOld), 2u);
}

TEST(RejectionsTest, OnlyTheFirstOffendersAreDescribed) {
  Rejections rejections;
  int described = 0;
  for (int i = 0; i < 1000; ++i) {
    rejections.Add(RejectReason::kTooOld, {.samples = 1},
                   [&] { return "offender " + std::to_string(described++); });
  }
  EXPECT_EQ(described, static_cast<int>(Rejections::kMaxOffenders));
  EXPECT_NE(Text(rejections).find("offender 9; and 990 more"), std::string::npos);
}

TEST(RejectionsTest, EqualTextsInARowAreSaidOnce) {
  Rejections rejections;
  for (int i = 0; i < 3; ++i) {
    rejections.Add(RejectReason::kSeriesLimit, {.samples = 1}, [] { return std::string("full"); });
  }
  EXPECT_EQ(Text(rejections), "not stored: 3 samples (series_limit: 3); full; and 2 more");
}

TEST(RejectionsTest, LongTextsAreCutBetweenCharacters) {
  Rejections rejections;
  rejections.Add(RejectReason::kTooOld, {.samples = 1}, [] {
    std::string text = "x";
    for (int i = 0; i < 1000; ++i) text += "\u00e4";
    return text;
  });
  const std::string text = Text(rejections);
  EXPECT_LT(text.size(), 700u);
  // 1 + 2 * 255 bytes and no half character.
  EXPECT_EQ(text.substr(text.size() - 5), "\u00e4...");
}

TEST(RejectionsTest, ASeriesWithoutPointsIsStillSaid) {
  Rejections rejections;
  rejections.Add(RejectReason::kInvalidLabels, {}, [] { return std::string("no name"); });
  EXPECT_EQ(Text(rejections), "not stored: series without points; no name");
}

}  // namespace
}  // namespace tidegate::ingest
