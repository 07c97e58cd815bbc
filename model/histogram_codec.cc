// Bytes of a histogram: docs/formats/histogram.md.
#include <bit>
#include <cstring>
#include <type_traits>

#include "model/histogram.h"

namespace tidegate::model {
namespace {

// First byte: version in the high nibble; below it the kind and the counter reset hint.
constexpr uint8_t kVersion = 1;
constexpr uint8_t kFloatFlag = 0x04;
constexpr uint8_t kHintMask = 0x03;

void PutVarint(uint64_t value, std::string* out) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

void PutSigned(int64_t value, std::string* out) {
  PutVarint((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63), out);
}

void PutDouble(double value, std::string* out) {
  const uint64_t bits = std::bit_cast<uint64_t>(value);
  for (int shift = 0; shift < 64; shift += 8) out->push_back(static_cast<char>(bits >> shift));
}

void PutSpans(const std::vector<HistogramSpan>& spans, std::string* out) {
  PutVarint(spans.size(), out);
  for (const HistogramSpan& span : spans) {
    PutSigned(span.offset, out);
    PutVarint(span.length, out);
  }
}

void PutDoubles(const std::vector<double>& values, std::string* out) {
  PutVarint(values.size(), out);
  for (const double value : values) PutDouble(value, out);
}

void PutDeltas(const std::vector<int64_t>& deltas, std::string* out) {
  PutVarint(deltas.size(), out);
  for (const int64_t delta : deltas) PutSigned(delta, out);
}

// Takes fields off the front; the first failure sticks and everything after it reads as zero.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  std::string_view rest() const { return bytes_; }

  uint64_t Varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const uint8_t byte = Byte();
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return ok_ ? value : 0;
    }
    ok_ = false;
    return 0;
  }

  int64_t Signed() {
    const uint64_t value = Varint();
    return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
  }

  uint8_t Byte() {
    if (bytes_.empty()) {
      ok_ = false;
      return 0;
    }
    const auto byte = static_cast<uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte;
  }

  double Double() {
    uint64_t bits = 0;
    for (int shift = 0; shift < 64; shift += 8) bits |= static_cast<uint64_t>(Byte()) << shift;
    return std::bit_cast<double>(bits);
  }

  // A count of things that take at least `size` bytes each: what cannot follow is refused before
  // anything is allocated.
  size_t Count(size_t size) {
    const uint64_t count = Varint();
    if (count > bytes_.size() / size) ok_ = false;
    return ok_ ? count : 0;
  }

  std::vector<HistogramSpan> Spans() {
    std::vector<HistogramSpan> spans(Count(2));
    for (HistogramSpan& span : spans) {
      span.offset = static_cast<int32_t>(Signed());
      span.length = static_cast<uint32_t>(Varint());
    }
    return spans;
  }

  std::vector<double> Doubles() {
    std::vector<double> values(Count(sizeof(double)));
    for (double& value : values) value = Double();
    return values;
  }

  std::vector<int64_t> Deltas() {
    std::vector<int64_t> deltas(Count(1));
    for (int64_t& delta : deltas) delta = Signed();
    return deltas;
  }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

template <typename H>
void PutHistogram(const H& h, std::string* out) {
  constexpr bool kIsFloat = std::is_same_v<H, FloatHistogram>;
  out->push_back(static_cast<char>((kVersion << 4) | (kIsFloat ? kFloatFlag : 0) |
                                   static_cast<uint8_t>(h.counter_reset_hint)));
  PutSigned(h.schema, out);
  PutDouble(h.zero_threshold, out);
  PutDouble(h.sum, out);
  PutSpans(h.positive_spans, out);
  PutSpans(h.negative_spans, out);
  PutDoubles(h.custom_values, out);
  if constexpr (kIsFloat) {
    PutDouble(h.zero_count, out);
    PutDouble(h.count, out);
    PutDoubles(h.positive_buckets, out);
    PutDoubles(h.negative_buckets, out);
  } else {
    PutVarint(h.zero_count, out);
    PutVarint(h.count, out);
    PutDeltas(h.positive_deltas, out);
    PutDeltas(h.negative_deltas, out);
  }
}

template <typename H>
H TakeHistogram(uint8_t first, Reader* in) {
  H h;
  h.counter_reset_hint = static_cast<CounterResetHint>(first & kHintMask);
  h.schema = static_cast<int32_t>(in->Signed());
  h.zero_threshold = in->Double();
  h.sum = in->Double();
  h.positive_spans = in->Spans();
  h.negative_spans = in->Spans();
  h.custom_values = in->Doubles();
  if constexpr (std::is_same_v<H, FloatHistogram>) {
    h.zero_count = in->Double();
    h.count = in->Double();
    h.positive_buckets = in->Doubles();
    h.negative_buckets = in->Doubles();
  } else {
    h.zero_count = in->Varint();
    h.count = in->Varint();
    h.positive_deltas = in->Deltas();
    h.negative_deltas = in->Deltas();
  }
  return h;
}

}  // namespace

void EncodeHistogram(const Histogram& histogram, std::string* out) {
  std::visit([out](const auto& h) { PutHistogram(h, out); }, histogram);
}

absl::StatusOr<Histogram> DecodeHistogram(std::string_view* bytes) {
  Reader in(*bytes);
  const uint8_t first = in.Byte();
  if (!in.ok() || (first >> 4) != kVersion) {
    return absl::DataLossError("histogram bytes have an unknown version");
  }
  Histogram histogram;
  if ((first & kFloatFlag) != 0) {
    histogram = TakeHistogram<FloatHistogram>(first, &in);
  } else {
    histogram = TakeHistogram<IntHistogram>(first, &in);
  }
  if (!in.ok()) return absl::DataLossError("histogram bytes end early");
  *bytes = in.rest();
  return histogram;
}

}  // namespace tidegate::model
