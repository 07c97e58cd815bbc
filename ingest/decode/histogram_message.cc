#include "ingest/decode/histogram_message.h"

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace tidegate::ingest {
namespace {

enum Field : uint32_t {
  kCountInt = 1,
  kCountFloat = 2,
  kSum = 3,
  kSchema = 4,
  kZeroThreshold = 5,
  kZeroCountInt = 6,
  kZeroCountFloat = 7,
  kNegativeSpans = 8,
  kNegativeDeltas = 9,
  kNegativeCounts = 10,
  kPositiveSpans = 11,
  kPositiveDeltas = 12,
  kPositiveCounts = 13,
  kResetHint = 14,
  kTimestamp = 15,
  kCustomValues = 16,
  kStartTimestamp = 17,
};

// Both kinds side by side: which one it is may be known only at the last byte.
struct Fields {
  // Of a oneof the last member on the wire counts and empties the other.
  std::optional<uint64_t> count_int;
  std::optional<double> count_float;
  std::optional<uint64_t> zero_count_int;
  std::optional<double> zero_count_float;
  double sum = 0;
  double zero_threshold = 0;
  int32_t schema = 0;
  uint64_t reset_hint = 0;
  int64_t timestamp = 0;
  int64_t start_timestamp = 0;
  std::vector<model::HistogramSpan> negative_spans, positive_spans;
  std::vector<int64_t> negative_deltas, positive_deltas;
  std::vector<double> negative_counts, positive_counts, custom_values;
};

bool ReadSpan(WireCursor message, model::HistogramSpan* span) {
  while (!message.done()) {
    uint32_t tag = 0;
    uint64_t value = 0;
    if (!message.ReadTag(&tag)) return false;
    if (tag == WireTag(1, WireType::kVarint)) {
      if (!message.ReadVarint(&value)) return false;
      // A sint32 is cut to 32 bits before its sign is undone.
      span->offset = static_cast<int32_t>(ZigZagDecode(static_cast<uint32_t>(value)));
    } else if (tag == WireTag(2, WireType::kVarint)) {
      if (!message.ReadVarint(&value)) return false;
      span->length = static_cast<uint32_t>(value);
    } else if (!message.SkipField(tag)) {
      return false;
    }
  }
  return true;
}

bool ReadSpans(WireCursor& in, std::vector<model::HistogramSpan>* spans) {
  WireCursor message = in;
  return in.ReadMessage(&message) && ReadSpan(message, &spans->emplace_back());
}

// A repeated number comes packed (many in one field) or one by one; a message may mix both forms.
template <typename ReadOne>
bool ReadRepeated(WireCursor& in, WireType type, ReadOne read_one) {
  if (type != WireType::kBytes) return read_one(in);
  WireCursor packed = in;
  if (!in.ReadMessage(&packed)) return false;
  while (!packed.done()) {
    if (!read_one(packed)) return false;
  }
  return true;
}

bool ReadDeltas(WireCursor& in, WireType type, std::vector<int64_t>* deltas) {
  return ReadRepeated(in, type, [deltas](WireCursor& source) {
    uint64_t value = 0;
    if (!source.ReadVarint(&value)) return false;
    deltas->push_back(ZigZagDecode(value));
    return true;
  });
}

bool ReadDoubles(WireCursor& in, WireType type, std::vector<double>* values) {
  return ReadRepeated(in, type, [values](WireCursor& source) {
    return source.ReadDouble(&values->emplace_back());
  });
}

bool ReadVarintField(WireCursor& in, uint32_t field, Fields* fields) {
  uint64_t value = 0;
  if (!in.ReadVarint(&value)) return false;
  switch (field) {
    case kCountInt:
      fields->count_int = value;
      fields->count_float.reset();
      break;
    case kSchema:
      fields->schema = static_cast<int32_t>(ZigZagDecode(static_cast<uint32_t>(value)));
      break;
    case kZeroCountInt:
      fields->zero_count_int = value;
      fields->zero_count_float.reset();
      break;
    case kResetHint:
      fields->reset_hint = static_cast<uint32_t>(value);
      break;
    case kTimestamp:
      fields->timestamp = static_cast<int64_t>(value);
      break;
    case kStartTimestamp:
      fields->start_timestamp = static_cast<int64_t>(value);
      break;
  }
  return true;
}

bool ReadDoubleField(WireCursor& in, uint32_t field, Fields* fields) {
  double value = 0;
  if (!in.ReadDouble(&value)) return false;
  switch (field) {
    case kCountFloat:
      fields->count_float = value;
      fields->count_int.reset();
      break;
    case kSum:
      fields->sum = value;
      break;
    case kZeroThreshold:
      fields->zero_threshold = value;
      break;
    case kZeroCountFloat:
      fields->zero_count_float = value;
      fields->zero_count_int.reset();
      break;
  }
  return true;
}

bool ReadField(WireCursor& in, uint32_t tag, Fields* fields) {
  const WireType type = static_cast<WireType>(tag & 7);
  switch (tag) {
    case WireTag(kCountInt, WireType::kVarint):
    case WireTag(kSchema, WireType::kVarint):
    case WireTag(kZeroCountInt, WireType::kVarint):
    case WireTag(kResetHint, WireType::kVarint):
    case WireTag(kTimestamp, WireType::kVarint):
    case WireTag(kStartTimestamp, WireType::kVarint):
      return ReadVarintField(in, tag >> 3, fields);
    case WireTag(kCountFloat, WireType::kFixed64):
    case WireTag(kSum, WireType::kFixed64):
    case WireTag(kZeroThreshold, WireType::kFixed64):
    case WireTag(kZeroCountFloat, WireType::kFixed64):
      return ReadDoubleField(in, tag >> 3, fields);
    case WireTag(kNegativeSpans, WireType::kBytes):
      return ReadSpans(in, &fields->negative_spans);
    case WireTag(kPositiveSpans, WireType::kBytes):
      return ReadSpans(in, &fields->positive_spans);
    case WireTag(kNegativeDeltas, WireType::kBytes):
    case WireTag(kNegativeDeltas, WireType::kVarint):
      return ReadDeltas(in, type, &fields->negative_deltas);
    case WireTag(kPositiveDeltas, WireType::kBytes):
    case WireTag(kPositiveDeltas, WireType::kVarint):
      return ReadDeltas(in, type, &fields->positive_deltas);
    case WireTag(kNegativeCounts, WireType::kBytes):
    case WireTag(kNegativeCounts, WireType::kFixed64):
      return ReadDoubles(in, type, &fields->negative_counts);
    case WireTag(kPositiveCounts, WireType::kBytes):
    case WireTag(kPositiveCounts, WireType::kFixed64):
      return ReadDoubles(in, type, &fields->positive_counts);
    case WireTag(kCustomValues, WireType::kBytes):
    case WireTag(kCustomValues, WireType::kFixed64):
      return ReadDoubles(in, type, &fields->custom_values);
    default:
      return in.SkipField(tag);
  }
}

template <typename Kind>
Kind Shared(Fields& fields) {
  Kind kind;
  if (fields.reset_hint <= static_cast<uint64_t>(model::CounterResetHint::kGauge)) {
    kind.counter_reset_hint = static_cast<model::CounterResetHint>(fields.reset_hint);
  }
  kind.schema = fields.schema;
  kind.zero_threshold = fields.zero_threshold;
  kind.sum = fields.sum;
  kind.positive_spans = std::move(fields.positive_spans);
  kind.negative_spans = std::move(fields.negative_spans);
  kind.custom_values = std::move(fields.custom_values);
  return kind;
}

model::Histogram Build(Fields& fields) {
  if (fields.count_float.has_value()) {
    auto histogram = Shared<model::FloatHistogram>(fields);
    histogram.count = *fields.count_float;
    histogram.zero_count = fields.zero_count_float.value_or(0);
    histogram.positive_buckets = std::move(fields.positive_counts);
    histogram.negative_buckets = std::move(fields.negative_counts);
    return histogram;
  }
  auto histogram = Shared<model::IntHistogram>(fields);
  histogram.count = fields.count_int.value_or(0);
  histogram.zero_count = fields.zero_count_int.value_or(0);
  histogram.positive_deltas = std::move(fields.positive_deltas);
  histogram.negative_deltas = std::move(fields.negative_deltas);
  return histogram;
}

}  // namespace

bool ReadHistogramMessage(WireCursor message, model::HistogramSample* sample) {
  Fields fields;
  while (!message.done()) {
    uint32_t tag = 0;
    if (!message.ReadTag(&tag) || !ReadField(message, tag, &fields)) return false;
  }
  sample->timestamp = fields.timestamp;
  sample->start_timestamp = fields.start_timestamp;
  sample->histogram = Build(fields);
  return true;
}

}  // namespace tidegate::ingest
