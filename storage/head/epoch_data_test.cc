#include "storage/head/epoch_data.h"

#include <limits>
#include <map>
#include <random>
#include <string>

#include "gtest/gtest.h"
#include "model/histogram.h"
#include "storage/head/log_time.h"
#include "storage/head/series_snapshot.h"

namespace tidegate::storage::head {
namespace {

constexpr model::TimestampMs kNoFloor = std::numeric_limits<int64_t>::min();

class EpochDataTest : public ::testing::Test {
 protected:
  Outcome Add(SeriesRef ref, model::TimestampMs t, double value, model::TimestampMs start = 0,
              model::TimestampMs floor = kNoFloor) {
    return data_.AddSample({.ref = ref, .value = value, .timestamp = t, .start_timestamp = start},
                           floor, &cache_);
  }
  SeriesColumns Read(SeriesRef ref, model::TimeRange range = {}) {
    SeriesSnapshot snapshot;
    TimeColumnCache times;
    snapshot.BeginSeries();
    snapshot.Copy(data_, ref, range);
    auto columns = snapshot.Decode(0, range, &times);
    EXPECT_TRUE(columns.ok());
    return *std::move(columns);
  }

  EpochData data_{1};
  ChunkCache cache_;
};

TEST_F(EpochDataTest, KnowsWhatItHoldsWhereverItLies) {
  for (int t = 0; t < 2000; ++t) Add(4, t * 10, t);  // Three full chunks and an open one.
  Add(4, 55, 5.5);                                   // Late.
  EXPECT_EQ(data_.side(4)->full_chunks.size(), 3u);
  for (model::TimestampMs t : {0, 50, 55, 5110, 5120, 19'980, 19'990}) {
    const StoredPoint point = data_.Lookup(4, t, &cache_);
    ASSERT_EQ(point.kind, StoredPoint::kFloat) << t;
    EXPECT_EQ(point.value, static_cast<double>(t) / 10) << t;
  }
  for (model::TimestampMs t : {-1, 1, 5111, 20'000}) {
    EXPECT_EQ(data_.Lookup(4, t, &cache_).kind, StoredPoint::kNone) << t;
  }
  EXPECT_EQ(data_.Lookup(5, 50, &cache_).kind, StoredPoint::kNone) << "another series";
  EXPECT_EQ(data_.samples(), 2001u);
  EXPECT_EQ(data_.range(), (model::TimeRange{0, 19'990}));
  EXPECT_EQ(Read(4).values.size(), 2001u);
  EXPECT_EQ(Read(4, {51, 60}).values, (std::vector<double>{5.5, 6}));
}

TEST_F(EpochDataTest, OutcomesSayWhatHappened) {
  EXPECT_EQ(Add(1, 10, 1), Outcome::kAdded);
  EXPECT_EQ(Add(1, 10, 1), Outcome::kDuplicate);
  EXPECT_EQ(Add(1, 10, 2), Outcome::kConflict);
  EXPECT_EQ(Add(1, 5, 1), Outcome::kAdded);
  EXPECT_EQ(Add(1, 5, 2), Outcome::kConflict);
  std::string encoded;
  model::EncodeHistogram(model::IntHistogram(), &encoded);
  const auto histogram = [&](model::TimestampMs t) {
    return LogRecord::Histogram{.ref = 1, .timestamp = t, .start_timestamp = 0, .encoded = encoded};
  };
  EXPECT_EQ(data_.AddHistogram(histogram(10), &cache_), Outcome::kConflict);
  EXPECT_EQ(data_.AddHistogram(histogram(7), &cache_), Outcome::kAdded);
  EXPECT_EQ(data_.AddHistogram(histogram(7), &cache_), Outcome::kDuplicate);
  EXPECT_EQ(Add(1, 7, 1), Outcome::kConflict);
  EXPECT_EQ(data_.samples(), 3u);
}

TEST_F(EpochDataTest, OpenChunkBeginsAboveTheFloor) {
  EXPECT_EQ(Add(1, 50, 1, 0, /*floor=*/100), Outcome::kAdded);
  EXPECT_FALSE(data_.HasOpenChunk(1));
  EXPECT_EQ(Add(1, 101, 2, 0, 100), Outcome::kAdded);
  EXPECT_EQ(data_.chunk(1)->first_timestamp(), 101);
  EXPECT_EQ(Read(1).values, (std::vector<double>{1, 2}));
}

TEST_F(EpochDataTest, MovingKeepsEverything) {
  for (SeriesRef ref = 0; ref < 3000; ++ref) Add(ref, 10, ref);
  Add(7, 5, 1);
  EpochData moved = std::move(data_);
  data_ = EpochData(2);
  EXPECT_TRUE(data_.empty());
  EXPECT_EQ(data_.chunk(7), nullptr);
  std::swap(moved, data_);
  EXPECT_EQ(data_.samples(), 3001u);
  EXPECT_EQ(Read(7).values, (std::vector<double>{1, 7}));
}

TEST_F(EpochDataTest, StartTimestampsMatchAMapPerSample) {
  std::mt19937_64 random(9);
  std::map<model::TimestampMs, model::TimestampMs> expected;
  model::TimestampMs newest = 0;
  for (int i = 0; i < 3000; ++i) {
    const bool late = random() % 3 == 0;
    const model::TimestampMs t =
        late ? static_cast<model::TimestampMs>(random() % 5000) : newest += 1 + random() % 3;
    newest = std::max(newest, t);
    const model::TimestampMs start =
        random() % 3 == 0 ? 0 : -1 - static_cast<int64_t>(random() % 3);
    if (Add(1, t, 1, start) == Outcome::kAdded) expected[t] = start;
  }
  const SeriesColumns columns = Read(1);
  ASSERT_EQ(columns.timestamps->size(), expected.size());
  for (size_t i = 0; i < columns.timestamps->size(); ++i) {
    EXPECT_EQ(columns.start_timestamps[i], expected.at((*columns.timestamps)[i]));
  }
}

TEST(StartTimestamps, NewestSamplesOfOneStartAreOneRun) {
  StartTimestamps starts;
  starts.Set(100, 50, true);
  EXPECT_EQ(starts.Get(99), 0);
  EXPECT_EQ(starts.Get(1'000'000), 50) << "goes on for the samples to come";
  starts.Set(90, 7, false);
  EXPECT_EQ(starts.Get(90), 7);
  EXPECT_EQ(starts.Get(91), 0);
  EXPECT_EQ(starts.Get(100), 50);
}

TEST(LogTime, RoundsDown) {
  EXPECT_EQ(ToMillis(1'999'999), 1);
  EXPECT_EQ(ToMillis(0), 0);
  EXPECT_EQ(ToMillis(-1), -1);
  EXPECT_EQ(ToMillis(-1'000'000), -1);
  EXPECT_EQ(ToMillis(-1'000'001), -2);
}

}  // namespace
}  // namespace tidegate::storage::head
