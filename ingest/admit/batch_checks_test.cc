#include "ingest/admit/batch_checks.h"

#include <deque>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

constexpr model::TimestampMs kNow = 1'000'000'000;
constexpr model::TimestampMs kMinute = 60'000;

class BatchChecksTest : public testing::Test {
 protected:
  void AddSeries(const std::string& name, const std::vector<model::TimestampMs>& timestamps) {
    model::BatchSeries& series = NewSeries(name);
    for (const model::TimestampMs t : timestamps) {
      batch_.timestamps.push_back(t);
      batch_.values.push_back(static_cast<double>(t));
    }
    series.samples_end = static_cast<uint32_t>(batch_.timestamps.size());
  }

  void AddHistogram(const std::string& name, model::TimestampMs timestamp,
                    model::Histogram histogram) {
    model::BatchSeries& series = NewSeries(name);
    batch_.histograms.push_back({timestamp, 0, std::move(histogram)});
    series.histograms_end = static_cast<uint32_t>(batch_.histograms.size());
  }

  void AddExemplar(model::TimestampMs timestamp, model::Labels labels) {
    model::BatchSeries& series = NewSeries("exemplars");
    batch_.exemplars.push_back({std::move(labels), 1, timestamp});
    series.exemplars_end = static_cast<uint32_t>(batch_.exemplars.size());
  }

  void Check() { CheckBatch(limits_, kNow, &batch_, &rejections_); }
  std::string Text() const { return std::string(rejections_.ToStatus().message()); }

  model::TenantLimits limits_;
  model::WriteBatch batch_;
  Rejections rejections_;

 private:
  model::BatchSeries& NewSeries(const std::string& name) {
    names_.emplace_back(model::Labels({{"__name__", name}}).bytes());
    model::BatchSeries& series = batch_.series.emplace_back();
    series.label_bytes = names_.back();
    series.samples_begin = series.samples_end = static_cast<uint32_t>(batch_.timestamps.size());
    series.histograms_begin = series.histograms_end =
        static_cast<uint32_t>(batch_.histograms.size());
    series.exemplars_begin = series.exemplars_end = static_cast<uint32_t>(batch_.exemplars.size());
    return series;
  }

  std::deque<std::string> names_;
};

TEST_F(BatchChecksTest, AGoodBatchStaysAsItIs) {
  AddSeries("a", {-5, 0, kNow});
  AddSeries("b", {kNow + 10 * kMinute});
  Check();
  EXPECT_TRUE(rejections_.ToStatus().ok());
  EXPECT_EQ(batch_.timestamps, (std::vector<int64_t>{-5, 0, kNow, kNow + 10 * kMinute}));
}

TEST_F(BatchChecksTest, SamplesTooFarAheadAreRemovedAndTheRangesClose) {
  AddSeries("a", {1, kNow + 10 * kMinute + 1, 2});
  AddSeries("b", {kNow + 11 * kMinute});
  AddSeries("c", {3});
  Check();
  EXPECT_EQ(batch_.timestamps, (std::vector<int64_t>{1, 2, 3}));
  EXPECT_EQ(batch_.values, (std::vector<double>{1, 2, 3}));
  ASSERT_EQ(batch_.series.size(), 3u);
  EXPECT_EQ(batch_.series[0].samples_end, 2u);
  EXPECT_EQ(batch_.series[1].samples_begin, batch_.series[1].samples_end);
  EXPECT_EQ(batch_.series[2].samples_begin, 2u);
  EXPECT_EQ(batch_.series[2].samples_end, 3u);
  EXPECT_EQ(rejections_.count(RejectReason::kTooFarInFuture), 2u);
  EXPECT_NE(Text().find("out of bounds: timestamp is too far in the future: timestamp 1000600001 "),
            std::string::npos)
      << Text();
  EXPECT_NE(Text().find("of series {__name__=\"a\"}"), std::string::npos);
}

TEST_F(BatchChecksTest, StartTimestampsMoveAlong) {
  AddSeries("a", {kNow + 60 * kMinute, 7});
  batch_.start_timestamps = {1, 2};
  Check();
  EXPECT_EQ(batch_.start_timestamps, std::vector<int64_t>{2});
}

TEST_F(BatchChecksTest, AnyAgeIsFineUnlessItIsLimited) {
  AddSeries("a", {kOldestAccepted, kNow - kMinute, kNow - kMinute - 1});
  Check();
  EXPECT_EQ(batch_.timestamps.size(), 3u);
  limits_.max_age = absl::Minutes(1);
  Check();
  EXPECT_EQ(batch_.timestamps, std::vector<int64_t>{kNow - kMinute});
  EXPECT_EQ(rejections_.count(RejectReason::kTooOld), 2u);
  EXPECT_NE(Text().find("too old sample: timestamp "), std::string::npos);
}

TEST_F(BatchChecksTest, AbsurdTimesAreRefusedWithoutAnyLimit) {
  limits_.max_future = absl::InfiniteDuration();
  AddSeries("a", {kOldestAccepted - 1, kNewestAccepted + 1, kNewestAccepted,
                  std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()});
  Check();
  EXPECT_EQ(batch_.timestamps, std::vector<int64_t>{kNewestAccepted});
  EXPECT_EQ(rejections_.count(RejectReason::kTooOld), 2u);
  EXPECT_EQ(rejections_.count(RejectReason::kTooFarInFuture), 2u);
}

