#include "storage/store/point_merge.h"

#include <map>
#include <random>

#include "gtest/gtest.h"

namespace tidegate::storage {
namespace {

using Pairs = std::vector<std::pair<model::TimestampMs, double>>;

FloatPart Part(const Pairs& pairs) {
  auto times = std::make_shared<std::vector<model::TimestampMs>>();
  FloatPart part;
  for (const auto& [time, value] : pairs) {
    times->push_back(time);
    part.values.push_back(value);
  }
  part.times = {.column = times, .begin = 0, .end = static_cast<uint32_t>(times->size())};
  return part;
}

SegmentPoints Floats(const Pairs& pairs) {
  SegmentPoints points;
  points.floats.push_back(Part(pairs));
  return points;
}

model::HistogramSample Histogram(model::TimestampMs time, uint64_t count) {
  model::HistogramSample sample;
  sample.timestamp = time;
  model::IntHistogram histogram;
  histogram.count = count;
  sample.histogram = histogram;
  return sample;
}

Pairs PairsOf(const SeriesColumns& columns) {
  Pairs pairs;
  for (size_t i = 0; i < columns.values.size(); ++i) {
    pairs.emplace_back((*columns.timestamps)[i], columns.values[i]);
  }
  return pairs;
}

class PointMergeTest : public testing::Test {
 protected:
  SeriesColumns Merge(std::vector<SegmentPoints> segments) {
    return MergePoints(std::move(segments), &pool_, &conflicts_);
  }
  TimeColumnPool pool_;
  uint64_t conflicts_ = 0;
};

TEST_F(PointMergeTest, NothingIsAnEmptyColumn) {
  const SeriesColumns columns = Merge({});
  ASSERT_NE(columns.timestamps, nullptr);
  EXPECT_TRUE(columns.timestamps->empty());
}

TEST_F(PointMergeTest, LaterTimesFollowWhateverTheirRank) {
  EXPECT_EQ(PairsOf(Merge({Floats({{30, 3}, {40, 4}}), Floats({{10, 1}, {20, 2}})})),
            (Pairs{{10, 1}, {20, 2}, {30, 3}, {40, 4}}));
  EXPECT_EQ(conflicts_, 0u);
}

TEST_F(PointMergeTest, TheLowestRankWinsAndOnlyOtherValuesCount) {
  EXPECT_EQ(
      PairsOf(Merge({Floats({{10, 1}}), Floats({{10, 2}, {20, 5}}), Floats({{10, 1}, {20, 6}})})),
      (Pairs{{10, 1}, {20, 5}}));
  EXPECT_EQ(conflicts_, 2u);
}

TEST_F(PointMergeTest, StaleMarkersAreEqualToThemselves) {
  Merge({Floats({{10, model::StaleNan()}}), Floats({{10, model::StaleNan()}})});
  EXPECT_EQ(conflicts_, 0u);
}

TEST_F(PointMergeTest, EqualPartsShareTheJoinedTimestamps) {
  const FloatPart first = Part({{10, 1}});
  const FloatPart second = Part({{20, 2}});
  const auto merge = [&] {
    std::vector<SegmentPoints> segments(2);
    segments[0].floats = {first};
    segments[1].floats = {second};
    return Merge(std::move(segments)).timestamps;
  };
  EXPECT_EQ(merge(), merge());
}

TEST_F(PointMergeTest, MissingStartTimestampsAreUnknown) {
  std::vector<SegmentPoints> segments = {Floats({{10, 1}, {11, 1}}), Floats({{20, 2}})};
  segments[1].floats[0].start_timestamps = {7};
  EXPECT_EQ(Merge(std::move(segments)).start_timestamps,
            (std::vector<model::TimestampMs>{0, 0, 7}));
}

TEST_F(PointMergeTest, AFloatAndAHistogramAtOneTimeLeaveTheFirst) {
  SegmentPoints histograms;
  histograms.histograms = {Histogram(10, 1), Histogram(20, 2)};
  SeriesColumns columns = Merge({Floats({{10, 5}}), histograms});
  EXPECT_EQ(PairsOf(columns), (Pairs{{10, 5}}));
  ASSERT_EQ(columns.histograms.size(), 1u);
  EXPECT_EQ(columns.histograms[0].timestamp, 20);
  EXPECT_EQ(conflicts_, 1u);
  columns = Merge({histograms, Floats({{10, 5}, {15, 6}})});
  EXPECT_EQ(PairsOf(columns), (Pairs{{15, 6}}));
  EXPECT_EQ(columns.histograms.size(), 2u);
  EXPECT_EQ(conflicts_, 2u);
}

TEST_F(PointMergeTest, RandomSegmentsMergeLikeAMap) {
  std::mt19937_64 random(6);
  for (int round = 0; round < 500; ++round) {
    std::map<model::TimestampMs, double> expected;
    std::vector<SegmentPoints> segments(1 + random() % 5);
    for (SegmentPoints& segment : segments) {
      std::map<model::TimestampMs, double> points;
      for (uint64_t i = random() % 20; i > 0; --i) {
        points[static_cast<int64_t>(random() % 60)] = static_cast<double>(random() % 3);
      }
      expected.insert(points.begin(), points.end());
      if (!points.empty()) segment.floats.push_back(Part({points.begin(), points.end()}));
    }
    ASSERT_EQ(PairsOf(Merge(std::move(segments))), Pairs(expected.begin(), expected.end()));
  }
}

}  // namespace
}  // namespace tidegate::storage
