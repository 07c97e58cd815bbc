#include "query/promql/syntax/series/histogram_literal.h"

#include <cmath>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "query/promql/syntax/parse/token_reader.h"

namespace tidegate::promql {
namespace {

using CounterReset = HistogramLiteral::CounterReset;

// Literals are only words behind a metric and a space.
struct Result {
  std::shared_ptr<const HistogramLiteral> literal;
  std::string fault;
};

Result Parse(std::string_view literal) {
  const std::string line = "{} " + std::string(literal);
  TokenReader reader(line, Lexer::Language::kSeriesDescription);
  while (!reader.failed() && !reader.NextIs(TokenType::kOpenHistogram)) reader.Take();
  Result result;
  result.literal = ParseHistogramLiteral(&reader);
  if (reader.failed()) result.fault = reader.error().message;
  return result;
}

TEST(HistogramLiteral, Empty) {
  for (const std::string_view text : {"{{}}", "{{ }}", "{{   }}"}) {
    const Result result = Parse(text);
    ASSERT_NE(result.literal, nullptr) << text << result.fault;
    EXPECT_EQ(result.literal->schema, 0);
    EXPECT_EQ(result.literal->count, 0);
    EXPECT_TRUE(result.literal->buckets.empty());
    EXPECT_FALSE(result.literal->counter_reset.has_value());
  }
}

TEST(HistogramLiteral, EveryKey) {
  const Result result = Parse(
      "{{schema:-53 sum:-1.5 count:12 z_bucket:2 z_bucket_w:0.25 offset:-3 n_offset:4 buckets:[1 "
      "2.5 -3] n_buckets:[4] custom_values:[5 10 Inf] counter_reset_hint:not_reset }}");
  ASSERT_NE(result.literal, nullptr) << result.fault;
  const HistogramLiteral& literal = *result.literal;
  EXPECT_EQ(literal.schema, -53);
  EXPECT_EQ(literal.sum, -1.5);
  EXPECT_EQ(literal.count, 12);
  EXPECT_EQ(literal.zero_count, 2);
  EXPECT_EQ(literal.zero_threshold, 0.25);
  EXPECT_EQ(literal.offset, -3);
  EXPECT_EQ(literal.negative_offset, 4);
  EXPECT_EQ(literal.buckets, (std::vector<double>{1, 2.5, -3}));
  EXPECT_EQ(literal.negative_buckets, (std::vector<double>{4}));
  ASSERT_EQ(literal.custom_values.size(), 3u);
  EXPECT_TRUE(std::isinf(literal.custom_values[2]));
  EXPECT_EQ(literal.counter_reset, CounterReset::kNotReset);
}

TEST(HistogramLiteral, KeysAndWordsInAnyCase) {
  const Result result = Parse("{{SUM:NaN Counter_Reset_Hint:GAUGE}}");
  ASSERT_NE(result.literal, nullptr) << result.fault;
  EXPECT_TRUE(std::isnan(result.literal->sum));
  EXPECT_EQ(result.literal->counter_reset, CounterReset::kGauge);
}

TEST(HistogramLiteral, Hints) {
  EXPECT_EQ(Parse("{{counter_reset_hint:unknown}}").literal->counter_reset, CounterReset::kUnknown);
  EXPECT_EQ(Parse("{{counter_reset_hint:reset}}").literal->counter_reset, CounterReset::kReset);
  EXPECT_EQ(Parse("{{counter_reset_hint:gauge}}").literal->counter_reset, CounterReset::kGauge);
}

TEST(HistogramLiteral, SpacesInsideBuckets) {
  EXPECT_EQ(Parse("{{buckets:[1   2 ]}}").literal->buckets, (std::vector<double>{1, 2}));
  EXPECT_EQ(Parse("{{buckets:[]}}").literal, nullptr);
  EXPECT_EQ(Parse("{{buckets:[ 1]}}").literal, nullptr);
}

TEST(HistogramLiteral, KeysMayNotRepeat) {
  EXPECT_EQ(Parse("{{sum:1 sum:2}}").fault, "duplicate key \"sum\" in histogram");
}

TEST(HistogramLiteral, Faults) {
  EXPECT_EQ(Parse("{{total:1}}").fault, "bad histogram descriptor found: \"total\"");
  EXPECT_EQ(Parse("{{sum 1}}").fault, "missing `:` for histogram descriptor");
  EXPECT_EQ(Parse("{{sum:1 5}}").fault,
            "unexpected number \"5\" in histogram description, expected "
            "histogram description key, e.g. buckets:[5 10 7]");
  EXPECT_EQ(Parse("{{schema:1.5}}").fault,
            "invalid repetition in series values: strconv.ParseUint: parsing \"1.5\": invalid "
            "syntax");
  EXPECT_EQ(Parse("{{offset:4294967296}}").fault, "integer out of range in histogram");
  EXPECT_FALSE(Parse("{{z_bucket_w:-1}}").fault.empty());
  EXPECT_FALSE(Parse("{{counter_reset_hint:5}}").fault.empty());
  EXPECT_FALSE(Parse("{{sum:1").fault.empty());
  EXPECT_FALSE(Parse("{{ sum:1}}").fault.empty());
}

}  // namespace
}  // namespace tidegate::promql
