#include "ingest/decode/histogram_message.h"

#include <string>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "proto/prometheus/types.pb.h"

namespace tidegate::ingest {
namespace {

using model::CounterResetHint;
using model::FloatHistogram;
using model::HistogramSample;
using model::HistogramSpan;
using model::IntHistogram;

// Reads bytes as one message; fails the test when they are malformed.
HistogramSample Read(const std::string& bytes) {
  WireFailure failure;
  HistogramSample sample;
  EXPECT_TRUE(ReadHistogramMessage(WireCursor(bytes, kMaxWireDepth, &failure), &sample))
      << failure.reason;
  return sample;
}

HistogramSample Read(const prompb::Histogram& message) { return Read(message.SerializeAsString()); }

bool IsMalformed(const std::string& bytes) {
  WireFailure failure;
  HistogramSample sample;
  return !ReadHistogramMessage(WireCursor(bytes, kMaxWireDepth, &failure), &sample);
}

void AddSpan(int offset, unsigned length,
             google::protobuf::RepeatedPtrField<prompb::BucketSpan>* spans) {
  prompb::BucketSpan* span = spans->Add();
  span->set_offset(offset);
  span->set_length(length);
}

TEST(HistogramMessageTest, ReadsEveryFieldOfAnIntegerHistogram) {
  prompb::Histogram message;
  message.set_count_int(17);
  message.set_sum(-4.5);
  message.set_schema(-3);
  message.set_zero_threshold(0.001);
  message.set_zero_count_int(2);
  AddSpan(-5, 2, message.mutable_positive_spans());
  AddSpan(3, 1, message.mutable_positive_spans());
  AddSpan(0, 1, message.mutable_negative_spans());
  for (const int delta : {3, -1, 2}) message.add_positive_deltas(delta);
  message.add_negative_deltas(9);
  message.set_reset_hint(prompb::Histogram::NO);
  message.set_timestamp(-77);

  const HistogramSample sample = Read(message);
  const auto& histogram = std::get<IntHistogram>(sample.histogram);
  EXPECT_EQ(sample.timestamp, -77);
  EXPECT_EQ(sample.start_timestamp, 0);
  EXPECT_EQ(histogram.count, 17u);
  EXPECT_EQ(histogram.sum, -4.5);
  EXPECT_EQ(histogram.schema, -3);
  EXPECT_EQ(histogram.zero_threshold, 0.001);
  EXPECT_EQ(histogram.zero_count, 2u);
  EXPECT_EQ(histogram.positive_spans, (std::vector<HistogramSpan>{{-5, 2}, {3, 1}}));
  EXPECT_EQ(histogram.negative_spans, (std::vector<HistogramSpan>{{0, 1}}));
  EXPECT_EQ(histogram.positive_deltas, (std::vector<int64_t>{3, -1, 2}));
  EXPECT_EQ(histogram.negative_deltas, (std::vector<int64_t>{9}));
  EXPECT_EQ(histogram.counter_reset_hint, CounterResetHint::kNotReset);
}

TEST(HistogramMessageTest, ReadsAFloatHistogramWithCustomBounds) {
  prompb::Histogram message;
  message.set_count_float(6.5);
  message.set_zero_count_float(0.5);
  message.set_schema(model::kCustomBucketsSchema);
  AddSpan(0, 2, message.mutable_positive_spans());
  message.add_positive_counts(1.5);
  message.add_positive_counts(4.5);
  message.add_negative_counts(8);
  message.add_custom_values(0.25);
  message.add_custom_values(10);
  message.set_reset_hint(prompb::Histogram::GAUGE);

  const auto histogram = std::get<FloatHistogram>(Read(message).histogram);
  EXPECT_EQ(histogram.count, 6.5);
  EXPECT_EQ(histogram.zero_count, 0.5);
  EXPECT_TRUE(histogram.uses_custom_buckets());
  EXPECT_EQ(histogram.positive_buckets, (std::vector<double>{1.5, 4.5}));
  EXPECT_EQ(histogram.negative_buckets, (std::vector<double>{8}));
  EXPECT_EQ(histogram.custom_values, (std::vector<double>{0.25, 10}));
  EXPECT_EQ(histogram.counter_reset_hint, CounterResetHint::kGauge);
}

TEST(HistogramMessageTest, AnEmptyMessageIsAnIntegerHistogramOfZeros) {
  const auto histogram = std::get<IntHistogram>(Read("").histogram);
  EXPECT_EQ(histogram.count, 0u);
  EXPECT_EQ(histogram.counter_reset_hint, CounterResetHint::kUnknown);
}

TEST(HistogramMessageTest, AStaleMarkerKeepsItsBits) {
  prompb::Histogram message;
  message.set_sum(model::StaleNan());
  EXPECT_TRUE(model::IsStale(Read(message).histogram));
}

TEST(HistogramMessageTest, TheLastMemberOfAOneofCounts) {
  prompb::Histogram as_int;
  as_int.set_count_int(3);
  prompb::Histogram as_float;
  as_float.set_count_float(4);
  const std::string i = as_int.SerializeAsString();
  const std::string f = as_float.SerializeAsString();
  EXPECT_EQ(std::get<FloatHistogram>(Read(i + f).histogram).count, 4);
  EXPECT_EQ(std::get<IntHistogram>(Read(f + i).histogram).count, 3u);
}

TEST(HistogramMessageTest, AZeroCountOfTheOtherKindIsDropped) {
  prompb::Histogram message;
  message.set_count_int(3);
  message.set_zero_count_float(2);
  EXPECT_EQ(std::get<IntHistogram>(Read(message).histogram).zero_count, 0u);
}

TEST(HistogramMessageTest, TheLastScalarWins) {
  prompb::Histogram first;
  first.set_sum(1);
  first.set_timestamp(5);
  prompb::Histogram second;
  second.set_sum(2);
  const HistogramSample sample = Read(first.SerializeAsString() + second.SerializeAsString());
  EXPECT_EQ(model::HistogramSum(sample.histogram), 2);
  EXPECT_EQ(sample.timestamp, 5);
}

TEST(HistogramMessageTest, RepeatedNumbersMayComeOneByOne) {
  // positive_deltas = 12: 2 as a varint field, {-1, 3} packed, 1 as a varint field.
  const std::string bytes("\x60\x04\x62\x02\x01\x06\x60\x02", 8);
  EXPECT_EQ(std::get<IntHistogram>(Read(bytes).histogram).positive_deltas,
            (std::vector<int64_t>{2, -1, 3, 1}));
}

TEST(HistogramMessageTest, RepeatedDoublesMayComeOneByOne) {
  const std::string one("\0\0\0\0\0\0\xf0\x3f", 8);
  const std::string two("\0\0\0\0\0\0\0\x40", 8);
  // custom_values = 16 has a tag of two bytes.
  const std::string bytes = "\x81\x01" + one + std::string("\x82\x01\x10", 3) + two + one;
  EXPECT_EQ(std::get<IntHistogram>(Read(bytes).histogram).custom_values,
            (std::vector<double>{1, 2, 1}));
}

TEST(HistogramMessageTest, AnUnknownResetHintIsUnknown) {
  const std::string bytes("\x70\x63", 2);
  EXPECT_EQ(model::ResetHint(Read(bytes).histogram), CounterResetHint::kUnknown);
}

TEST(HistogramMessageTest, UnknownFieldsAndWireTypesAreSkipped) {
  // Field 17 as bytes, sum (3) as a varint, a group in field 20, then timestamp 1.
  const std::string bytes("\x8a\x01\x02xy\x18\x07\xa3\x01\xa4\x01\x78\x01", 13);
  const HistogramSample sample = Read(bytes);
  EXPECT_EQ(sample.timestamp, 1);
  EXPECT_EQ(model::HistogramSum(sample.histogram), 0);
}

TEST(HistogramMessageTest, EveryTruncationInsideAFieldIsRefused) {
  prompb::Histogram message;
  message.set_sum(1);
  AddSpan(100, 200, message.mutable_negative_spans());
  message.add_negative_counts(1);
  const std::string bytes = message.SerializeAsString();
  for (const size_t boundary_off : {size_t{1}, size_t{5}, size_t{10}, bytes.size() - 1}) {
    EXPECT_TRUE(IsMalformed(bytes.substr(0, boundary_off))) << boundary_off;
  }
}

TEST(HistogramMessageTest, PackedDoublesOfABrokenLengthAreRefused) {
  EXPECT_TRUE(IsMalformed(std::string("\x6a\x07") + std::string(7, '\0')));
  EXPECT_TRUE(IsMalformed(std::string("\x62\x01\x80")));
}

}  // namespace
}  // namespace tidegate::ingest
