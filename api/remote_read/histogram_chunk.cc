#include <cmath>
#include <variant>

#include "api/remote_read/bit_writer.h"
#include "api/remote_read/chunk_encoder.h"

namespace tidegate::api {
namespace {

using model::CounterResetHint;
using model::FloatHistogram;
using model::HistogramSample;
using model::HistogramSpan;
using model::IntHistogram;

// The upper two bits of the third byte (prometheus/tsdb/chunkenc, CounterResetHeader).
constexpr uint8_t kUnknownHeader = 0b00000000;
constexpr uint8_t kNotResetHeader = 0b01000000;
constexpr uint8_t kResetHeader = 0b10000000;
constexpr uint8_t kGaugeHeader = 0b11000000;

uint8_t Header(CounterResetHint hint) {
  switch (hint) {
    case CounterResetHint::kReset:
      return kResetHeader;
    case CounterResetHint::kNotReset:
      return kNotResetHeader;
    case CounterResetHint::kGauge:
      return kGaugeHeader;
    case CounterResetHint::kUnknown:
      break;
  }
  return kUnknownHeader;
}

// One byte for 0 and for the usual powers of two, nine for anything else.
void WriteZeroThreshold(double threshold, BitWriter* out) {
  if (threshold == 0) return out->Bits(0, 8);
  int exponent = 0;
  const double fraction = std::frexp(threshold, &exponent);
  if (fraction == 0.5 && exponent >= -242 && exponent <= 11) {
    return out->Bits(static_cast<uint64_t>(exponent + 243), 8);
  }
  out->Bits(255, 8);
  out->Double(threshold);
}

void WriteSpans(const std::vector<HistogramSpan>& spans, BitWriter* out) {
  out->VarbitUint(spans.size());
  for (const HistogramSpan& span : spans) {
    out->VarbitUint(span.length);
    out->VarbitInt(span.offset);
  }
}

// Bounds that are whole thousandths take few bits; 0 marks one that is written whole.
void WriteCustomBounds(const std::vector<double>& bounds, BitWriter* out) {
  constexpr double kMaxThousandths = 33554430;
  out->VarbitUint(bounds.size());
  for (const double bound : bounds) {
    const double thousandths = std::round(bound * 1000);
    const bool whole =
        bound * 1000 >= 0 && bound * 1000 <= kMaxThousandths && thousandths / 1000 == bound;
    if (whole) {
      out->VarbitUint(static_cast<uint64_t>(thousandths) + 1);
    } else {
      out->Bit(false);
      out->Double(bound);
    }
  }
}

template <typename Histogram>
void WriteLayout(const Histogram& histogram, BitWriter* out) {
  WriteZeroThreshold(histogram.zero_threshold, out);
  out->VarbitInt(histogram.schema);
  WriteSpans(histogram.positive_spans, out);
  WriteSpans(histogram.negative_spans, out);
  if (histogram.uses_custom_buckets()) WriteCustomBounds(histogram.custom_values, out);
}

template <typename Histogram>
bool SameLayout(const Histogram& a, const Histogram& b) {
  return a.schema == b.schema && a.zero_threshold == b.zero_threshold &&
         a.positive_spans == b.positive_spans && a.negative_spans == b.negative_spans &&
         a.custom_values == b.custom_values;
}

// A column of integers as differences of differences.
class IntColumn {
 public:
  void First(int64_t value, BitWriter* out, bool is_unsigned) {
    value_ = value;
    if (is_unsigned) {
      out->VarbitUint(static_cast<uint64_t>(value));
    } else {
      out->VarbitInt(value);
    }
  }
  void Next(int64_t value, BitWriter* out) {
    // Unsigned arithmetic: what a sender put there may overflow, and must come back as it was.
    const uint64_t delta = static_cast<uint64_t>(value) - static_cast<uint64_t>(value_);
    out->VarbitInt(static_cast<int64_t>(delta - delta_));
    value_ = value;
    delta_ = delta;
  }

 private:
  int64_t value_ = 0;
  uint64_t delta_ = 0;
};

// Writes histograms of one layout, field by field: time, count, zero count, sum, buckets.
class IntWriter {
 public:
  explicit IntWriter(const IntHistogram& layout)
      : positive_(layout.positive_deltas.size()), negative_(layout.negative_deltas.size()) {}

  void First(model::TimestampMs time, const IntHistogram& h, BitWriter* out) {
    time_.First(time, out, false);
    count_.First(static_cast<int64_t>(h.count), out, true);
    zero_.First(static_cast<int64_t>(h.zero_count), out, true);
    sum_.First(h.sum, out);
    for (size_t i = 0; i < positive_.size(); ++i) {
      positive_[i].First(h.positive_deltas[i], out, false);
    }
    for (size_t i = 0; i < negative_.size(); ++i) {
      negative_[i].First(h.negative_deltas[i], out, false);
    }
  }
  void Next(model::TimestampMs time, const IntHistogram& h, BitWriter* out) {
    time_.Next(time, out);
    count_.Next(static_cast<int64_t>(h.count), out);
    zero_.Next(static_cast<int64_t>(h.zero_count), out);
    sum_.Next(h.sum, out);
    for (size_t i = 0; i < positive_.size(); ++i) positive_[i].Next(h.positive_deltas[i], out);
    for (size_t i = 0; i < negative_.size(); ++i) negative_[i].Next(h.negative_deltas[i], out);
  }

