#include "ingest/prometheus_block/chunk_reader.h"

#include <cmath>
#include <cstddef>
#include <utility>

#include "fmt/format.h"
#include "ingest/prometheus_block/bit_reader.h"

namespace tidegate::ingest {
namespace {

using model::FloatHistogram;
using model::HistogramSpan;
using model::IntHistogram;

absl::Status Broken(std::string_view what) {
  return absl::DataLossError(fmt::format("a chunk is broken: {}", what));
}

absl::Status ReadFloats(std::string_view bytes, ChunkSamples* samples) {
  BitReader in(bytes);
  const uint64_t count = in.Bits(16);
  model::TimestampMs time = 0;
  uint64_t delta = 0;
  XorReader values;
  for (uint64_t i = 0; i < count; ++i) {
    double value = 0;
    if (i == 0) {
      time = in.Signed();
      value = values.First(&in);
    } else {
      delta = i == 1 ? in.Unsigned() : delta + static_cast<uint64_t>(in.DeltaOfDelta());
      time = static_cast<model::TimestampMs>(static_cast<uint64_t>(time) + delta);
      value = values.Next(&in);
    }
    if (in.failed()) return Broken("it ends early");
    samples->timestamps.push_back(time);
    samples->values.push_back(value);
  }
  return absl::OkStatus();
}

// A histogram takes at least a bit for each of its buckets.
class HistogramReader {
 public:
  explicit HistogramReader(std::string_view bytes)
      : in_(bytes), max_parts_(8 * bytes.size() + 64) {}

  template <typename Kind>
  absl::Status Read(ChunkSamples* samples);

 private:
  bool ReadSpans(std::vector<HistogramSpan>* spans, size_t* buckets);
  bool ReadBounds(std::vector<double>* bounds);
  double ReadZeroThreshold();
  bool ReadPoint(IntHistogram* histogram, bool first);
  bool ReadPoint(FloatHistogram* histogram, bool first);
  bool ReadTime(bool first);

