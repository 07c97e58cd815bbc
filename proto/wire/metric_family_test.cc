#include "proto/wire/metric_family.h"

#include <gtest/gtest.h>

#include <string>

#include "proto/prometheus/metrics.pb.h"

namespace tidegate::wire {
namespace {

TEST(MetricFamilyTest, BytesOfAValue) {
  const std::string bytes = DelimitedFamily(
      "up", FamilyType::kUntyped,
      {FamilyMetric{.labels = {{"a", "b"}}, .timestamp = 5, .value = 1, .histogram = nullptr}});
  EXPECT_EQ(bytes, std::string("\x1d\x0a\x02up\x18\x03\x22\x15\x0a\x06\x0a\x01"
                               "a\x12\x01"
                               "b\x2a\x09\x09\0\0\0\0\0\0\xf0\x3f\x30\x05",
                               30));
}

TEST(MetricFamilyTest, AHistogramWithItsBuckets) {
  model::FloatHistogram histogram;
  histogram.schema = -1;
  histogram.count = 4.5;
  histogram.sum = -2;
  histogram.zero_threshold = 0.25;
  histogram.zero_count = 0.5;
  histogram.positive_spans = {{-3, 1}, {2, 1}};
  histogram.positive_buckets = {1, 2};
  histogram.negative_spans = {{0, 1}};
  histogram.negative_buckets = {1};
  const std::string bytes = DelimitedFamily(
      "h", FamilyType::kGaugeHistogram,
      {FamilyMetric{.labels = {}, .timestamp = 9, .value = 0, .histogram = &histogram}});
  prompb::client::MetricFamily family;
  ASSERT_TRUE(family.ParseFromString(bytes.substr(1)));
  EXPECT_EQ(family.type(), prompb::client::GAUGE_HISTOGRAM);
  ASSERT_EQ(family.metric_size(), 1);
  EXPECT_FALSE(family.metric(0).has_untyped());
  const prompb::client::Histogram& back = family.metric(0).histogram();
  EXPECT_EQ(back.schema(), -1);
  EXPECT_EQ(back.sample_count_float(), 4.5);
  EXPECT_EQ(back.sample_sum(), -2);
  EXPECT_EQ(back.zero_threshold(), 0.25);
  EXPECT_EQ(back.zero_count_float(), 0.5);
  ASSERT_EQ(back.positive_span_size(), 2);
  EXPECT_EQ(back.positive_span(0).offset(), -3);
  EXPECT_EQ(back.positive_span(1).length(), 1U);
  EXPECT_EQ(back.positive_count(1), 2);
  EXPECT_EQ(back.negative_count(0), 1);
}

}  // namespace
}  // namespace tidegate::wire
