// The room as a whole, over small histograms written as bucket lists.
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "query/histogram/arithmetic.h"
#include "query/histogram/classic.h"
#include "query/histogram/counter_reset.h"
#include "query/histogram/histogram_sum.h"
#include "query/histogram/quantile.h"
#include "query/histogram/text.h"
#include "query/histogram/trim.h"

namespace tidegate::query {
namespace {

using model::CounterResetHint;
using model::FloatHistogram;

// Counts follow from the buckets.
class Histogram {
 public:
  explicit Histogram(int32_t schema = 0) { histogram_.schema = schema; }

  // Buckets from `first` on; bucket 1 of schema 0 is (1, 2].
  Histogram& Positive(int32_t first, std::vector<double> buckets) {
    Fill(first, std::move(buckets), &histogram_.positive_spans, &histogram_.positive_buckets);
    return *this;
  }
  Histogram& Negative(int32_t first, std::vector<double> buckets) {
    Fill(first, std::move(buckets), &histogram_.negative_spans, &histogram_.negative_buckets);
    return *this;
  }
  Histogram& Zero(double threshold, double count) {
    histogram_.zero_threshold = threshold;
    histogram_.zero_count = count;
    histogram_.count += count;
    return *this;
  }
  Histogram& Sum(double sum) {
    histogram_.sum = sum;
    return *this;
  }
  Histogram& Bounds(std::vector<double> bounds) {
    histogram_.schema = model::kCustomBucketsSchema;
    histogram_.custom_values = std::move(bounds);
    return *this;
  }
  Histogram& Hint(CounterResetHint hint) {
    histogram_.counter_reset_hint = hint;
    return *this;
  }
  operator FloatHistogram() const { return histogram_; }  // NOLINT: a literal.

 private:
  void Fill(int32_t first, std::vector<double> buckets, std::vector<model::HistogramSpan>* spans,
            std::vector<double>* out) {
    for (const double bucket : buckets) histogram_.count += bucket;
    *spans = {{first, static_cast<uint32_t>(buckets.size())}};
    *out = std::move(buckets);
  }

