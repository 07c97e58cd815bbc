#include "model/exposition/protobuf_exposition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace tidegate::model {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Lines = std::vector<std::string>;

// Fields of a message, by their wire types.
std::string Varint(uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
  return out;
}
std::string Number(uint32_t field, uint64_t value) { return Varint(field << 3) + Varint(value); }
std::string Signed(uint32_t field, int64_t value) {
  return Number(field, static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63));
}
std::string Bytes(uint32_t field, const std::string& bytes) {
  return Varint(field << 3 | 2) + Varint(bytes.size()) + bytes;
}
std::string Double(uint32_t field, double value) {
  std::string out = Varint(field << 3 | 1);
  for (uint64_t bits = std::bit_cast<uint64_t>(value), i = 0; i < 8; ++i, bits >>= 8) {
    out.push_back(static_cast<char>(bits));
  }
  return out;
}

std::string Label(const std::string& name, const std::string& value) {
  return Bytes(1, Bytes(1, name) + Bytes(2, value));
}
std::string Family(const std::string& name, uint64_t type,
                   const std::vector<std::string>& metrics) {
  std::string message = Bytes(1, name) + Bytes(2, "Help.") + Number(3, type);
  for (const std::string& metric : metrics) message += Bytes(4, metric);
  return Varint(message.size()) + message;
}
std::string ExemplarOf(const std::string& id, double value, int64_t seconds) {
  std::string message = Label("trace_id", id) + Double(2, value);
  if (seconds != 0) message += Bytes(3, Number(1, static_cast<uint64_t>(seconds)));
  return message;
}

constexpr uint64_t kCounter = 0, kGauge = 1, kSummary = 2, kUntyped = 3, kHistogram = 4,
                   kGaugeHistogram = 5;

std::string Describe(const ProtobufExposition& parser) {
  LabelPairs pairs;
  const absl::Status status = parser.ReadLabels(&pairs);
  if (!status.ok()) return std::string(status.message());
  const ProtobufSample& sample = parser.sample();
  std::string text = ToMetricString(Labels(std::move(pairs)).view()) + " ";
  if (sample.histogram.has_value()) {
    const FloatHistogram histogram = ToFloat(*sample.histogram);
    text += "histogram count " + std::to_string(static_cast<int>(histogram.count)) + " buckets " +
            std::to_string(histogram.positive_buckets.size());
    if (histogram.counter_reset_hint == CounterResetHint::kGauge) text += " gauge";
    if (std::holds_alternative<FloatHistogram>(*sample.histogram)) text += " float";
  } else {
    text += std::isnan(sample.value) ? "nan" : std::to_string(static_cast<int>(sample.value));
  }
  if (sample.timestamp) text += "@" + std::to_string(*sample.timestamp);
  for (const Exemplar& exemplar : sample.exemplars) {
    text += " # " + std::string(exemplar.labels.Get("trace_id")) + "@" +
            std::to_string(exemplar.timestamp);
  }
  return text;
}

Lines Parse(const std::string& bytes, bool classic = false) {
  ProtobufExposition parser(bytes, classic);
  Lines lines;
  std::set<std::string> keys;
  while (true) {
    const auto entry = parser.Next();
    if (!entry.ok()) {
      lines.push_back("error: " + std::string(entry.status().message()));
      return lines;
    }
    if (*entry == ProtobufExposition::Entry::kEnd) return lines;
    if (*entry == ProtobufExposition::Entry::kFamily) {
      lines.push_back("family " + parser.family().metric_family + " " +
                      std::string(MetricTypeName(parser.family().type)));
      continue;
    }
    lines.push_back(Describe(parser));
    EXPECT_TRUE(keys.insert(parser.sample().key).second) << lines.back();
  }
}

TEST(ProtobufExpositionTest, NumbersOfEachType) {
  EXPECT_THAT(
      Parse(Family("a_total", kCounter,
                   {Label("b", "c") + Bytes(3, Double(1, 7) + Bytes(2, ExemplarOf("t", 1, 5))),
                    Label("b", "d") + Bytes(3, Double(1, 8)) + Number(6, 1234)}) +
            Family("g", kGauge, {Bytes(2, Double(1, 2))}) +
            Family("u", kUntyped, {Bytes(5, Double(1, std::bit_cast<double>(kStaleNanBits)))}) +
            Family("zero", kGauge, {Bytes(2, "")})),
      ElementsAre("family a_total counter", "a_total{b=\"c\"} 7 # t@5000",
                  "a_total{b=\"d\"} 8@1234", "family g gauge", "g 2", "family u unknown", "u nan",
                  "family zero gauge", "zero 0"));
  ProtobufExposition stale(
      Family("u", kUntyped, {Bytes(5, Double(1, std::bit_cast<double>(kStaleNanBits)))}), false);
}

TEST(ProtobufExpositionTest, NoValueIsAStaleMarker) {
  const std::string bytes =
      Family("u", kUntyped, {Bytes(5, Double(1, std::bit_cast<double>(kStaleNanBits)))});
  ProtobufExposition parser(bytes, false);
  ASSERT_TRUE(parser.Next().ok());
  ASSERT_EQ(*parser.Next(), ProtobufExposition::Entry::kSample);
  EXPECT_FALSE(IsStaleNan(parser.sample().value));
}

