#include "query/promql/exec/step_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace tidegate::promql {
namespace {

using testing::ElementsAre;

TEST(StepSamples, AnInstantVectorCountsWhatItHas) {
  query::StepSeries series(model::Labels(), 3);
  series.SetFloat(0, 1);
  model::FloatHistogram histogram;
  histogram.positive_buckets = {1, 2, 3};
  histogram.positive_spans.resize(1);
  series.SetHistogram(2, std::make_shared<const model::FloatHistogram>(histogram));
  StepSamples samples(3);
  samples.Add(series);
  EXPECT_THAT(samples.total(), ElementsAre(1, 0, 10));
  EXPECT_THAT(samples.read(), ElementsAre(1, 0, 10));
}

TEST(StepSamples, WindowsThatOverlapReadOnlyWhatIsNew) {
  StepSamples samples(4);
  samples.Add(WindowIndex{.begin = {0, 1, 2, 9}, .end = {3, 4, 4, 9}});
  EXPECT_THAT(samples.total(), ElementsAre(3, 3, 2, 0));
  EXPECT_THAT(samples.read(), ElementsAre(3, 1, 0, 0));
}

TEST(StepSamples, WindowsApartReadEverythingThatTheyHold) {
  StepSamples samples(2);
  samples.Add(WindowIndex{.begin = {0, 5}, .end = {2, 8}});
  EXPECT_THAT(samples.read(), ElementsAre(2, 3));
}

TEST(StepSamples, HistogramsCountBySize) {
  const auto histogram = std::make_shared<const model::FloatHistogram>();
  const HistogramAt all[] = {{1, 0, histogram}, {2, 0, histogram}};
  StepSamples samples(2);
  samples.Add(WindowIndex{.begin = {0, 0}, .end = {1, 2}}, all);
  EXPECT_THAT(samples.total(), ElementsAre(8, 16));
  EXPECT_THAT(samples.read(), ElementsAre(8, 8));
}

TEST(StepSamples, WhatIsTheSameAtEveryStepCountsAtEveryStep) {
  StepSamples once(1);
  once.Add(WindowIndex{.begin = {0}, .end = {5}});
  StepSamples samples(2);
  samples.AddToAll(once);
  EXPECT_THAT(samples.total(), ElementsAre(5, 5));
}

}  // namespace
}  // namespace tidegate::promql
