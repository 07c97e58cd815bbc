#include "query/service/column_merge.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tidegate::query {
namespace {

using storage::SeriesColumns;
using storage::TimeColumn;

TimeColumn Times(std::vector<model::TimestampMs> times) {
  return std::make_shared<const std::vector<model::TimestampMs>>(std::move(times));
}

// Every float sample is worth `value`, every histogram has the sum `value`.
struct Piece {
  double value = 0;
  std::vector<model::TimestampMs> floats = {};
  std::vector<model::TimestampMs> histograms = {};
  std::vector<model::TimestampMs> start_times = {};
};

SeriesColumns ToColumns(const Piece& piece) {
  SeriesColumns columns;
  columns.timestamps = Times(piece.floats);
  columns.values.assign(piece.floats.size(), piece.value);
  columns.start_timestamps = piece.start_times;
  for (const model::TimestampMs time : piece.histograms) {
    model::FloatHistogram histogram;
    histogram.sum = piece.value;
    columns.histograms.push_back({time, 0, histogram});
  }
  return columns;
}

// "1=2 ..." for floats, "h1=2" for histograms, "1=2@5" with a start time.
std::string ToText(const SeriesColumns& columns) {
  std::string text;
  for (size_t i = 0; i < columns.values.size(); ++i) {
    absl::StrAppend(&text, text.empty() ? "" : " ", (*columns.timestamps)[i], "=",
                    columns.values[i]);
    if (!columns.start_timestamps.empty()) {
      absl::StrAppend(&text, "@", columns.start_timestamps[i]);
    }
  }
  for (const model::HistogramSample& sample : columns.histograms) {
    absl::StrAppend(&text, text.empty() ? "" : " ", "h", sample.timestamp, "=",
                    model::HistogramSum(sample.histogram));
  }
  return text;
}

std::string Merge(const Piece& older, const Piece& newer) {
  return ToText(ColumnMerger().Merge(ToColumns(older), ToColumns(newer)));
}

TEST(ColumnMerge, OneBehindTheOther) {
  EXPECT_EQ(Merge({.value = 1, .floats = {1, 2}}, {.value = 2, .floats = {3, 4}}),
            "1=1 2=1 3=2 4=2");
}

TEST(ColumnMerge, NewerSamplesMayBeEarlier) {
  EXPECT_EQ(Merge({.value = 1, .floats = {2, 5}}, {.value = 2, .floats = {1, 3, 6}}),
            "1=2 2=1 3=2 5=1 6=2");
}

TEST(ColumnMerge, TheOlderValueWins) {
  EXPECT_EQ(Merge({.value = 1, .floats = {1, 2, 3}}, {.value = 2, .floats = {2, 3, 4}}),
            "1=1 2=1 3=1 4=2");
  EXPECT_EQ(Merge({.value = 1, .histograms = {1, 2}}, {.value = 2, .histograms = {2, 3}}),
            "h1=1 h2=1 h3=2");
}

TEST(ColumnMerge, TheOlderKindWins) {
  EXPECT_EQ(
      Merge({.value = 1, .floats = {1, 2}}, {.value = 2, .floats = {4}, .histograms = {2, 3}}),
      "1=1 2=1 4=2 h3=2");
  EXPECT_EQ(Merge({.value = 1, .histograms = {1, 2}}, {.value = 2, .floats = {2, 3}}),
            "3=2 h1=1 h2=1");
}

TEST(ColumnMerge, OneSideOnly) {
  EXPECT_EQ(Merge({.value = 1, .floats = {1}, .histograms = {2}}, {.value = 2}), "1=1 h2=1");
  EXPECT_EQ(Merge({.value = 1}, {.value = 2, .floats = {1}, .histograms = {2}}), "1=2 h2=2");
  EXPECT_EQ(Merge({.value = 1}, {.value = 2}), "");
}

TEST(ColumnMerge, UnknownStartTimesAreZero) {
  EXPECT_EQ(Merge({.value = 1, .floats = {10}, .start_times = {5}}, {.value = 2, .floats = {20}}),
            "10=1@5 20=2@0");
  EXPECT_EQ(Merge({.value = 1, .floats = {10}}, {.value = 2, .floats = {20}, .start_times = {15}}),
            "10=1@0 20=2@15");
}

TEST(ColumnMerge, SharedTimesStayShared) {
  const TimeColumn older = Times({1, 2});
  const TimeColumn newer = Times({2, 3});
  const auto piece = [](const TimeColumn& times) {
    SeriesColumns columns;
    columns.timestamps = times;
    columns.values.assign(times->size(), 1.0);
    return columns;
  };
  ColumnMerger merger;
  const SeriesColumns first = merger.Merge(piece(older), piece(newer));
  const SeriesColumns second = merger.Merge(piece(older), piece(newer));
  EXPECT_EQ(first.timestamps, second.timestamps);
  EXPECT_EQ(*first.timestamps, (std::vector<model::TimestampMs>{1, 2, 3}));
}

TEST(ColumnMerge, AbsentTimesBecomeNoTimes) {
  const SeriesColumns merged = ColumnMerger().Merge({}, {});
  ASSERT_NE(merged.timestamps, nullptr);
  EXPECT_TRUE(merged.timestamps->empty());
}

TEST(ColumnMerge, EqualExemplarsOnce) {
  const model::Exemplar a{.labels = model::Labels{{"trace", "a"}}, .value = 1, .timestamp = 5};
  const model::Exemplar b{.labels = model::Labels{{"trace", "b"}}, .value = 1, .timestamp = 5};
  const model::Exemplar early{.labels = model::Labels{}, .value = 1, .timestamp = 1};
  EXPECT_EQ(MergeExemplars({a}, {early, a, b}), (std::vector<model::Exemplar>{early, a, b}));
}

}  // namespace
}  // namespace tidegate::query
