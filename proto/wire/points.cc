#include "proto/wire/points.h"

#include <string_view>
#include <variant>

namespace tidegate::wire {
namespace {

bool SpansHold(const std::vector<model::HistogramSpan>& spans, size_t buckets) {
  uint64_t held = 0;
  for (const model::HistogramSpan& span : spans) held += span.length;
  return held == buckets;
}

// Whoever walks the spans of a histogram indexes its buckets by them.
bool BucketsFitSpans(const model::Histogram& histogram) {
  if (const auto* ints = std::get_if<model::IntHistogram>(&histogram)) {
    return SpansHold(ints->positive_spans, ints->positive_deltas.size()) &&
           SpansHold(ints->negative_spans, ints->negative_deltas.size());
  }
  const auto& floats = std::get<model::FloatHistogram>(histogram);
  return SpansHold(floats.positive_spans, floats.positive_buckets.size()) &&
         SpansHold(floats.negative_spans, floats.negative_buckets.size());
}

// The length that stands at *at, which must be written in one byte or as few bytes as possible.
bool TakeText(std::string_view bytes, char tag, size_t* at, std::string_view* text) {
  if (*at >= bytes.size() || bytes[*at] != tag) return false;
  uint64_t size = 0;
  size_t shift = 0;
  for (++*at; *at < bytes.size() && shift < 35; shift += 7) {
    const auto byte = static_cast<uint8_t>(bytes[(*at)++]);
    size |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) != 0) continue;
    if ((byte == 0 && shift > 0) || bytes.size() - *at < size) return false;
    *text = bytes.substr(*at, size);
    *at += size;
    return true;
  }
  return false;
}

// Canonical label bytes (model/labels.h), except that values may be empty.
bool IsLabelList(std::string_view bytes) {
  constexpr char kLabel = 0x0A;
  constexpr char kName = 0x0A;
  constexpr char kValue = 0x12;
  std::string_view previous;
  for (size_t at = 0; at < bytes.size();) {
    std::string_view label;
    std::string_view name;
    std::string_view value;
    if (!TakeText(bytes, kLabel, &at, &label)) return false;
    size_t inside = 0;
    if (!TakeText(label, kName, &inside, &name) || !TakeText(label, kValue, &inside, &value) ||
        inside != label.size() || name <= previous) {
      return false;
    }
    if (!model::IsValidUtf8(name) || !model::IsValidUtf8(value)) return false;
    previous = name;
  }
  return true;
}

}  // namespace

void ToWire(std::span<const model::TimestampMs> timestamps,
            google::protobuf::RepeatedField<int64_t>* deltas) {
  deltas->Reserve(deltas->size() + static_cast<int>(timestamps.size()));
  model::TimestampMs previous = 0;
  for (const model::TimestampMs timestamp : timestamps) {
    deltas->AddAlreadyReserved(timestamp - previous);
    previous = timestamp;
  }
}

absl::Status AppendFromWire(const google::protobuf::RepeatedField<int64_t>& deltas,
                            std::vector<model::TimestampMs>* out) {
  out->reserve(out->size() + deltas.size());
  model::TimestampMs timestamp = 0;
  for (const int64_t delta : deltas) {
    if (__builtin_add_overflow(timestamp, delta, &timestamp) ||
        (!out->empty() && timestamp <= out->back())) {
      return absl::InternalError("a peer sent timestamps out of order");
    }
    out->push_back(timestamp);
  }
  return absl::OkStatus();
}

void ToWire(const model::HistogramSample& sample, v1::HistogramPoint* out) {
  out->set_timestamp(sample.timestamp);
  out->set_start_timestamp(sample.start_timestamp);
  model::EncodeHistogram(sample.histogram, out->mutable_histogram());
}

absl::StatusOr<model::HistogramSample> FromWire(const v1::HistogramPoint& point) {
  std::string_view bytes = point.histogram();
  absl::StatusOr<model::Histogram> histogram = model::DecodeHistogram(&bytes);
  if (!histogram.ok() || !bytes.empty() || !BucketsFitSpans(*histogram)) {
    return absl::InternalError("a peer sent a broken histogram");
  }
  return model::HistogramSample{point.timestamp(), point.start_timestamp(), *std::move(histogram)};
}

void ToWire(const model::Exemplar& exemplar, v1::Exemplar* out) {
  out->set_labels(std::string(exemplar.labels.bytes()));
  out->set_value(exemplar.value);
  out->set_timestamp(exemplar.timestamp);
}

absl::StatusOr<model::Exemplar> FromWire(const v1::Exemplar& exemplar) {
  absl::StatusOr<model::Labels> labels = LabelsFromWire(exemplar.labels());
  if (!labels.ok()) return labels.status();
  return model::Exemplar{*std::move(labels), exemplar.value(), exemplar.timestamp()};
}

void ToWire(const model::MetricMetadata& metadata, v1::MetricMetadata* out) {
  out->set_metric_family(metadata.metric_family);
  out->set_type(static_cast<uint32_t>(metadata.type));
  out->set_help(metadata.help);
  out->set_unit(metadata.unit);
}

model::MetricMetadata FromWire(const v1::MetricMetadata& metadata) {
  const bool known = metadata.type() <= static_cast<uint32_t>(model::MetricType::kStateset);
  return {metadata.metric_family(),
          known ? static_cast<model::MetricType>(metadata.type()) : model::MetricType::kUnknown,
          metadata.help(), metadata.unit()};
}

absl::StatusOr<model::Labels> ResultLabelsFromWire(const std::string& bytes) {
  absl::StatusOr<model::Labels> labels = LabelsFromWire(bytes);
  if (labels.ok() || !IsLabelList(bytes)) return labels;
  return model::Labels::FromCanonical(bytes);
}

absl::StatusOr<model::Labels> LabelsFromWire(const std::string& bytes) {
  if (!model::CheckLabelBytes(bytes).ok()) {
    return absl::InternalError("a peer sent label bytes that are not canonical");
  }
  return model::Labels::FromCanonical(bytes);
}

}  // namespace tidegate::wire
