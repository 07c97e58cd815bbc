#include "ingest/decode/otlp_metrics/native_buckets.h"

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

using Spans = std::vector<model::HistogramSpan>;
using Deltas = std::vector<int64_t>;

void Expect(const OtlpBuckets& buckets, int32_t scale_down, int32_t shift, const Spans& spans,
            const Deltas& deltas) {
  Spans got_spans;
  Deltas got_deltas;
  AppendNativeBuckets(buckets, scale_down, shift, &got_spans, &got_deltas);
  EXPECT_EQ(got_spans, spans);
  EXPECT_EQ(got_deltas, deltas);
}

TEST(NativeBuckets, ExponentialBucketsMoveByOne) {
  Expect({0, {4, 3, 2, 1}}, 0, 1, {{1, 4}}, {4, -1, -1, -1});
  Expect({-3, {1, 1}}, 0, 1, {{-2, 2}}, {1, 0});
}

TEST(NativeBuckets, SmallGapsAreFilledAndLargeOnesBeginASpan) {
  Expect({0, {1, 0, 0, 2}}, 0, 0, {{0, 4}}, {1, -1, 0, 2});
  Expect({0, {1, 0, 0, 0, 2}}, 0, 0, {{0, 1}, {3, 1}}, {1, 1});
}

TEST(NativeBuckets, EmptyEndsAreLeftOut) {
  Expect({5, {0, 0, 7, 0}}, 0, 0, {{7, 1}}, {7});
  Expect({5, {0, 0}}, 0, 0, {}, {});
  Expect({5, {}}, 0, 0, {}, {});
}

TEST(NativeBuckets, AreMergedWhenScaledDown) {
  // At scale_down 1 buckets -1 and 0 belong to -1 and 0.
  Expect({-1, {1, 2, 3, 4}}, 1, 1, {{0, 3}}, {1, 4, -1});
  Expect({0, {1, 2, 3, 4}}, 2, 1, {{1, 1}}, {10});
  Expect({-2147483647, {1}}, 40, 1, {{0, 1}}, {1});
}

}  // namespace
}  // namespace tidegate::ingest
