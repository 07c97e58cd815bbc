#include "control/write/push_body.h"

#include <bit>
#include <utility>
#include <variant>
#include <vector>

namespace tidegate::control {
namespace {

// Field numbers of prometheus/prompb/{remote,types}.proto.
enum WireType : uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2 };

void PutVarint(uint64_t value, std::string* out) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

void PutTag(uint32_t field, WireType type, std::string* out) { PutVarint(field << 3 | type, out); }

void PutNumber(uint32_t field, uint64_t value, std::string* out) {
  PutTag(field, kVarint, out);
  PutVarint(value, out);
}

void PutFixed64(uint64_t bits, std::string* out) {
  char bytes[8];
  for (char& byte : bytes) {
    byte = static_cast<char>(bits);
    bits >>= 8;
  }
  out->append(bytes, sizeof(bytes));
}

void PutDouble(uint32_t field, double value, std::string* out) {
  PutTag(field, kFixed64, out);
  PutFixed64(std::bit_cast<uint64_t>(value), out);
}

void PutBytes(uint32_t field, std::string_view bytes, std::string* out) {
  PutTag(field, kBytes, out);
  PutVarint(bytes.size(), out);
  out->append(bytes);
}

uint64_t ZigZag(int64_t value) {
  return static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63);
}

size_t VarintSize(uint64_t value) {
  return 1 + static_cast<size_t>(63 - std::countl_zero(value | 1)) / 7;
}

// The size of a Sample message with both fields.
size_t SampleSize(model::TimestampMs timestamp) {
  return 1 + 8 + 1 + VarintSize(static_cast<uint64_t>(timestamp));
}

void PutSample(model::TimestampMs timestamp, double value, std::string* out) {
  PutTag(2, kBytes, out);
  PutVarint(SampleSize(timestamp), out);
  PutDouble(1, value, out);
  PutNumber(2, static_cast<uint64_t>(timestamp), out);
}

void PutExemplar(const model::Exemplar& exemplar, std::string* out) {
  std::string message(exemplar.labels.bytes());  // Its field 1, as in a series.
  PutDouble(2, exemplar.value, &message);
  PutNumber(3, static_cast<uint64_t>(exemplar.timestamp), &message);
  PutBytes(3, message, out);
}

void PutSpans(uint32_t field, const std::vector<model::HistogramSpan>& spans, std::string* out) {
  for (const model::HistogramSpan& span : spans) {
    std::string message;
    PutNumber(1, ZigZag(span.offset), &message);
    PutNumber(2, span.length, &message);
    PutBytes(field, message, out);
  }
}

void PutDeltas(uint32_t field, const std::vector<int64_t>& deltas, std::string* out) {
  if (deltas.empty()) return;
  std::string packed;
  for (const int64_t delta : deltas) PutVarint(ZigZag(delta), &packed);
  PutBytes(field, packed, out);
}

void PutDoubles(uint32_t field, const std::vector<double>& values, std::string* out) {
  if (values.empty()) return;
  std::string packed;
  for (const double value : values) PutFixed64(std::bit_cast<uint64_t>(value), &packed);
  PutBytes(field, packed, out);
}

void PutCounts(const model::IntHistogram& histogram, std::string* out) {
  PutNumber(1, histogram.count, out);
  PutNumber(6, histogram.zero_count, out);
  PutDeltas(9, histogram.negative_deltas, out);
  PutDeltas(12, histogram.positive_deltas, out);
}

void PutCounts(const model::FloatHistogram& histogram, std::string* out) {
  PutDouble(2, histogram.count, out);
  PutDouble(7, histogram.zero_count, out);
  PutDoubles(10, histogram.negative_buckets, out);
  PutDoubles(13, histogram.positive_buckets, out);
}

}  // namespace

void PushBody::AddSeries(std::string_view label_bytes, std::string_view rest) {
  PutTag(1, kBytes, &bytes_);
  PutVarint(label_bytes.size() + rest.size(), &bytes_);
  bytes_.append(label_bytes);
  bytes_.append(rest);
}

void PushBody::AddSample(std::string_view label_bytes, model::TimestampMs timestamp, double value) {
  // Nearly everything that is written passes here: no detour over rest_.
  PutTag(1, kBytes, &bytes_);
  PutVarint(label_bytes.size() + 2 + SampleSize(timestamp), &bytes_);
  bytes_.append(label_bytes);
  PutSample(timestamp, value, &bytes_);
  ++samples_;
}

void PushBody::AddExemplar(std::string_view label_bytes, const model::Exemplar& exemplar) {
  rest_.clear();
  PutExemplar(exemplar, &rest_);
  AddSeries(label_bytes, rest_);
}

void PushBody::AddHistogram(std::string_view label_bytes, const model::HistogramSample& sample) {
  std::string message;
  std::visit(
      [&](const auto& histogram) {
        PutCounts(histogram, &message);
        PutDouble(3, histogram.sum, &message);
        PutNumber(4, ZigZag(histogram.schema), &message);
        PutDouble(5, histogram.zero_threshold, &message);
        PutSpans(8, histogram.negative_spans, &message);
        PutSpans(11, histogram.positive_spans, &message);
        PutNumber(14, static_cast<uint64_t>(histogram.counter_reset_hint), &message);
        PutDoubles(16, histogram.custom_values, &message);
      },
      sample.histogram);
  PutNumber(15, static_cast<uint64_t>(sample.timestamp), &message);
  rest_.clear();
  PutBytes(4, message, &rest_);
  AddSeries(label_bytes, rest_);
  ++samples_;
}

void PushBody::AddMetadata(const model::MetricMetadata& metadata) {
  std::string message;
  PutNumber(1, static_cast<uint64_t>(metadata.type), &message);
  PutBytes(2, metadata.metric_family, &message);
  PutBytes(4, metadata.help, &message);
  PutBytes(5, metadata.unit, &message);
  PutBytes(3, message, &bytes_);
}

void PushBody::ReturnTo(const Mark& mark) {
  bytes_.resize(mark.bytes);
  samples_ = mark.samples;
}

size_t SplitPushBody(std::string_view body, size_t bytes) {
  size_t cut = 0;
  size_t at = 0;
  while (at < body.size()) {
    ++at;  // The tag.
    uint64_t size = 0;
    for (int shift = 0;; shift += 7) {
      if (at >= body.size() || shift > 63) return 0;
      const auto byte = static_cast<uint8_t>(body[at++]);
      size |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if (size > body.size() - at) return 0;
    at += size;
    if (cut > 0 && at > bytes) break;
    cut = at;
  }
  return cut;
}

std::string PushBody::Take() {
  samples_ = 0;
  return std::exchange(bytes_, {});
}

}  // namespace tidegate::control
