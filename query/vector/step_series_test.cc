#include "query/vector/step_series.h"

#include <memory>
#include <utility>

#include "gtest/gtest.h"

namespace tidegate::query {
namespace {

using model::Labels;

StepSeries Floats(Labels labels, std::vector<std::pair<size_t, double>> points, size_t steps = 4) {
  StepSeries series(std::move(labels), steps);
  for (const auto& [step, value] : points) series.SetFloat(step, value);
  return series;
}

TEST(StepSeries, KnowsWhatItHolds) {
  StepSeries series(Labels{{"a", "1"}}, 3);
  EXPECT_TRUE(series.empty());
  series.SetFloat(1, 5);
  EXPECT_FALSE(series.empty());
  EXPECT_FALSE(series.dense_floats());
  series.SetFloat(0, 5);
  series.SetFloat(2, 5);
  EXPECT_TRUE(series.dense_floats());
  series.SetHistogram(2, std::make_shared<const model::FloatHistogram>());
  EXPECT_FALSE(series.dense_floats());
  EXPECT_EQ(series.CountSamples(), 3u);
  series.ClearStep(2);
  EXPECT_EQ(series.CountSamples(), 2u);
}

TEST(StepSeries, CopiesOneStep) {
  StepSeries from = Floats({}, {{0, 1}});
  from.SetHistogram(1, std::make_shared<const model::FloatHistogram>());
  StepSeries to(Labels(), 4);
  for (size_t i = 0; i < 4; ++i) to.CopyStep(from, i);
  EXPECT_EQ(to.kinds, from.kinds);
  EXPECT_EQ(to.histograms[1], from.histograms[1]);
}

TEST(StepSeries, SharedHistogramsAreNotCounted) {
  StepSeries series(Labels(), 1);
  const auto shared = std::make_shared<const model::FloatHistogram>();
  series.SetHistogram(0, shared);
  const size_t with_shared = series.bytes();
  series.SetHistogram(0, std::make_shared<const model::FloatHistogram>());
  EXPECT_EQ(series.bytes(), with_shared + sizeof(model::FloatHistogram));
}

TEST(MergeEqualLabels, JoinsWhatDoesNotOverlap) {
  StepVector vector;
  vector.push_back(Floats({{"a", "1"}}, {{0, 1}}));
  vector.push_back(Floats({{"a", "2"}}, {{0, 2}}));
  vector.push_back(Floats({{"a", "1"}}, {{1, 3}}));
  ASSERT_TRUE(MergeEqualLabels(&vector).ok());
  ASSERT_EQ(vector.size(), 2u);
  EXPECT_EQ(vector[0].CountSamples(), 2u);
  EXPECT_EQ(vector[0].values[1], 3);
}

TEST(MergeEqualLabels, TheEarliestSampleDecidesAboutTheName) {
  StepVector vector;
  vector.push_back(Floats({{"a", "1"}}, {{1, 1}}));
  vector.push_back(Floats({{"a", "1"}}, {{0, 1}}));
  vector.push_back(Floats({{"a", "1"}}, {{2, 1}}));
  vector[1].drop_name = true;
  ASSERT_TRUE(MergeEqualLabels(&vector).ok());
  EXPECT_TRUE(vector[0].drop_name);
}

TEST(MergeEqualLabels, RefusesTwoSamplesAtOneStep) {
  StepVector vector;
  vector.push_back(Floats({{"a", "1"}}, {{0, 1}}));
  vector.push_back(Floats({{"a", "1"}}, {{0, 1}}));
  EXPECT_EQ(MergeEqualLabels(&vector).message(),
            "vector cannot contain metrics with the same labelset");
}

TEST(Broadcast, RepeatsTheOnlyStep) {
  StepVector vector;
  vector.push_back(Floats({}, {{0, 7}}, 1));
  Broadcast(3, &vector);
  EXPECT_TRUE(vector[0].dense_floats());
  EXPECT_EQ(vector[0].values, (std::vector<double>{7, 7, 7}));
}

TEST(DropEmptySeries, KeepsTheOrder) {
  StepVector vector;
  vector.push_back(Floats({{"a", "1"}}, {{0, 1}}));
  vector.push_back(Floats({{"a", "2"}}, {}));
  vector.push_back(Floats({{"a", "3"}}, {{3, 1}}));
  DropEmptySeries(&vector);
  ASSERT_EQ(vector.size(), 2u);
  EXPECT_EQ(vector[1].labels.Get("a"), "3");
}

TEST(WithoutMetadata, NameTypeAndUnitGo) {
  EXPECT_EQ(WithoutMetadata(
                Labels{{"__name__", "m"}, {"__type__", "counter"}, {"__unit__", "s"}, {"a", "1"}}),
            (Labels{{"a", "1"}}));
}

}  // namespace
}  // namespace tidegate::query
