#include "api/remote_read/chunk_encoder.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace tidegate::api {
namespace {

using model::CounterResetHint;
using model::FloatHistogram;
using model::HistogramSample;
using model::HistogramSpan;
using model::IntHistogram;

// Reads chunks by the description of the format, sharing nothing with the encoder.
class ChunkReader {
 public:
  explicit ChunkReader(const std::string& data) : data_(data) {}

  uint64_t Bits(int count) {
    uint64_t value = 0;
    for (; count > 0; --count, ++at_) {
      const uint8_t byte = static_cast<uint8_t>(data_.at(at_ / 8));
      value = value << 1 | ((byte >> (7 - at_ % 8)) & 1);
    }
    return value;
  }
  double Double() { return std::bit_cast<double>(Bits(64)); }
  uint64_t Uvarint() {
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const uint64_t byte = Bits(8);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
  int64_t Varint() {
    const uint64_t zigzag = Uvarint();
    return static_cast<int64_t>(zigzag >> 1) ^ -static_cast<int64_t>(zigzag & 1);
  }
  // Two's complement, but that the largest half stands for itself.
  int64_t Signed(int width) {
    if (width == 0) return 0;
    const uint64_t bits = Bits(width);
    if (width < 64 && bits > (uint64_t{1} << (width - 1))) {
      return static_cast<int64_t>(bits) - (int64_t{1} << width);
    }
    return static_cast<int64_t>(bits);
  }
  int64_t DeltaOfDelta() {
    for (const int width : {0, 14, 17, 20}) {
      if (Bits(1) == 0) return Signed(width);
    }
    return Signed(64);
  }
  int VarbitWidth() {
    for (const int width : {0, 3, 6, 9, 12, 18, 25, 56}) {
      if (Bits(1) == 0) return width;
    }
    return 64;
  }
  int64_t VarbitInt() { return Signed(VarbitWidth()); }
  uint64_t VarbitUint() { return Bits(VarbitWidth()); }

 private:
  const std::string& data_;
  size_t at_ = 0;
};

struct XorReader {
  double value = 0;
  int leading = 0, trailing = 0;
  double Next(ChunkReader& in) {
    if (in.Bits(1) == 0) return value;
    if (in.Bits(1) == 1) {
      leading = static_cast<int>(in.Bits(5));
      const int significant = static_cast<int>(in.Bits(6));
      trailing = 64 - leading - (significant == 0 ? 64 : significant);
    }
    const uint64_t delta = in.Bits(64 - leading - trailing) << trailing;
    value = std::bit_cast<double>(std::bit_cast<uint64_t>(value) ^ delta);
    return value;
  }
};

using Points = std::vector<std::pair<int64_t, uint64_t>>;  // Time and bits.

Points ReadFloats(const EncodedChunk& chunk) {
  ChunkReader in(chunk.data);
  const uint64_t count = in.Bits(16);
  Points points;
  int64_t time = 0, delta = 0;
  XorReader values;
  for (uint64_t i = 0; i < count; ++i) {
    if (i == 0) {
      time = in.Varint();
      values.value = in.Double();
    } else {
      delta = i == 1 ? static_cast<int64_t>(in.Uvarint()) : delta + in.DeltaOfDelta();
      time += delta;
      values.Next(in);
    }
    points.emplace_back(time, std::bit_cast<uint64_t>(values.value));
  }
  return points;
}

TEST(FloatChunkTest, IsReadBackBitForBit) {
  std::vector<model::TimestampMs> times = {-5, 0, 15000, 30000, 45001, 45002, 9000000};
  std::vector<double> values = {
      0,      std::nan(""), model::StaleNan(), -0.0, std::numeric_limits<double>::infinity(),
      1e-320, 123.456};
  for (int i = 0; i < 300; ++i) {
    times.push_back(times.back() + 1 + (int64_t{1} << (i % 40)));
    values.push_back(i % 7 == 0 ? values.back() : std::sin(i) * std::pow(10, i % 20));
  }
  Points expected;
  for (size_t i = 0; i < times.size(); ++i) {
    expected.emplace_back(times[i], std::bit_cast<uint64_t>(values[i]));
  }
  Points read;
  const auto chunks = EncodeFloats(times, values);
  EXPECT_EQ(chunks.size(), 3u);
  for (const EncodedChunk& chunk : chunks) {
    EXPECT_EQ(chunk.encoding, ChunkEncoding::kXor);
    const Points points = ReadFloats(chunk);
    EXPECT_EQ(chunk.range.min, points.front().first);
    EXPECT_EQ(chunk.range.max, points.back().first);
    read.insert(read.end(), points.begin(), points.end());
  }
  EXPECT_EQ(read, expected);
}

TEST(FloatChunkTest, HasTheBytesThatPrometheusWrites) {
  // Three samples 1 s apart: count, zigzag 1000, 1.0, delta 1000, no change twice.
  const auto chunks =
      EncodeFloats(std::vector<model::TimestampMs>{1000, 2000, 3000}, std::vector<double>{1, 1, 1});
  ASSERT_EQ(chunks.size(), 1u);
  EXPECT_EQ(chunks[0].data, std::string("\x00\x03\xD0\x0F\x3F\xF0\x00\x00\x00\x00\x00\x00\xE8\x07"
                                        "\x00",
                                        15));
}

std::vector<HistogramSpan> ReadSpans(ChunkReader& in) {
  std::vector<HistogramSpan> spans(in.VarbitUint());
  for (HistogramSpan& span : spans) {
    span.length = static_cast<uint32_t>(in.VarbitUint());
    span.offset = static_cast<int32_t>(in.VarbitInt());
  }
  return spans;
}

double ReadZeroThreshold(ChunkReader& in) {
  const uint64_t code = in.Bits(8);
  if (code == 0) return 0;
  return code == 255 ? in.Double() : std::ldexp(0.5, static_cast<int>(code) - 243);
}

template <typename Histogram>
Histogram ReadLayout(ChunkReader& in) {
  Histogram layout;
  layout.zero_threshold = ReadZeroThreshold(in);
  layout.schema = static_cast<int32_t>(in.VarbitInt());
  layout.positive_spans = ReadSpans(in);
  layout.negative_spans = ReadSpans(in);
  if (layout.schema != model::kCustomBucketsSchema) return layout;
  layout.custom_values.resize(in.VarbitUint());
  for (double& bound : layout.custom_values) {
    const uint64_t thousandths = in.VarbitUint();
    bound = thousandths == 0 ? in.Double() : static_cast<double>(thousandths - 1) / 1000;
  }
  return layout;
}

size_t Buckets(const std::vector<HistogramSpan>& spans) {
  size_t buckets = 0;
  for (const HistogramSpan& span : spans) buckets += span.length;
  return buckets;
}

std::vector<HistogramSample> ReadInts(const EncodedChunk& chunk) {
  ChunkReader in(chunk.data);
  std::vector<HistogramSample> samples(in.Bits(16));
  in.Bits(8);
  IntHistogram h = ReadLayout<IntHistogram>(in);
  h.positive_deltas.resize(Buckets(h.positive_spans));
  h.negative_deltas.resize(Buckets(h.negative_spans));
  std::vector<int64_t*> fields;  // Behind time, count and zero count.
  for (int64_t& delta : h.positive_deltas) fields.push_back(&delta);
  for (int64_t& delta : h.negative_deltas) fields.push_back(&delta);
  std::vector<int64_t> steps(fields.size());
  int64_t time = 0, time_step = 0, count_step = 0, zero_step = 0;
  XorReader sum;
  for (size_t i = 0; i < samples.size(); ++i) {
    if (i == 0) {
      time = in.VarbitInt();
      h.count = in.VarbitUint();
      h.zero_count = in.VarbitUint();
      sum.value = in.Double();
      for (int64_t* field : fields) *field = in.VarbitInt();
    } else {
      time += time_step += in.VarbitInt();
      h.count += static_cast<uint64_t>(count_step += in.VarbitInt());
      h.zero_count += static_cast<uint64_t>(zero_step += in.VarbitInt());
      sum.Next(in);
      for (size_t f = 0; f < fields.size(); ++f) *fields[f] += steps[f] += in.VarbitInt();
    }
    h.sum = sum.value;
    samples[i] = {time, 0, h};
  }
  return samples;
}

std::vector<HistogramSample> ReadFloatHistograms(const EncodedChunk& chunk) {
  ChunkReader in(chunk.data);
  std::vector<HistogramSample> samples(in.Bits(16));
  in.Bits(8);
  FloatHistogram h = ReadLayout<FloatHistogram>(in);
  h.positive_buckets.resize(Buckets(h.positive_spans));
  h.negative_buckets.resize(Buckets(h.negative_spans));
  std::vector<double*> fields = {&h.count, &h.zero_count, &h.sum};
  for (double& bucket : h.positive_buckets) fields.push_back(&bucket);
  for (double& bucket : h.negative_buckets) fields.push_back(&bucket);
  std::vector<XorReader> columns(fields.size());
  int64_t time = 0, step = 0;
  for (size_t i = 0; i < samples.size(); ++i) {
    time += i == 0 ? in.VarbitInt() : step += in.VarbitInt();
    for (size_t f = 0; f < fields.size(); ++f) {
      if (i == 0) columns[f].value = in.Double();
      *fields[f] = i == 0 ? columns[f].value : columns[f].Next(in);
    }
    samples[i] = {time, 0, h};
  }
  return samples;
}

IntHistogram Counter(uint64_t scale) {
  IntHistogram h;
  h.schema = 3;
  h.zero_threshold = std::ldexp(1, -128);
  h.zero_count = scale;
  h.count = scale * 7;
  h.sum = 1.5 * static_cast<double>(scale);
  h.positive_spans = {{-2, 2}, {3, 1}};
  h.positive_deltas = {static_cast<int64_t>(scale), static_cast<int64_t>(scale),
                       -static_cast<int64_t>(scale)};
  h.negative_spans = {{0, 1}};
  h.negative_deltas = {static_cast<int64_t>(scale * 2)};
  return h;
}

void ExpectSame(const std::vector<HistogramSample>& read, const HistogramSample* expected) {
  for (size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(read[i].timestamp, expected[i].timestamp);
    EXPECT_TRUE(model::SameBits(read[i].histogram, expected[i].histogram)) << i;
  }
}

TEST(HistogramChunkTest, CountersAreReadBack) {
  std::vector<HistogramSample> samples;
  for (uint64_t i = 1; i <= 100; ++i) {
    samples.push_back({static_cast<int64_t>(i * 15000 + i % 3), 0, Counter(i * i * i * 1000)});
  }
  const auto chunks = EncodeHistograms(samples);
  ASSERT_EQ(chunks.size(), 1u);
  EXPECT_EQ(chunks[0].encoding, ChunkEncoding::kHistogram);
  const auto read = ReadInts(chunks[0]);
  ASSERT_EQ(read.size(), samples.size());
  ExpectSame(read, samples.data());
}

TEST(HistogramChunkTest, FloatsAndCustomBoundsAreReadBack) {
  std::vector<HistogramSample> samples;
  for (int i = 1; i <= 50; ++i) {
    FloatHistogram h;
    h.schema = model::kCustomBucketsSchema;
    h.custom_values = {0.005, 1.0 / 3, 10, 1e9};
    h.count = i * 2.5;
    h.sum = i * 0.1;
    h.positive_spans = {{0, 2}, {1, 1}};
    h.positive_buckets = {i * 0.5, i * 1.0, i * 1.0};
    samples.push_back({i * 1000, 0, h});
  }
  const auto chunks = EncodeHistograms(samples);
  ASSERT_EQ(chunks.size(), 1u);
  EXPECT_EQ(chunks[0].encoding, ChunkEncoding::kFloatHistogram);
  const auto read = ReadFloatHistograms(chunks[0]);
  ASSERT_EQ(read.size(), samples.size());
  ExpectSame(read, samples.data());
}

TEST(HistogramChunkTest, AChunkEndsWhereReadersWouldMisreadIt) {
  IntHistogram gauge = Counter(9);
  gauge.counter_reset_hint = CounterResetHint::kGauge;
  IntHistogram reset = Counter(10);
  reset.counter_reset_hint = CounterResetHint::kReset;
  IntHistogram wider = Counter(11);
  wider.positive_spans.back().length = 2;
  wider.positive_deltas.push_back(0);
  IntHistogram stale;
  stale.sum = model::StaleNan();
  const std::vector<HistogramSample> samples = {
      {1, 0, Counter(2)}, {2, 0, Counter(3)},  // One chunk.
      {3, 0, Counter(1)},                      // Counts fall.
      {4, 0, reset},                           // Says so itself.
      {5, 0, wider},                           // Another layout.
      {6, 0, gauge},                           // Another kind.
      {7, 0, stale},      {8, 0, model::ToFloat(Counter(20))}};
  const auto chunks = EncodeHistograms(samples);
  ASSERT_EQ(chunks.size(), 7u);
  EXPECT_EQ(chunks[0].range, (model::TimeRange{1, 2}));
  const uint8_t headers[] = {0, 0, 0x80, 0, 0xC0, 0, 0};
  for (size_t i = 0; i < chunks.size(); ++i) {
    EXPECT_EQ(static_cast<uint8_t>(chunks[i].data[2]), headers[i]) << i;
  }
  EXPECT_TRUE(model::IsStale(ReadInts(chunks[5]).at(0).histogram));
}

}  // namespace
}  // namespace tidegate::api
