#include "query/series_notation.h"

#include <gtest/gtest.h>

#include <string>

#include "model/sample.h"

namespace tidegate::query {
namespace {

std::string Again(std::string_view text) {
  const auto histogram = ParseNotatedHistogram(text);
  return histogram.ok() ? NotationOf(*histogram) : std::string(histogram.status().message());
}

TEST(SeriesNotation, HistogramsAreWrittenAsTheyAreRead) {
  for (const std::string text : {
           "{{}}",
           "{{count:1e+06 sum:-0.5}}",
           "{{schema:-1 count:6 sum:2 z_bucket:1 z_bucket_w:0.25 offset:-2 buckets:[2 0 3] "
           "n_offset:3 n_buckets:[1.5]}}",
           "{{schema:-53 count:3 custom_values:[1 2.5] counter_reset_hint:gauge buckets:[1 2]}}",
           "{{count:1 counter_reset_hint:reset}}",
           "{{count:1 counter_reset_hint:not_reset}}",
       }) {
    EXPECT_EQ(Again(text), text);
  }
}

TEST(SeriesNotation, EmptyBucketsAtTheEndsAreLeftOut) {
  EXPECT_EQ(Again("{{count:3 offset:1 buckets:[0 0 3 0]}}"), "{{count:3 offset:3 buckets:[3]}}");
}

TEST(SeriesNotation, OneHistogramAndNothingElse) {
  for (const std::string text : {"1", "_", "stale", "{{count:1}} {{count:2}}", "{{count:1}}x1"}) {
    EXPECT_NE(Again(text).find("expected one histogram"), std::string::npos) << Again(text);
  }
  EXPECT_FALSE(ParseNotatedHistogram("{{count}}").ok());
}

TEST(SeriesNotation, HintsAreThoseOfAStorage) {
  const auto series = ParseNotatedSeries(
      "a",
      "{{count:1 buckets:[1]}} {{count:2 buckets:[2]}} {{count:1 buckets:[1]}} 1 _ stale "
      "{{count:2 buckets:[2] counter_reset_hint:gauge}}");
  ASSERT_TRUE(series.ok()) << series.status();
  using model::CounterResetHint;
  const auto hint = [&](size_t i) { return series->values[i]->histogram->counter_reset_hint; };
  EXPECT_EQ(hint(0), CounterResetHint::kUnknown);
  EXPECT_EQ(hint(1), CounterResetHint::kNotReset);
  EXPECT_EQ(hint(2), CounterResetHint::kUnknown);
  EXPECT_EQ(series->values[3]->number, 1);
  EXPECT_FALSE(series->values[4].has_value());
  EXPECT_TRUE(model::IsStaleNan(series->values[5]->number));
  EXPECT_EQ(hint(6), CounterResetHint::kGauge);
}

}  // namespace
}  // namespace tidegate::query