 private:
  IntColumn time_, count_, zero_;
  XorColumn sum_;
  std::vector<IntColumn> positive_, negative_;
};

class FloatWriter {
 public:
  explicit FloatWriter(const FloatHistogram& layout)
      : positive_(layout.positive_buckets.size()), negative_(layout.negative_buckets.size()) {}

  void First(model::TimestampMs time, const FloatHistogram& h, BitWriter* out) {
    time_.First(time, out, false);
    count_.First(h.count, out);
    zero_.First(h.zero_count, out);
    sum_.First(h.sum, out);
    for (size_t i = 0; i < positive_.size(); ++i) positive_[i].First(h.positive_buckets[i], out);
    for (size_t i = 0; i < negative_.size(); ++i) negative_[i].First(h.negative_buckets[i], out);
  }
  void Next(model::TimestampMs time, const FloatHistogram& h, BitWriter* out) {
    time_.Next(time, out);
    count_.Next(h.count, out);
    zero_.Next(h.zero_count, out);
    sum_.Next(h.sum, out);
    for (size_t i = 0; i < positive_.size(); ++i) positive_[i].Next(h.positive_buckets[i], out);
    for (size_t i = 0; i < negative_.size(); ++i) negative_[i].Next(h.negative_buckets[i], out);
  }

 private:
  IntColumn time_;
  XorColumn count_, zero_, sum_;
  std::vector<XorColumn> positive_, negative_;
};

bool Falls(const std::vector<double>& before, const std::vector<double>& after) {
  for (size_t i = 0; i < before.size(); ++i) {
    if (after[i] < before[i]) return true;
  }
  return false;
}

// Whether `b` may follow `a` in a chunk whose reader assumes that nothing was reset.
bool Continues(const model::Histogram& a, const model::Histogram& b) {
  if (a.index() != b.index() || model::IsStale(a) || model::IsStale(b)) return false;
  const bool same_layout =
      std::holds_alternative<IntHistogram>(a)
          ? SameLayout(std::get<IntHistogram>(a), std::get<IntHistogram>(b))
          : SameLayout(std::get<FloatHistogram>(a), std::get<FloatHistogram>(b));
  const CounterResetHint hint = model::ResetHint(b);
  const bool gauge = model::ResetHint(a) == CounterResetHint::kGauge;
  if (!same_layout || gauge != (hint == CounterResetHint::kGauge)) return false;
  if (gauge) return true;
  if (hint == CounterResetHint::kReset) return false;
  const FloatHistogram before = model::ToFloat(a), after = model::ToFloat(b);
  return after.count >= before.count && after.zero_count >= before.zero_count &&
         !Falls(before.positive_buckets, after.positive_buckets) &&
         !Falls(before.negative_buckets, after.negative_buckets);
}

template <typename Histogram, typename Writer>
void WriteAll(std::span<const HistogramSample> samples, BitWriter* out) {
  const Histogram& first = std::get<Histogram>(samples.front().histogram);
  WriteLayout(first, out);
  Writer writer(first);
  writer.First(samples.front().timestamp, first, out);
  for (const HistogramSample& sample : samples.subspan(1)) {
    writer.Next(sample.timestamp, std::get<Histogram>(sample.histogram), out);
  }
}

EncodedChunk EncodeOne(std::span<const HistogramSample> samples) {
  EncodedChunk chunk;
  chunk.range = {samples.front().timestamp, samples.back().timestamp};
  BitWriter out(&chunk.data);
  out.Bits(samples.size(), 16);
  out.Bits(Header(model::ResetHint(samples.front().histogram)), 8);
  if (std::holds_alternative<IntHistogram>(samples.front().histogram)) {
    chunk.encoding = ChunkEncoding::kHistogram;
    WriteAll<IntHistogram, IntWriter>(samples, &out);
  } else {
    chunk.encoding = ChunkEncoding::kFloatHistogram;
    WriteAll<FloatHistogram, FloatWriter>(samples, &out);
  }
  return chunk;
}

}  // namespace

std::vector<EncodedChunk> EncodeHistograms(std::span<const HistogramSample> samples) {
  std::vector<EncodedChunk> chunks;
  while (!samples.empty()) {
    size_t count = 1;
    while (count < samples.size() && count < kSamplesPerChunk &&
           Continues(samples[count - 1].histogram, samples[count].histogram)) {
      ++count;
    }
    chunks.push_back(EncodeOne(samples.first(count)));
    samples = samples.subspan(count);
  }
  return chunks;
}

}  // namespace tidegate::api
