#include "model/exposition/bound_label.h"

#include <gtest/gtest.h>

#include <limits>

namespace tidegate::model {
namespace {

TEST(OpenMetricsFloatTest, AlwaysHasAPointOrAnExponent) {
  EXPECT_EQ(OpenMetricsFloat(1), "1.0");
  EXPECT_EQ(OpenMetricsFloat(0), "0.0");
  EXPECT_EQ(OpenMetricsFloat(-2.5), "-2.5");
  EXPECT_EQ(OpenMetricsFloat(0.99), "0.99");
  EXPECT_EQ(OpenMetricsFloat(0.0001), "0.0001");
  EXPECT_EQ(OpenMetricsFloat(0.00001), "1e-05");
  EXPECT_EQ(OpenMetricsFloat(100000), "100000.0");
  EXPECT_EQ(OpenMetricsFloat(1e6), "1e+06");
  EXPECT_EQ(OpenMetricsFloat(1234567), "1.234567e+06");
  EXPECT_EQ(OpenMetricsFloat(1e21), "1e+21");
  EXPECT_EQ(OpenMetricsFloat(std::numeric_limits<double>::infinity()), "+Inf");
  EXPECT_EQ(OpenMetricsFloat(-std::numeric_limits<double>::infinity()), "-Inf");
  EXPECT_EQ(OpenMetricsFloat(std::numeric_limits<double>::quiet_NaN()), "NaN");
}

TEST(NormalizeBoundTest, OnlyTheLabelOfTheType) {
  LabelPairs labels = {{"le", "1"}, {"quantile", "1"}, {"a", "1"}};
  NormalizeBound(MetricType::kHistogram, &labels);
  EXPECT_EQ(labels, (LabelPairs{{"le", "1.0"}, {"quantile", "1"}, {"a", "1"}}));
  NormalizeBound(MetricType::kSummary, &labels);
  EXPECT_EQ(labels[1].second, "1.0");
  labels = {{"le", "5e-1"}};
  NormalizeBound(MetricType::kGauge, &labels);
  EXPECT_EQ(labels[0].second, "5e-1");
  NormalizeBound(MetricType::kHistogram, &labels);
  EXPECT_EQ(labels[0].second, "0.5");
  labels = {{"le", "large"}};
  NormalizeBound(MetricType::kHistogram, &labels);
  EXPECT_EQ(labels[0].second, "large");
}

}  // namespace
}  // namespace tidegate::model
