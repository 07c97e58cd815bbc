#include "storage/grpc/series_messages.h"

#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "proto/wire/points.h"

namespace tidegate::storage {
namespace {

template <typename Item>
class Collect final : public Sink<Item> {
 public:
  absl::Status Add(Item item) override {
    items.push_back(std::move(item));
    return absl::OkStatus();
  }
  std::vector<Item> items;
};

// `count` floats from `first` on, 1 s apart.
SelectedSeries Floats(const std::string& name, size_t count, model::TimestampMs first = 0) {
  SelectedSeries series{model::Labels({{"__name__", name}}), {}};
  std::vector<model::TimestampMs> times;
  for (size_t i = 0; i < count; ++i) times.push_back(first + static_cast<int64_t>(i) * 1000);
  series.columns.timestamps = std::make_shared<const std::vector<model::TimestampMs>>(times);
  series.columns.values.resize(count);
  std::iota(series.columns.values.begin(), series.columns.values.end(), 0.5);
  return series;
}

// A histogram whose bytes are about 8 * buckets.
model::HistogramSample Histogram(model::TimestampMs time, size_t buckets) {
  model::FloatHistogram histogram;
  histogram.positive_spans = {{0, static_cast<uint32_t>(buckets)}};
  for (size_t i = 0; i < buckets; ++i) histogram.positive_buckets.push_back(1.0 / (i + 3.0));
  return {time, 0, histogram};
}

std::vector<v1::Series> PiecesOf(const SelectedSeries& series) {
  std::vector<v1::Series> pieces;
  const absl::Status status = ToPieces(series, [&pieces](v1::Series piece) {
    pieces.push_back(std::move(piece));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  return pieces;
}

// What a joiner makes of pieces.
absl::Status Join(const std::vector<v1::Series>& pieces, Collect<SelectedSeries>* sink) {
  SeriesJoiner joiner(sink);
  for (const v1::Series& piece : pieces) {
    if (absl::Status status = joiner.Add(piece); !status.ok()) return status;
  }
  return joiner.Finish();
}

SelectedSeries RoundTrip(const SelectedSeries& series) {
  Collect<SelectedSeries> sink;
  const absl::Status status = Join(PiecesOf(series), &sink);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(sink.items.size(), 1U);
  EXPECT_EQ(sink.items[0].labels, series.labels);
  return std::move(sink.items[0]);
}

void ExpectSame(const SeriesColumns& got, const SeriesColumns& want) {
  EXPECT_EQ(*got.timestamps, *want.timestamps);
  EXPECT_EQ(got.values, want.values);
  EXPECT_EQ(got.start_timestamps, want.start_timestamps);
  ASSERT_EQ(got.histograms.size(), want.histograms.size());
  for (size_t i = 0; i < want.histograms.size(); ++i) {
    EXPECT_EQ(got.histograms[i].timestamp, want.histograms[i].timestamp);
    EXPECT_TRUE(model::SameBits(got.histograms[i].histogram, want.histograms[i].histogram));
  }
}

TEST(SeriesMessagesTest, AShortSeriesIsOnePiece) {
  const SelectedSeries series = Floats("m", 3, -1000);
  const auto pieces = PiecesOf(series);
  ASSERT_EQ(pieces.size(), 1U);
  EXPECT_FALSE(pieces[0].continued());
  ExpectSame(RoundTrip(series).columns, series.columns);
}

TEST(SeriesMessagesTest, ALongSeriesIsCutAtItsBound) {
  for (const size_t count : {kMaxPointsPerPiece - 1, kMaxPointsPerPiece, kMaxPointsPerPiece + 1,
                             3 * kMaxPointsPerPiece}) {
    SelectedSeries series = Floats("m", count);
    series.columns.start_timestamps.assign(count, -7);
    const auto pieces = PiecesOf(series);
    EXPECT_EQ(pieces.size(), (count + kMaxPointsPerPiece - 1) / kMaxPointsPerPiece);
    for (size_t i = 0; i < pieces.size(); ++i) EXPECT_EQ(pieces[i].continued(), i > 0);
    ExpectSame(RoundTrip(series).columns, series.columns);
  }
}

TEST(SeriesMessagesTest, ASeriesWithOnlyHistograms) {
  SelectedSeries series = Floats("m", 0);
  for (int i = 0; i < 10; ++i) series.columns.histograms.push_back(Histogram(i, 4));
  EXPECT_EQ(PiecesOf(series).size(), 1U);
  ExpectSame(RoundTrip(series).columns, series.columns);
}

// Counting points alone would make a message of gigabytes.
TEST(SeriesMessagesTest, LargeHistogramsAreCutByTheirBytes) {
  SelectedSeries series = Floats("m", 5);
  for (int i = 0; i < 200; ++i) series.columns.histograms.push_back(Histogram(i, 5000));
  const auto pieces = PiecesOf(series);
  EXPECT_GE(pieces.size(), 6U);
  for (const v1::Series& piece : pieces) EXPECT_LT(piece.ByteSizeLong(), 2 * kMaxPieceBytes);
  ExpectSame(RoundTrip(series).columns, series.columns);
}

TEST(SeriesMessagesTest, BothKindsOfDifferentLengths) {
  SelectedSeries series = Floats("m", 2 * kMaxPointsPerPiece + 5);
  for (int i = 0; i < 3; ++i) series.columns.histograms.push_back(Histogram(i * 1000 + 1, 2));
  ExpectSame(RoundTrip(series).columns, series.columns);
}

TEST(SeriesMessagesTest, AnErrorEndsTheCutting) {
  int pieces = 0;
  const absl::Status status =
      ToPieces(Floats("m", 10 * kMaxPointsPerPiece), [&pieces](const v1::Series&) {
        return ++pieces == 2 ? absl::CancelledError("gone") : absl::OkStatus();
      });
  EXPECT_TRUE(absl::IsCancelled(status));
  EXPECT_EQ(pieces, 2);
}

TEST(SeriesMessagesTest, NeighboursShareEqualTimes) {
  Collect<SelectedSeries> sink;
  std::vector<v1::Series> pieces;
  for (const SelectedSeries& series : {Floats("a", 100), Floats("b", 100), Floats("c", 99)}) {
    for (v1::Series& piece : PiecesOf(series)) pieces.push_back(std::move(piece));
  }
  ASSERT_TRUE(Join(pieces, &sink).ok());
  ASSERT_EQ(sink.items.size(), 3U);
  EXPECT_EQ(sink.items[0].columns.timestamps, sink.items[1].columns.timestamps);
  EXPECT_NE(sink.items[1].columns.timestamps, sink.items[2].columns.timestamps);
}

TEST(SeriesMessagesTest, NoPieceNoSeries) {
  Collect<SelectedSeries> sink;
  EXPECT_TRUE(Join({}, &sink).ok());
  EXPECT_TRUE(sink.items.empty());
}

class HostileSeriesTest : public testing::Test {
 protected:
  void ExpectRefused(const std::vector<v1::Series>& pieces) {
    Collect<SelectedSeries> sink;
    const absl::Status status = Join(pieces, &sink);
    EXPECT_TRUE(absl::IsInternal(status)) << status;
  }
  const std::vector<v1::Series> whole_ = PiecesOf(Floats("m", kMaxPointsPerPiece + 2));
};

TEST_F(HostileSeriesTest, PiecesThatFitNowhere) {
  ExpectRefused({whole_[1]});
  v1::Series other = whole_[1];
  other.set_labels(std::string(model::Labels({{"__name__", "n"}}).bytes()));
  ExpectRefused({whole_[0], other});
  ExpectRefused({whole_[0], whole_[1], whole_[1]});
  v1::Series nonsense = whole_[0];
  nonsense.set_labels("nonsense");
  ExpectRefused({nonsense});
}

TEST_F(HostileSeriesTest, ColumnsOfDifferentLengths) {
  v1::Series fewer_values = whole_[1];
  fewer_values.mutable_values()->RemoveLast();
  ExpectRefused({whole_[0], fewer_values});
  v1::Series one_start = whole_[0];
  one_start.add_start_timestamps(1);
  ExpectRefused({one_start});
}

TEST_F(HostileSeriesTest, StartTimestampsInSomePiecesOnly) {
  v1::Series with_starts = whole_[1];
  with_starts.add_start_timestamps(1);
  with_starts.add_start_timestamps(1);
  ExpectRefused({whole_[0], with_starts});
  v1::Series first = whole_[0];
  for (int i = 0; i < first.values_size(); ++i) first.add_start_timestamps(1);
  ExpectRefused({first, whole_[1]});
}

TEST_F(HostileSeriesTest, TimesThatNoStoreHolds) {
  for (const int64_t time : {model::kMinTimestamp - 1, model::kMaxTimestamp + 1}) {
    v1::Series piece;
    piece.add_timestamp_deltas(time);
    piece.add_values(1);
    ExpectRefused({piece});
    v1::Series histogram;
    wire::ToWire(Histogram(time, 1), histogram.add_histograms());
    ExpectRefused({histogram});
  }
}

TEST_F(HostileSeriesTest, HistogramsOutOfOrder) {
  v1::Series piece;
  wire::ToWire(Histogram(5, 1), piece.add_histograms());
  v1::Series next = piece;
  next.set_continued(true);
  ExpectRefused({piece, next});
}

TEST(ExemplarMessagesTest, ManyExemplarsAreSeveralPieces) {
  SelectedExemplars series{model::Labels({{"__name__", "m"}}), {}};
  for (size_t i = 0; i < kMaxPointsPerPiece + 1; ++i) {
    series.exemplars.push_back({{}, 1.0, static_cast<int64_t>(i)});
  }
  Collect<SelectedExemplars> sink;
  ExemplarJoiner joiner(&sink);
  int pieces = 0;
  ASSERT_TRUE(ToPieces(series, [&](const v1::ExemplarSeries& piece) {
                ++pieces;
                return joiner.Add(piece);
              }).ok());
  EXPECT_EQ(pieces, 2);
  ASSERT_TRUE(joiner.Finish().ok());
  ASSERT_EQ(sink.items.size(), 1U);
  EXPECT_EQ(sink.items[0].exemplars, series.exemplars);
  v1::ExemplarSeries stray;
  stray.set_continued(true);
  EXPECT_TRUE(absl::IsInternal(joiner.Add(stray)));
}

TEST(SelectionMessagesTest, ABadExpressionIsTheAskersFault) {
  v1::Selection selection;
  v1::Matcher* matcher = selection.add_matchers();
  matcher->set_type(v1::Matcher::REGEX);
  matcher->set_value("(");
  EXPECT_TRUE(absl::IsInvalidArgument(FromWire(selection).status()));
  v1::LabelQuery query;
  *query.add_selections()->add_matchers() = *matcher;
  EXPECT_TRUE(absl::IsInvalidArgument(FromWire(query).status()));
}

}  // namespace
}  // namespace tidegate::storage
