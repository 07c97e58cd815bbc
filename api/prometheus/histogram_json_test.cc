#include "api/prometheus/histogram_json.h"

#include <gtest/gtest.h>

namespace tidegate::api {
namespace {

std::string Json(const model::FloatHistogram& histogram) {
  StringSink sink;
  JsonWriter json(&sink);
  WriteHistogram(histogram, json);
  json.Flush();
  return sink.text();
}

TEST(WriteHistogram, WithoutBuckets) {
  model::FloatHistogram h;
  h.count = 0;
  h.sum = -0.5;
  EXPECT_EQ(Json(h), R"({"count":"0","sum":"-0.5"})");
}

TEST(WriteHistogram, BucketsAscendFromNegativeToPositive) {
  model::FloatHistogram h;
  h.count = 21;
  h.sum = 36;
  h.zero_threshold = 0.001;
  h.zero_count = 2;
  h.positive_spans = {{0, 2}, {1, 1}};
  h.positive_buckets = {1, 2, 3};
  h.negative_spans = {{1, 2}};
  h.negative_buckets = {4, 5};
  EXPECT_EQ(Json(h),
            R"({"count":"21","sum":"36","buckets":[[1,"-4","-2","5"],[1,"-2","-1","4"],)"
            R"([3,"-0.001","0.001","2"],[0,"0.5","1","1"],[0,"1","2","2"],[0,"4","8","3"]]})");
}

TEST(WriteHistogram, EmptyBucketsAreLeftOut) {
  model::FloatHistogram h;
  h.count = 1;
  h.sum = 1;
  h.positive_spans = {{0, 3}};
  h.positive_buckets = {0, 1, 0};
  EXPECT_EQ(Json(h), R"({"count":"1","sum":"1","buckets":[[0,"1","2","1"]]})");
}

TEST(WriteHistogram, FinerSchemasHaveIrrationalBounds) {
  model::FloatHistogram h;
  h.schema = 1;
  h.count = 1;
  h.sum = 1;
  h.positive_spans = {{1, 1}};
  h.positive_buckets = {1};
  EXPECT_EQ(Json(h), R"({"count":"1","sum":"1","buckets":[[0,"1","1.414213562373095","1"]]})");
}

TEST(WriteHistogram, BoundsDoNotReachIntoTheZeroBucket) {
  model::FloatHistogram h;
  h.count = 3;
  h.sum = 1;
  h.zero_threshold = 0.75;
  h.zero_count = 1;
  h.positive_spans = {{0, 1}};
  h.positive_buckets = {1};
  h.negative_spans = {{0, 1}};
  h.negative_buckets = {1};
  EXPECT_EQ(Json(h), R"({"count":"3","sum":"1","buckets":[[1,"-1","-0.75","1"],)"
                     R"([3,"-0.75","0.75","1"],[0,"0.75","1","1"]]})");
}

TEST(WriteHistogram, CustomBuckets) {
  model::FloatHistogram h;
  h.schema = model::kCustomBucketsSchema;
  h.count = 6;
  h.sum = 10;
  h.custom_values = {5, 10};
  h.positive_spans = {{0, 3}};
  h.positive_buckets = {1, 2, 3};
  EXPECT_EQ(Json(h), R"({"count":"6","sum":"10","buckets":[[3,"-Inf","5","1"],[0,"5","10","2"],)"
                     R"([0,"10","+Inf","3"]]})");
}

TEST(WriteHistogram, TheLastFiniteBoundIsTheLargestDouble) {
  model::FloatHistogram h;
  h.count = 1;
  h.sum = 1;
  h.positive_spans = {{1024, 1}};
  h.positive_buckets = {1};
  EXPECT_EQ(Json(h), R"({"count":"1","sum":"1","buckets":[[0,"8.98846567431158e+307",)"
                     R"("1.7976931348623157e+308","1"]]})");
}

TEST(WriteHistogram, MoreSpansThanBucketsAreHarmless) {
  model::FloatHistogram h;
  h.count = 1;
  h.sum = 1;
  h.positive_spans = {{0, 4'000'000'000u}};
  h.positive_buckets = {1};
  EXPECT_EQ(Json(h), R"({"count":"1","sum":"1","buckets":[[0,"0.5","1","1"]]})");
}

}  // namespace
}  // namespace tidegate::api
