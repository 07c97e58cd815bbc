#include "control/write/push_body.h"

#include <gtest/gtest.h>

#include <string>

#include "model/labels.h"
#include "proto/prometheus/remote.pb.h"

namespace tidegate::control {
namespace {

const model::Labels kSeries = {{"__name__", "a"}, {"b", "c"}};

prompb::WriteRequest Parse(const std::string& bytes) {
  prompb::WriteRequest request;
  EXPECT_TRUE(request.ParseFromString(bytes));
  return request;
}

TEST(PushBodyTest, SamplesAndExemplars) {
  PushBody body;
  body.AddSample(kSeries.bytes(), 1234, 5.5);
  body.AddSample(kSeries.bytes(), -7, -0.0);
  body.AddExemplar(kSeries.bytes(), {model::Labels{{"trace_id", "x"}}, 3, 99});
  EXPECT_EQ(body.samples(), 2u);
  const auto request = Parse(body.Take());
  EXPECT_TRUE(body.empty());
  EXPECT_EQ(body.samples(), 0u);
  ASSERT_EQ(request.timeseries_size(), 3);
  EXPECT_EQ(request.timeseries(0).labels(1).value(), "c");
  EXPECT_EQ(request.timeseries(0).samples(0).timestamp(), 1234);
  EXPECT_EQ(request.timeseries(0).samples(0).value(), 5.5);
  EXPECT_EQ(request.timeseries(1).samples(0).timestamp(), -7);
  EXPECT_EQ(request.timeseries(2).exemplars(0).labels(0).name(), "trace_id");
  EXPECT_EQ(request.timeseries(2).exemplars(0).value(), 3);
  EXPECT_EQ(request.timeseries(2).exemplars(0).timestamp(), 99);
}

TEST(PushBodyTest, HistogramsOfBothKinds) {
  model::IntHistogram whole;
  whole.schema = -2;
  whole.count = 12;
  whole.zero_count = 2;
  whole.sum = 18.4;
  whole.zero_threshold = 0.001;
  whole.positive_spans = {{-3, 2}, {1, 1}};
  whole.positive_deltas = {1, 3, -2};
  whole.counter_reset_hint = model::CounterResetHint::kGauge;
  model::FloatHistogram real;
  real.schema = model::kCustomBucketsSchema;
  real.count = 1.5;
  real.custom_values = {1, 2};
  real.negative_spans = {{0, 1}};
  real.negative_buckets = {1.5};
  PushBody body;
  body.AddHistogram(kSeries.bytes(), {1000, 0, whole});
  body.AddHistogram(kSeries.bytes(), {2000, 0, real});
  const auto request = Parse(body.bytes());
  ASSERT_EQ(request.timeseries_size(), 2);
  const auto& first = request.timeseries(0).histograms(0);
  EXPECT_EQ(first.schema(), -2);
  EXPECT_EQ(first.count_int(), 12u);
  EXPECT_EQ(first.zero_count_int(), 2u);
  EXPECT_EQ(first.positive_spans(0).offset(), -3);
  EXPECT_EQ(first.positive_spans(1).length(), 1u);
  EXPECT_EQ(first.positive_deltas(2), -2);
  EXPECT_EQ(first.timestamp(), 1000);
  EXPECT_EQ(first.reset_hint(), prompb::Histogram::GAUGE);
  const auto& second = request.timeseries(1).histograms(0);
  EXPECT_EQ(second.schema(), -53);
  EXPECT_EQ(second.count_float(), 1.5);
  EXPECT_EQ(second.custom_values(1), 2);
  EXPECT_EQ(second.negative_counts(0), 1.5);
}

TEST(PushBodyTest, Metadata) {
  PushBody body;
  body.AddMetadata({"a_seconds", model::MetricType::kHistogram, "What.", "seconds"});
  const auto request = Parse(body.bytes());
  ASSERT_EQ(request.metadata_size(), 1);
  EXPECT_EQ(request.metadata(0).metric_family_name(), "a_seconds");
  EXPECT_EQ(static_cast<int>(request.metadata(0).type()), 3);
  EXPECT_EQ(request.metadata(0).help(), "What.");
  EXPECT_EQ(request.metadata(0).unit(), "seconds");
}

TEST(PushBodyTest, ReturnsToAMark) {
  PushBody body;
  body.AddSample(kSeries.bytes(), 1, 1);
  const PushBody::Mark mark = body.mark();
  const std::string before = body.bytes();
  body.AddSample(kSeries.bytes(), 2, 2);
  body.ReturnTo(mark);
  EXPECT_EQ(body.bytes(), before);
  EXPECT_EQ(body.samples(), 1u);
}

TEST(SplitPushBodyTest, CutsBetweenSeries) {
  PushBody body;
  body.AddSample(kSeries.bytes(), 1, 1);
  const size_t first = body.bytes().size();
  body.AddSample(kSeries.bytes(), 2, 2);
  const size_t second = body.bytes().size();
  body.AddMetadata({"a", model::MetricType::kGauge, "", ""});
  EXPECT_EQ(SplitPushBody(body.bytes(), 1), first) << "one at least";
  EXPECT_EQ(SplitPushBody(body.bytes(), first), first);
  EXPECT_EQ(SplitPushBody(body.bytes(), second + 1), second);
  EXPECT_EQ(SplitPushBody(body.bytes(), 10'000), body.bytes().size());
  EXPECT_EQ(SplitPushBody("", 10), 0u);
  EXPECT_EQ(SplitPushBody("\x0a\x7f...", 10), 0u);
}

}  // namespace
}  // namespace tidegate::control