TEST(AcceptedTimesTest, HugeLimitsDoNotOverflow) {
  model::TenantLimits limits;
  limits.max_future = absl::Hours(24) * 400'000'000'000.0;
  limits.max_age = limits.max_future;
  EXPECT_EQ(AcceptedTimes(limits, kNow), (model::TimeRange{kOldestAccepted, kNewestAccepted}));
}

TEST(AcceptedTimesTest, ZeroIsNoLimit) {
  model::TenantLimits limits;
  limits.max_future = absl::ZeroDuration();
  EXPECT_EQ(AcceptedTimes(limits, kNow), (model::TimeRange{kOldestAccepted, kNewestAccepted}));
}

model::IntHistogram OneBucket(uint64_t count) {
  model::IntHistogram histogram;
  histogram.count = count;
  histogram.positive_spans = {{0, 1}};
  histogram.positive_deltas = {3};
  return histogram;
}

TEST_F(BatchChecksTest, InvalidHistogramsAreRemovedWithPrometheusText) {
  AddHistogram("good", 1, OneBucket(3));
  AddHistogram("bad", 2, OneBucket(4));
  AddHistogram("late", kNow + 60 * kMinute, OneBucket(3));
  AddHistogram("good", 3, OneBucket(3));
  Check();
  ASSERT_EQ(batch_.histograms.size(), 2u);
  EXPECT_EQ(batch_.histograms[1].timestamp, 3);
  EXPECT_EQ(batch_.series[3].histograms_begin, 1u);
  EXPECT_EQ(batch_.series[3].histograms_end, 2u);
  EXPECT_EQ(rejections_.count(RejectReason::kInvalidHistogram), 1u);
  EXPECT_EQ(rejections_.count(RejectReason::kTooFarInFuture), 1u);
  EXPECT_NE(Text().find("3 observations found in buckets, but the Count field is 4: histogram's "
                        "observation count should equal the number of observations found in the "
                        "buckets (in absence of NaN): timestamp 2 of series {__name__=\"bad\"}"),
            std::string::npos)
      << Text();
}

TEST_F(BatchChecksTest, FineSchemasAreReducedAndNotRefused) {
  model::IntHistogram fine = OneBucket(3);
  fine.schema = 12;
  AddHistogram("fine", 1, fine);
  Check();
  ASSERT_EQ(batch_.histograms.size(), 1u) << Text();
  EXPECT_EQ(std::get<model::IntHistogram>(batch_.histograms[0].histogram).schema, 8);
}

TEST_F(BatchChecksTest, AnExemplarMayHave128RunesAndDoesNotFailThePush) {
  std::string umlauts;
  for (int i = 0; i < 120; ++i) umlauts += "\u00fc";
  AddExemplar(1, model::Labels({{"trace_id", umlauts}}));        // 128 runes.
  AddExemplar(2, model::Labels({{"trace_id", umlauts + "x"}}));  // 129.
  AddExemplar(kNow + 60 * kMinute, model::Labels());
  AddExemplar(3, model::Labels());
  Check();
  ASSERT_EQ(batch_.exemplars.size(), 2u);
  EXPECT_EQ(batch_.exemplars[1].timestamp, 3);
  EXPECT_EQ(batch_.series[3].exemplars_begin, 1u);
  EXPECT_EQ(rejections_.count(RejectReason::kInvalidExemplar), 2u);
  EXPECT_TRUE(rejections_.ToStatus().ok());
}

TEST_F(BatchChecksTest, MetadataWithoutNameOrInvalidTextIsDropped) {
  batch_.metadata = {{"up", model::MetricType::kGauge, "help", ""},
                     {"", model::MetricType::kGauge, "help", ""},
                     {"a", model::MetricType::kGauge, "\xff", ""}};
  Check();
  ASSERT_EQ(batch_.metadata.size(), 1u);
  EXPECT_EQ(rejections_.count(RejectReason::kInvalidMetadata), 2u);
  EXPECT_TRUE(rejections_.ToStatus().ok());
}

TEST_F(BatchChecksTest, LongHelpIsCutAndLongNamesAreDropped) {
  limits_.max_metadata_length = 5;
  batch_.metadata = {{"up", model::MetricType::kGauge, "abcd\xc3\xa9", "12345"},
                     {"longer", model::MetricType::kGauge, "", ""},
                     {"unit", model::MetricType::kGauge, "", "123456"}};
  Check();
  ASSERT_EQ(batch_.metadata.size(), 1u);
  EXPECT_EQ(batch_.metadata[0].help, "abcd") << "never half a character";
  EXPECT_EQ(batch_.metadata[0].unit, "12345");
  EXPECT_EQ(rejections_.count(RejectReason::kMetadataTooLong), 2u);
  EXPECT_TRUE(rejections_.ToStatus().ok());
}

}  // namespace
}  // namespace tidegate::ingest
