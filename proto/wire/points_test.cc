#include "proto/wire/points.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace tidegate::wire {
namespace {

using Deltas = google::protobuf::RepeatedField<int64_t>;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

Deltas DeltasOf(const std::vector<int64_t>& values) { return {values.begin(), values.end()}; }

absl::Status Append(const std::vector<int64_t>& deltas, std::vector<int64_t>* out) {
  return AppendFromWire(DeltasOf(deltas), out);
}

v1::HistogramPoint PointOf(const model::Histogram& histogram) {
  v1::HistogramPoint point;
  ToWire(model::HistogramSample{7, 3, histogram}, &point);
  return point;
}

model::IntHistogram Ints() {
  model::IntHistogram histogram;
  histogram.schema = 2;
  histogram.zero_threshold = 1e-128;
  histogram.zero_count = 1;
  histogram.count = 8;
  histogram.sum = -0.0;
  histogram.positive_spans = {{-3, 2}, {5, 1}};
  histogram.positive_deltas = {1, 1, 1};
  histogram.negative_spans = {{0, 1}};
  histogram.negative_deltas = {1};
  return histogram;
}

model::FloatHistogram Floats() {
  model::FloatHistogram histogram;
  histogram.counter_reset_hint = model::CounterResetHint::kReset;
  histogram.schema = model::kCustomBucketsSchema;
  histogram.sum = model::StaleNan();
  histogram.custom_values = {0.5, 1e300};
  histogram.positive_spans = {{0, 3}};
  histogram.positive_buckets = {1, -2.5, 0};
  return histogram;
}

TEST(PointsTest, TimestampsTravelAsDifferences) {
  const std::vector<int64_t> times = {-5, 0, 15'000, 15'001, 1'700'000'000'000};
  Deltas deltas;
  ToWire(times, &deltas);
  EXPECT_EQ(deltas.Get(0), -5);
  EXPECT_EQ(deltas.Get(2), 15'000);
  std::vector<int64_t> back;
  ASSERT_TRUE(AppendFromWire(deltas, &back).ok());
  EXPECT_EQ(back, times);
}

TEST(PointsTest, PiecesAppend) {
  std::vector<int64_t> times;
  ASSERT_TRUE(Append({}, &times).ok());
  ASSERT_TRUE(Append({10, 5}, &times).ok());
  ASSERT_TRUE(Append({16, 1}, &times).ok());
  EXPECT_EQ(times, (std::vector<int64_t>{10, 15, 16, 17}));
}

TEST(PointsTest, TheWholeRangeOfTimeFits) {
  std::vector<int64_t> times;
  ASSERT_TRUE(
      Append({model::kMinTimestamp, model::kMaxTimestamp - model::kMinTimestamp}, &times).ok());
  EXPECT_EQ(times, (std::vector<int64_t>{model::kMinTimestamp, model::kMaxTimestamp}));
}

TEST(PointsTest, TimestampsThatDoNotAscendAreRefused) {
  for (const std::vector<int64_t>& deltas :
       {std::vector<int64_t>{5, 0}, {5, -1}, {5, 1, kMin}, {0, 1, 1, 0}}) {
    std::vector<int64_t> times;
    EXPECT_TRUE(absl::IsInternal(Append(deltas, &times)));
  }
  std::vector<int64_t> times = {10};
  EXPECT_TRUE(absl::IsInternal(Append({10}, &times)));
}

TEST(PointsTest, OverflowingDifferencesAreRefused) {
  for (const std::vector<int64_t>& deltas :
       {std::vector<int64_t>{kMax, 1}, {kMin, -1}, {1, kMax}, {kMax, kMax}, {-1, kMin}}) {
    std::vector<int64_t> times;
    EXPECT_TRUE(absl::IsInternal(Append(deltas, &times)));
  }
}

TEST(PointsTest, HistogramsKeepEveryBit) {
  for (const model::Histogram& histogram : {model::Histogram(Ints()), model::Histogram(Floats()),
                                            model::Histogram(model::IntHistogram())}) {
    const auto sample = FromWire(PointOf(histogram));
    ASSERT_TRUE(sample.ok()) << sample.status();
    EXPECT_EQ(sample->timestamp, 7);
    EXPECT_EQ(sample->start_timestamp, 3);
    EXPECT_TRUE(model::SameBits(sample->histogram, histogram));
  }
}

TEST(PointsTest, BrokenHistogramsAreRefused) {
  const v1::HistogramPoint whole = PointOf(Ints());
  for (size_t size = 0; size < whole.histogram().size(); ++size) {
    v1::HistogramPoint cut = whole;
    cut.mutable_histogram()->resize(size);
    EXPECT_TRUE(absl::IsInternal(FromWire(cut).status())) << size;
  }
  v1::HistogramPoint longer = whole;
  longer.mutable_histogram()->push_back('\0');
  EXPECT_TRUE(absl::IsInternal(FromWire(longer).status()));
  v1::HistogramPoint hostile;
  hostile.set_histogram(std::string(100, '\xff'));
  EXPECT_TRUE(absl::IsInternal(FromWire(hostile).status()));
}

// The engine indexes buckets by spans: spans that promise more would read behind the end.
TEST(PointsTest, BucketsMustFitTheirSpans) {
  model::IntHistogram few = Ints();
  few.positive_deltas.pop_back();
  EXPECT_TRUE(absl::IsInternal(FromWire(PointOf(few)).status()));
  model::IntHistogram many = Ints();
  many.negative_deltas.push_back(1);
  EXPECT_TRUE(absl::IsInternal(FromWire(PointOf(many)).status()));
  model::FloatHistogram huge = Floats();
  huge.positive_spans = {{0, 0xffffffff}, {0, 4}};  // 3 in 32 bits.
  EXPECT_TRUE(absl::IsInternal(FromWire(PointOf(huge)).status()));
}

TEST(PointsTest, Exemplars) {
  const model::Exemplar exemplar{model::Labels({{"trace_id", "é\n"}}), model::StaleNan(), -9};
  v1::Exemplar message;
  ToWire(exemplar, &message);
  const auto back = FromWire(message);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, exemplar);
  message.set_labels("no labels");
  EXPECT_TRUE(absl::IsInternal(FromWire(message).status()));
}

TEST(PointsTest, Metadata) {
  const model::MetricMetadata metadata{"reqs", model::MetricType::kStateset, "help\xff", "s"};
  v1::MetricMetadata message;
  ToWire(metadata, &message);
  EXPECT_EQ(FromWire(message), metadata);
  for (const uint32_t type : {8U, 0xffffffffU}) {
    message.set_type(type);
    EXPECT_EQ(FromWire(message).type, model::MetricType::kUnknown);
  }
}

TEST(PointsTest, OnlyCanonicalLabelsAreTaken) {
  const model::Labels labels({{"__name__", "up"}, {"a", "1"}});
  const auto back = LabelsFromWire(std::string(labels.bytes()));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, labels);
  EXPECT_TRUE(LabelsFromWire("")->empty());
  std::string unsorted;
  model::AppendLabelBytes("b", "1", &unsorted);
  model::AppendLabelBytes("a", "1", &unsorted);
  std::string twice;
  model::AppendLabelBytes("a", "1", &twice);
  model::AppendLabelBytes("a", "1", &twice);
  std::string no_text;
  model::AppendLabelBytes("a", "\xff", &no_text);
  std::string cut(labels.bytes());
  cut.pop_back();
  for (const std::string& bytes :
       {unsorted, twice, no_text, cut, std::string("\x0a\xff\xff\xff")}) {
    EXPECT_TRUE(absl::IsInternal(LabelsFromWire(bytes).status()));
    EXPECT_TRUE(absl::IsInternal(ResultLabelsFromWire(bytes).status()));
  }
  std::string empty_value;
  model::AppendLabelBytes("a", "", &empty_value);
  model::AppendLabelBytes("b", std::string(300, 'x'), &empty_value);
  EXPECT_TRUE(absl::IsInternal(LabelsFromWire(empty_value).status()));
  ASSERT_TRUE(ResultLabelsFromWire(empty_value).ok());
  EXPECT_EQ(ResultLabelsFromWire(empty_value)->bytes(), empty_value);
  std::string nameless;
  model::AppendLabelBytes("", "1", &nameless);
  EXPECT_TRUE(absl::IsInternal(ResultLabelsFromWire(nameless).status()));
}

}  // namespace
}  // namespace tidegate::wire