  BitReader in_;
  const size_t max_parts_;
  uint64_t time_ = 0, time_delta_ = 0, count_delta_ = 0, zero_delta_ = 0;
  XorReader count_, zero_, sum_;
  std::vector<uint64_t> deltas_;    // Of the buckets of integer histograms.
  std::vector<XorReader> columns_;  // Of those of float histograms.
};

bool HistogramReader::ReadSpans(std::vector<HistogramSpan>* spans, size_t* buckets) {
  const uint64_t count = in_.VarbitUint();
  if (count > max_parts_) return false;
  spans->resize(count);
  *buckets = 0;
  for (HistogramSpan& span : *spans) {
    span.length = static_cast<uint32_t>(in_.VarbitUint());
    span.offset = static_cast<int32_t>(in_.VarbitInt());
    *buckets += span.length;
    if (*buckets > max_parts_ || in_.failed()) return false;
  }
  return true;
}

// Whole thousandths; 0 marks a bound that is written whole.
bool HistogramReader::ReadBounds(std::vector<double>* bounds) {
  const uint64_t count = in_.VarbitUint();
  if (count > max_parts_) return false;
  bounds->resize(count);
  for (double& bound : *bounds) {
    const uint64_t thousandths = in_.VarbitUint();
    bound = thousandths == 0 ? in_.Double() : static_cast<double>(thousandths - 1) / 1000;
  }
  return !in_.failed();
}

double HistogramReader::ReadZeroThreshold() {
  const uint64_t code = in_.Bits(8);
  if (code == 0) return 0;
  return code == 255 ? in_.Double() : std::ldexp(0.5, static_cast<int>(code) - 243);
}

bool HistogramReader::ReadTime(bool first) {
  if (first) {
    time_ = static_cast<uint64_t>(in_.VarbitInt());
  } else {
    time_ += time_delta_ += static_cast<uint64_t>(in_.VarbitInt());
  }
  return !in_.failed();
}

bool HistogramReader::ReadPoint(IntHistogram* h, bool first) {
  if (!ReadTime(first)) return false;
  if (first) {
    h->count = in_.VarbitUint();
    h->zero_count = in_.VarbitUint();
    h->sum = sum_.First(&in_);
    deltas_.assign(h->positive_deltas.size() + h->negative_deltas.size(), 0);
    for (auto* const buckets : {&h->positive_deltas, &h->negative_deltas}) {
      for (int64_t& bucket : *buckets) bucket = in_.VarbitInt();
    }
    return !in_.failed();
  }
  h->count += count_delta_ += static_cast<uint64_t>(in_.VarbitInt());
  h->zero_count += zero_delta_ += static_cast<uint64_t>(in_.VarbitInt());
  h->sum = sum_.Next(&in_);
  size_t i = 0;
  for (auto* const buckets : {&h->positive_deltas, &h->negative_deltas}) {
    for (int64_t& bucket : *buckets) {
      deltas_[i] += static_cast<uint64_t>(in_.VarbitInt());
      bucket = static_cast<int64_t>(static_cast<uint64_t>(bucket) + deltas_[i++]);
    }
  }
  return !in_.failed();
}

bool HistogramReader::ReadPoint(FloatHistogram* h, bool first) {
  if (!ReadTime(first)) return false;
  const auto next = [&](XorReader* column) {
    return first ? column->First(&in_) : column->Next(&in_);
  };
  if (first) columns_.resize(h->positive_buckets.size() + h->negative_buckets.size());
  h->count = next(&count_);
  h->zero_count = next(&zero_);
  h->sum = next(&sum_);
  size_t i = 0;
  for (auto* const buckets : {&h->positive_buckets, &h->negative_buckets}) {
    for (double& bucket : *buckets) bucket = next(&columns_[i++]);
  }
  return !in_.failed();
}

std::vector<int64_t>& Buckets(IntHistogram& h, bool positive) {
  return positive ? h.positive_deltas : h.negative_deltas;
}
std::vector<double>& Buckets(FloatHistogram& h, bool positive) {
  return positive ? h.positive_buckets : h.negative_buckets;
}

// The upper two bits of the third byte: what is known about the first histogram. Those that follow
// are no resets, or gauges.
model::CounterResetHint HintOf(uint64_t header, bool first) {
  const uint64_t kind = header >> 6;
  if (kind == 3) return model::CounterResetHint::kGauge;
  if (!first) return model::CounterResetHint::kNotReset;
  return kind == 2   ? model::CounterResetHint::kReset
         : kind == 1 ? model::CounterResetHint::kNotReset
                     : model::CounterResetHint::kUnknown;
}

// The marker of a series' end has no buckets and no counts.
template <typename Kind>
Kind AsStored(const Kind& histogram) {
  if (!model::IsStaleNan(histogram.sum)) return histogram;
  Kind stale;
  stale.sum = histogram.sum;
  return stale;
}

template <typename Kind>
absl::Status HistogramReader::Read(ChunkSamples* samples) {
  const uint64_t count = in_.Bits(16);
  const uint64_t header = in_.Bits(8);
  Kind histogram;
  histogram.zero_threshold = ReadZeroThreshold();
  histogram.schema = static_cast<int32_t>(in_.VarbitInt());
  size_t positive = 0, negative = 0;
  if (!ReadSpans(&histogram.positive_spans, &positive) ||
      !ReadSpans(&histogram.negative_spans, &negative) ||
      (histogram.uses_custom_buckets() && !ReadBounds(&histogram.custom_values))) {
    return Broken("its buckets go beyond its bytes");
  }
  Buckets(histogram, true).resize(positive);
  Buckets(histogram, false).resize(negative);
  for (uint64_t i = 0; i < count; ++i) {
    if (!ReadPoint(&histogram, i == 0)) return Broken("it ends early");
    histogram.counter_reset_hint = HintOf(header, i == 0);
    samples->histograms.push_back({static_cast<model::TimestampMs>(time_), 0, AsStored(histogram)});
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadChunk(BlockChunkEncoding encoding, std::string_view bytes, ChunkSamples* samples) {
  switch (encoding) {
    case BlockChunkEncoding::kXor:
      return ReadFloats(bytes, samples);
    case BlockChunkEncoding::kHistogram:
      return HistogramReader(bytes).Read<IntHistogram>(samples);
    case BlockChunkEncoding::kFloatHistogram:
      return HistogramReader(bytes).Read<FloatHistogram>(samples);
  }
  return Broken(fmt::format("its encoding is {}", static_cast<int>(encoding)));
}

}  // namespace tidegate::ingest
