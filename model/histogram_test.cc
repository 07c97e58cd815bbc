#include "model/histogram.h"

#include <limits>
#include <random>

#include "gtest/gtest.h"

namespace tidegate::model {
namespace {

IntHistogram Valid() {
  IntHistogram h;
  h.schema = 1;
  h.zero_threshold = 0.001;
  h.zero_count = 2;
  h.count = 12;
  h.sum = 18.4;
  h.positive_spans = {{0, 2}, {1, 2}};
  h.positive_deltas = {1, 1, -1, 0};  // 1 2 1 1
  h.negative_spans = {{-2, 2}};
  h.negative_deltas = {2, 1};  // 2 3
  return h;
}

FloatHistogram ValidCustom() {
  FloatHistogram h;
  h.schema = kCustomBucketsSchema;
  h.count = 6.5;
  h.sum = 3;
  h.custom_values = {0.1, 1, 10};
  h.positive_spans = {{0, 1}, {1, 2}};
  h.positive_buckets = {1, 2, 3.5};
  return h;
}

std::string Error(const Histogram& histogram) { return std::string(Validate(histogram).message()); }

TEST(Validate, AcceptsWhatKeepsTheRules) {
  EXPECT_EQ(Error(Valid()), "");
  EXPECT_EQ(Error(ValidCustom()), "");
  EXPECT_EQ(Error(FloatHistogram{}), "");
}

TEST(Validate, SpansMustFitTheBuckets) {
  IntHistogram h = Valid();
  h.positive_spans[1].length = 3;
  EXPECT_EQ(Error(h),
            "positive side: spans need 5 buckets, have 4 buckets: histogram spans specify "
            "different number of buckets than provided");
  h = Valid();
  h.negative_spans = {{0, 1}, {-1, 1}};
  EXPECT_EQ(Error(h),
            "negative side: span number 2 with offset -1: histogram has a span whose offset is "
            "negative");
}

TEST(Validate, CountsMustNotBeNegative) {
  IntHistogram h = Valid();
  h.positive_deltas[0] = -1;
  EXPECT_EQ(Error(h),
            "positive side: bucket number 1 has observation count of -1: histogram has a bucket "
            "whose observation count is negative");
  FloatHistogram f = ValidCustom();
  f.count = -1;
  EXPECT_NE(Error(f).find("observation count is negative"), std::string::npos);
}

TEST(Validate, IntegerCountMustEqualTheBuckets) {
  IntHistogram h = Valid();
  h.count = 13;
  EXPECT_EQ(Error(h),
            "12 observations found in buckets, but the Count field is 13: histogram's observation "
            "count should equal the number of observations found in the buckets (in absence of "
            "NaN)");
  h.sum = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(Error(h), "");
  h.count = 11;
  EXPECT_NE(Error(h).find("should be at least"), std::string::npos);
}

TEST(Validate, SchemaMustBeKnown) {
  IntHistogram h = Valid();
  h.schema = 9;
  EXPECT_NE(Error(h).find("got schema 9"), std::string::npos);
  h.schema = -5;
  EXPECT_NE(Error(h).find("got schema -5"), std::string::npos);
}

TEST(Validate, CustomBucketsHaveTheirOwnRules) {
  FloatHistogram h = ValidCustom();
  h.custom_values = {1, 1, 2};
  EXPECT_NE(Error(h).find("strictly increasing"), std::string::npos);
  h.custom_values = {1, 2, std::numeric_limits<double>::infinity()};
  EXPECT_NE(Error(h).find("must be finite"), std::string::npos);
  h.custom_values = {1, 2};
  EXPECT_NE(Error(h).find("only 2 custom bounds defined"), std::string::npos);
  h = ValidCustom();
  h.zero_count = 1;
  EXPECT_EQ(Error(h), "custom buckets: must have zero count of 0");
  h = ValidCustom();
  h.negative_spans = {{0, 0}};
  EXPECT_EQ(Error(h), "custom buckets: must not have negative spans");
  FloatHistogram exponential;
  exponential.custom_values = {1};
  EXPECT_EQ(Error(exponential), "histogram with exponential schema must not have custom bounds");
}

TEST(ToFloat, TurnsDeltasIntoCounts) {
  const FloatHistogram f = ToFloat(Histogram(Valid()));
  EXPECT_EQ(f.positive_buckets, (std::vector<double>{1, 2, 1, 1}));
  EXPECT_EQ(f.negative_buckets, (std::vector<double>{2, 3}));
  EXPECT_EQ(f.count, 12);
  EXPECT_EQ(f.schema, 1);
}

TEST(ReduceResolution, MergesNeighboursAndKeepsTheTotal) {
  IntHistogram h;
  h.schema = 9;
  h.count = 10;
  h.positive_spans = {{1, 4}, {3, 1}};  // Buckets 1 2 3 4 and 8.
  h.positive_deltas = {1, 1, 1, 0, 0};  // 1 2 3 3 3
  h.count = 12;
  Histogram histogram = h;
  ReduceResolution(&histogram);
  const auto& reduced = std::get<IntHistogram>(histogram);
  EXPECT_EQ(reduced.schema, 8);
  // Bucket i of schema 9 lies in bucket ceil(i / 2) of schema 8: 1+2 -> 1, 3+4 -> 2, 8 -> 4.
  EXPECT_EQ(reduced.positive_spans, (std::vector<HistogramSpan>{{1, 2}, {1, 1}}));
  EXPECT_EQ(ToFloat(histogram).positive_buckets, (std::vector<double>{3, 6, 3}));
  EXPECT_EQ(Error(histogram), "");
}

TEST(ReduceResolution, LeavesOtherSchemasAlone) {
  for (const int schema : {8, 53, -53}) {
    IntHistogram h = Valid();
    h.schema = schema;
    Histogram histogram = h;
    ReduceResolution(&histogram);
    EXPECT_TRUE(SameBits(histogram, Histogram(h))) << schema;
  }
}

// The bytes are on disk: they may never change for version 1.
TEST(HistogramBytes, Golden) {
  IntHistogram h;
  h.counter_reset_hint = CounterResetHint::kNotReset;
  h.schema = -1;
  h.zero_threshold = 0;
  h.zero_count = 1;
  h.count = 300;
  h.sum = 1;
  h.positive_spans = {{-2, 1}};
  h.positive_deltas = {299};
  std::string bytes;
  EncodeHistogram(h, &bytes);
  const std::string expected(
      "\x12"                  // Version 1, integer, not reset.
      "\x01"                  // Schema -1.
      "\0\0\0\0\0\0\0\0"      // Zero threshold.
      "\0\0\0\0\0\0\xf0\x3f"  // Sum.
      "\x01\x03\x01"          // One positive span: offset -2, length 1.
      "\x00\x00"              // No negative span, no custom value.
      "\x01\xac\x02"          // Zero count 1, count 300.
      "\x01\xd6\x04"          // One delta: 299.
      "\x00",                 // No negative delta.
      30);
  EXPECT_EQ(bytes, expected);
}

TEST(HistogramBytes, RoundTripsBitForBit) {
  FloatHistogram stale;
  stale.sum = StaleNan();
  stale.zero_count = -0.0;
  for (const Histogram& h : {Histogram(Valid()), Histogram(ValidCustom()), Histogram(stale)}) {
    std::string bytes;
    EncodeHistogram(h, &bytes);
    const size_t size = bytes.size();
    bytes += "rest";
    std::string_view rest = bytes;
    const auto decoded = DecodeHistogram(&rest);
    ASSERT_TRUE(decoded.ok());
    EXPECT_TRUE(SameBits(*decoded, h));
    EXPECT_EQ(rest, "rest");
    for (size_t cut = 0; cut < size; ++cut) {
      std::string_view shortened = std::string_view(bytes).substr(0, cut);
      EXPECT_FALSE(DecodeHistogram(&shortened).ok()) << cut;
    }
  }
}

TEST(HistogramBytes, SurvivesAnyBytes) {
  std::mt19937 random(3);
  std::string good;
  EncodeHistogram(Histogram(Valid()), &good);
  for (int round = 0; round < 50000; ++round) {
    std::string bytes = good;
    for (int flips = 1 + random() % 4; flips > 0; --flips) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    std::string_view in = bytes;
    auto decoded = DecodeHistogram(&in);
    if (decoded.ok()) {
      (void)Validate(*decoded);
      ReduceResolution(&*decoded);
    }
  }
}

}  // namespace
}  // namespace tidegate::model