TEST(ProtobufExpositionTest, ASummary) {
  EXPECT_THAT(
      Parse(Family("s", kSummary,
                   {Bytes(4, Number(1, 3) + Double(2, 6) + Bytes(3, Double(1, 0.5) + Double(2, 1)) +
                                 Bytes(3, Double(1, 1) + Double(2, 2)))})),
      ElementsAre("family s summary", "s_count 3", "s_sum 6", "s{quantile=\"0.5\"} 1",
                  "s{quantile=\"1.0\"} 2"));
}

const std::string kClassicBuckets =
    Bytes(3, Number(1, 1) + Double(2, 0.1) + Bytes(3, ExemplarOf("x", 0.05, 9))) +
    Bytes(3, Number(1, 2) + Double(2, 5));

TEST(ProtobufExpositionTest, AClassicHistogramHasAllItsBuckets) {
  EXPECT_THAT(
      Parse(Family("h", kHistogram, {Bytes(7, Number(1, 3) + Double(2, 9) + kClassicBuckets)})),
      ElementsAre("family h histogram", "h_count 3", "h_sum 9", "h_bucket{le=\"0.1\"} 1 # x@9000",
                  "h_bucket{le=\"5.0\"} 2", "h_bucket{le=\"+Inf\"} 3"));
}

const std::string kNative = Number(1, 3) + Double(2, 9) + Signed(5, 2) + Double(6, 0.001) +
                            Number(7, 1) + Bytes(12, Signed(1, -3) + Number(2, 2)) +
                            Bytes(13, Varint(2) + Varint(0));  // Deltas 1 and 0, packed.

TEST(ProtobufExpositionTest, ANativeHistogram) {
  EXPECT_THAT(Parse(Family("h", kHistogram, {Label("a", "b") + Bytes(7, kNative)})),
              ElementsAre("family h histogram", "h{a=\"b\"} histogram count 3 buckets 2"));
  EXPECT_THAT(Parse(Family("h", kGaugeHistogram, {Bytes(7, kNative)})),
              ElementsAre("family h gaugehistogram", "h histogram count 3 buckets 2 gauge"));
  EXPECT_THAT(Parse(Family("h", kHistogram,
                           {Bytes(7, Double(4, 1.5) + Bytes(12, Number(2, 1)) + Double(14, 1.5))})),
              ElementsAre("family h histogram", "h histogram count 1 buckets 1 float"));
  EXPECT_THAT(Parse(Family("h", kHistogram, {Bytes(7, Bytes(12, ""))})),
              ElementsAre("family h histogram", "h histogram count 0 buckets 0"))
      << "an empty span marks an empty one";
}

TEST(ProtobufExpositionTest, BothKindsWhenBothAreWanted) {
  const std::string bytes = Family("h", kHistogram, {Bytes(7, kNative + kClassicBuckets)});
  EXPECT_THAT(Parse(bytes, false),
              ElementsAre("family h histogram", "h histogram count 3 buckets 2 # x@9000"));
  EXPECT_THAT(Parse(bytes, true),
              ElementsAre("family h histogram", "h_count 3", "h_sum 9",
                          "h_bucket{le=\"0.1\"} 1 # x@9000", "h_bucket{le=\"5.0\"} 2",
                          "h_bucket{le=\"+Inf\"} 3", "h histogram count 3 buckets 2 # x@9000"));
}

TEST(ProtobufExpositionTest, ExemplarsOfANativeHistogramNeedATime) {
  EXPECT_THAT(Parse(Family("h", kHistogram,
                           {Bytes(7, kNative + Bytes(16, ExemplarOf("x", 1, 7)) +
                                         Bytes(16, ExemplarOf("y", 1, 0)))})),
              ElementsAre("family h histogram", "h histogram count 3 buckets 2 # x@7000"));
}

TEST(ProtobufExpositionTest, MistakesNameTheFamily) {
  const auto last = [](const std::string& bytes) { return Parse(bytes).back(); };
  EXPECT_THAT(
      last(Family("h", kHistogram,
                  {Bytes(7, Number(1, 9) + Bytes(12, Number(2, 2)) + Bytes(13, Varint(2)))})),
      HasSubstr("error: metric family \"h\": "))
      << "a bucket is missing";
  EXPECT_THAT(last(Family("h", kHistogram, {Bytes(2, Double(1, 1))})),
              HasSubstr("a histogram without its value"));
  EXPECT_THAT(last(Family("g", kGauge, {Label("a", "b")})),
              HasSubstr("without the value of its type"));
  EXPECT_THAT(last(Family("g", kGauge, {Bytes(2, Double(1, 1)) + "\xff"})),
              HasSubstr("cannot be read"));
  EXPECT_THAT(last(Family("", kGauge, {})), HasSubstr("it has no name"));
  EXPECT_THAT(last(Family("\xff", kGauge, {})), HasSubstr("not UTF-8"));
  EXPECT_THAT(last("\x7f..."), HasSubstr("its size or its end is missing"));
  const std::string whole = Family("g", kGauge, {Bytes(2, Double(1, 1))});
  EXPECT_THAT(last(whole.substr(0, whole.size() - 1)), HasSubstr("its end is missing"));
  EXPECT_THAT(last(Family("g", kGauge, {Label("a", "b") + Label("a", "c") + Bytes(2, "")})),
              HasSubstr("label a is there twice"));
  EXPECT_THAT(last(Family("g", kGauge, {Label("", "b") + Bytes(2, "")})),
              HasSubstr("a label has no name"));
}

}  // namespace
}  // namespace tidegate::model