  FloatHistogram histogram_;
};

std::string Added(FloatHistogram a, const FloatHistogram& b) {
  return AddTo(b, &a).compatible ? ToText(a) : "incompatible";
}

TEST(HistogramArithmetic, AddsBucketByBucket) {
  EXPECT_EQ(Added(Histogram().Positive(0, {1, 2}).Sum(3), Histogram().Positive(1, {10, 20}).Sum(4)),
            "{count:33, sum:7, (0.5,1]:1, (1,2]:12, (2,4]:20}");
  EXPECT_EQ(Added(Histogram().Negative(0, {1}), Histogram().Positive(0, {1})),
            "{count:2, sum:0, [-1,-0.5):1, (0.5,1]:1}");
}

TEST(HistogramArithmetic, MeetsAtTheCoarserSchema) {
  // Buckets 1 and 2 of schema 1 are (1, 1.41] and (1.41, 2].
  EXPECT_EQ(Added(Histogram(1).Positive(1, {1, 2}), Histogram(0).Positive(1, {10})),
            "{count:13, sum:0, (1,2]:13}");
}

TEST(HistogramArithmetic, MeetsAtTheWiderZeroBucket) {
  EXPECT_EQ(Added(Histogram().Zero(0.5, 1), Histogram().Zero(0.25, 2).Positive(-1, {4})),
            "{count:7, sum:0, [-0.5,0.5]:7}");
}

TEST(HistogramArithmetic, CustomBoundsMeetAtWhatBothHave) {
  EXPECT_EQ(Added(Histogram().Bounds({1, 2, 3}).Positive(0, {1, 2, 3, 4}),
                  Histogram().Bounds({2, 5}).Positive(0, {10, 20, 30})),
            "{count:70, sum:0, [-Inf,2]:13, (2,+Inf]:57}");
}

TEST(HistogramArithmetic, CustomAndExponentialDoNotMix) {
  EXPECT_EQ(Added(Histogram().Bounds({1}).Positive(0, {1}), Histogram().Positive(0, {1})),
            "incompatible");
}

TEST(HistogramArithmetic, ANegativeFactorMakesAGauge) {
  FloatHistogram histogram = Histogram().Positive(0, {2}).Sum(4);
  Multiply(-0.5, &histogram);
  EXPECT_EQ(ToText(histogram), "{count:-1, sum:-2, (0.5,1]:-1}");
  EXPECT_EQ(histogram.counter_reset_hint, CounterResetHint::kGauge);
}

TEST(HistogramArithmetic, ContentIgnoresHintsAndEmptyBuckets) {
  const FloatHistogram plain = Histogram().Positive(0, {1, 0, 2});
  FloatHistogram compact = Histogram().Positive(0, {1, 0, 2}).Hint(CounterResetHint::kGauge);
  EXPECT_TRUE(SameContent(plain, compact));
  compact.sum = 1;
  EXPECT_FALSE(SameContent(plain, compact));
}

TEST(CounterReset, FallingCountsAndLostBuckets) {
  const FloatHistogram before = Histogram().Positive(0, {1, 2});
  EXPECT_FALSE(IsCounterReset(before, before));
  EXPECT_FALSE(IsCounterReset(before, Histogram().Positive(0, {1, 3, 5})));
  EXPECT_TRUE(IsCounterReset(before, Histogram().Positive(0, {1, 1, 5})));
  EXPECT_TRUE(IsCounterReset(before, Histogram().Positive(0, {9})));
  EXPECT_TRUE(IsCounterReset(before, Histogram().Positive(0, {0, 9})));
}

TEST(CounterReset, HintsDecideFirst) {
  const FloatHistogram before = Histogram().Positive(0, {1});
  EXPECT_TRUE(IsCounterReset(before, Histogram().Positive(0, {5}).Hint(CounterResetHint::kReset)));
  EXPECT_FALSE(
      IsCounterReset(before, Histogram().Positive(0, {0}).Hint(CounterResetHint::kNotReset)));
}

TEST(HistogramQuantile, ExponentialWithinABucket) {
  const FloatHistogram histogram = Histogram().Positive(1, {4});  // (1, 2]
  EXPECT_DOUBLE_EQ(HistogramQuantile(0.5, histogram).value, std::sqrt(2));
  EXPECT_DOUBLE_EQ(HistogramQuantile(1, histogram).value, 2);
  EXPECT_EQ(HistogramQuantile(-1, histogram).value, -INFINITY);
  EXPECT_EQ(HistogramQuantile(2, histogram).value, INFINITY);
}

TEST(HistogramQuantile, EvenWithinCustomAndZeroBuckets) {
  EXPECT_DOUBLE_EQ(HistogramQuantile(0.25, Histogram().Bounds({2, 4}).Positive(0, {4, 0})).value,
                   0.5);
  EXPECT_DOUBLE_EQ(HistogramQuantile(0.5, Histogram().Zero(1, 4)).value, 0);
}

TEST(HistogramFraction, OfWholeBuckets) {
  const FloatHistogram histogram = Histogram().Positive(0, {2, 4, 2});
  EXPECT_DOUBLE_EQ(HistogramFraction(0, 2, histogram).value, 0.75);
  EXPECT_DOUBLE_EQ(HistogramFraction(-INFINITY, INFINITY, histogram).value, 1);
  EXPECT_DOUBLE_EQ(HistogramFraction(2, 1, histogram).value, 0);
}

TEST(Trim, AtABoundIsExact) {
  const FloatHistogram histogram = Histogram().Positive(0, {1, 2, 4});
  EXPECT_EQ(Trim(histogram, 2, TrimSide::kAbove).count, 3);
  EXPECT_EQ(Trim(histogram, 2, TrimSide::kBelow).count, 4);
  EXPECT_EQ(Trim(histogram, INFINITY, TrimSide::kAbove).count, 7);
}

double Classic(double q, std::vector<ClassicBucket> buckets) {
  return ClassicQuantile(q, &buckets).value;
}

TEST(ClassicQuantile, LinearWithinABucket) {
  EXPECT_DOUBLE_EQ(Classic(0.25, {{1, 50}, {2, 100}, {INFINITY, 100}}), 0.5);
  EXPECT_DOUBLE_EQ(Classic(0.75, {{INFINITY, 100}, {2, 100}, {1, 50}}), 1.5);
  EXPECT_DOUBLE_EQ(Classic(0.9, {{1, 50}, {INFINITY, 100}}), 1);
}

TEST(ClassicQuantile, NeedsAnInfiniteBucket) {
  EXPECT_TRUE(std::isnan(Classic(0.5, {{1, 50}, {2, 100}})));
  EXPECT_TRUE(std::isnan(Classic(0.5, {{INFINITY, 100}})));
  EXPECT_TRUE(std::isnan(Classic(0.5, {{1, 0}, {INFINITY, 0}})));
}

TEST(ClassicQuantile, RepairsCountsThatFall) {
  std::vector<ClassicBucket> buckets{{1, 50}, {2, 40}, {INFINITY, 100}};
  const ClassicQuantileResult result = ClassicQuantile(0.5, &buckets);
  EXPECT_TRUE(result.forced_monotonic);
  EXPECT_EQ(result.max_difference, 10);
  EXPECT_DOUBLE_EQ(result.value, 1);
}

TEST(ClassicFraction, BetweenBounds) {
  std::vector<ClassicBucket> buckets{{1, 50}, {2, 100}, {INFINITY, 100}};
  EXPECT_DOUBLE_EQ(ClassicFraction(0, 1, &buckets), 0.5);
  EXPECT_DOUBLE_EQ(ClassicFraction(0.5, 1.5, &buckets), 0.5);
}

}  // namespace
}  // namespace tidegate::query
