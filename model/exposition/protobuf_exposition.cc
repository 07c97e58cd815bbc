#include "model/exposition/protobuf_exposition.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/exposition/bound_label.h"
#include "model/exposition/wire_reader.h"
#include "model/labels.h"
#include "model/quote.h"

namespace tidegate::model {
namespace {

// What a size may claim: more buckets than any histogram that is of use.
constexpr size_t kMaxBuckets = 100'000;
constexpr char kKeyMark = '\x01';

enum FamilyField : uint32_t { kName = 1, kHelp = 2, kType = 3, kMetric = 4, kUnit = 5 };
enum MetricField : uint32_t {
  kLabel = 1,
  kGauge = 2,
  kCounter = 3,
  kSummary = 4,
  kUntyped = 5,
  kTimestamp = 6,
  kHistogram = 7,
};

double WithoutStaleMarker(double value) {
  return std::isnan(value) ? std::bit_cast<double>(kNormalNanBits) : value;
}

MetricType TypeOf(uint64_t type) {
  switch (type) {
    case 0:
      return MetricType::kCounter;
    case 1:
      return MetricType::kGauge;
    case 2:
      return MetricType::kSummary;
    case 4:
      return MetricType::kHistogram;
    case 5:
      return MetricType::kGaugeHistogram;
    default:
      return MetricType::kUnknown;
  }
}

bool ReadPair(std::string_view message, std::string_view* name, std::string_view* value) {
  WireReader reader(message);
  WireField field;
  *name = *value = {};
  while (reader.Next(&field)) {
    if (field.number == 1 && field.type == 2) *name = field.bytes;
    if (field.number == 2 && field.type == 2) *value = field.bytes;
  }
  return !reader.broken();
}

// google.protobuf.Timestamp in milliseconds; nothing when it is out of bounds.
std::optional<TimestampMs> ReadTime(std::string_view message) {
  WireReader reader(message);
  WireField field;
  int64_t seconds = 0;
  int64_t nanos = 0;
  while (reader.Next(&field)) {
    if (field.number == 1 && field.type == 0) seconds = static_cast<int64_t>(field.value);
    if (field.number == 2 && field.type == 0) nanos = static_cast<int64_t>(field.value);
  }
  constexpr int64_t kMaxSeconds = kMaxTimestamp / 1000;
  const bool fits =
      -kMaxSeconds < seconds && seconds < kMaxSeconds && 0 <= nanos && nanos < 1'000'000'000;
  if (reader.broken() || !fits) return std::nullopt;
  return seconds * 1000 + nanos / 1'000'000;
}

// A broken exemplar costs itself only.
void AddExemplar(std::string_view message, std::vector<Exemplar>* out) {
  WireReader reader(message);
  WireField field;
  Exemplar exemplar;
  LabelPairs pairs;
  while (reader.Next(&field)) {
    std::string_view name, value;
    if (field.number == 1 && field.type == 2 && ReadPair(field.bytes, &name, &value)) {
      pairs.emplace_back(name, value);
    } else if (field.number == 2 && field.type == 1) {
      exemplar.value = field.AsDouble();
    } else if (field.number == 3 && field.type == 2) {
      exemplar.timestamp = ReadTime(field.bytes).value_or(0);
    }
  }
  if (reader.broken()) return;
  exemplar.labels = Labels(std::move(pairs));
  if (CheckLabelBytes(exemplar.labels.bytes()).ok()) out->push_back(std::move(exemplar));
}

bool ReadSpan(std::string_view message, std::vector<HistogramSpan>* spans) {
  WireReader reader(message);
  WireField field;
  HistogramSpan span;
  while (reader.Next(&field)) {
    if (field.number == 1) span.offset = static_cast<int32_t>(field.AsSigned());
    if (field.number == 2) span.length = static_cast<uint32_t>(field.value);
  }
  spans->push_back(span);
  return !reader.broken() && spans->size() <= kMaxBuckets;
}

// Repeated numbers, packed or one by one.
bool ReadDeltas(const WireField& field, std::vector<int64_t>* out) {
  WireField one = field;
  if (field.type == 0) {
    out->push_back(field.AsSigned());
    return out->size() <= kMaxBuckets;
  }
  WireReader packed(field.bytes);
  while (!packed.empty()) {
    if (!packed.TakeVarint(&one.value) || out->size() >= kMaxBuckets) return false;
    out->push_back(one.AsSigned());
  }
  return true;
}

bool ReadDoubles(const WireField& field, std::vector<double>* out) {
  WireField one = field;
  if (field.type == 1) {
    out->push_back(field.AsDouble());
    return out->size() <= kMaxBuckets;
  }
  WireReader packed(field.bytes);
  while (!packed.empty()) {
    if (!packed.TakeFixed(8, &one.value) || out->size() >= kMaxBuckets) return false;
    out->push_back(one.AsDouble());
  }
  return true;
}

struct ClassicBucket {
  double count = 0;
  double bound = 0;
  std::string_view exemplar;
};

bool ReadBucket(std::string_view message, std::vector<ClassicBucket>* buckets) {
  WireReader reader(message);
  WireField field;
  ClassicBucket bucket;
  while (reader.Next(&field)) {
    if (field.number == 1 && field.type == 0) bucket.count = static_cast<double>(field.value);
    if (field.number == 2 && field.type == 1) bucket.bound = field.AsDouble();
    if (field.number == 3 && field.type == 2) bucket.exemplar = field.bytes;
    if (field.number == 4 && field.type == 1 && field.AsDouble() > 0) {
      bucket.count = field.AsDouble();
    }
  }
  buckets->push_back(bucket);
  return !reader.broken() && buckets->size() <= kMaxBuckets;
}

// Both kinds side by side: which one it is, is known at the end.
struct HistogramFields {
  uint64_t count = 0, zero_count = 0;
  double count_float = 0, zero_count_float = 0;
  double sum = 0, zero_threshold = 0;
  int32_t schema = 0;
  std::vector<HistogramSpan> negative_spans, positive_spans;
  std::vector<int64_t> negative_deltas, positive_deltas;
  std::vector<double> negative_counts, positive_counts;
  std::vector<ClassicBucket> buckets;
  std::vector<std::string_view> exemplars;

  // Otherwise it has nothing that a native one has; targets mark an empty one by an empty span.
  bool IsNative() const {
    return !negative_spans.empty() || !positive_spans.empty() || zero_threshold > 0 ||
           zero_count > 0 || zero_count_float > 0;
  }
  double Count() const { return count_float > 0 ? count_float : static_cast<double>(count); }
  bool Read(const WireField& field);
  Histogram Native(bool gauge) &&;
};

bool HistogramFields::Read(const WireField& field) {
  const bool number = field.type == 0;
  const bool real = field.type == 1;
  switch (field.number) {
    case 1:
      if (number) count = field.value;
      return true;
    case 2:
      if (real) sum = field.AsDouble();
      return true;
    case 3:
      return field.type != 2 || ReadBucket(field.bytes, &buckets);
    case 4:
      if (real) count_float = field.AsDouble();
      return true;
    case 5:
      if (number) schema = static_cast<int32_t>(field.AsSigned());
      return true;
    case 6:
      if (real) zero_threshold = field.AsDouble();
      return true;
    case 7:
      if (number) zero_count = field.value;
      return true;
    case 8:
      if (real) zero_count_float = field.AsDouble();
      return true;
    case 9:
      return field.type != 2 || ReadSpan(field.bytes, &negative_spans);
    case 10:
      return ReadDeltas(field, &negative_deltas);
    case 11:
      return ReadDoubles(field, &negative_counts);
    case 12:
      return field.type != 2 || ReadSpan(field.bytes, &positive_spans);
    case 13:
      return ReadDeltas(field, &positive_deltas);
    case 14:
      return ReadDoubles(field, &positive_counts);
    case 16:
      if (field.type == 2) exemplars.push_back(field.bytes);
      return exemplars.size() <= kMaxBuckets;
    default:
      return true;
  }
}

Histogram HistogramFields::Native(bool gauge) && {
  const auto hint = gauge ? CounterResetHint::kGauge : CounterResetHint::kUnknown;
  if (count_float > 0 || zero_count_float > 0) {
    FloatHistogram histogram;
    histogram.counter_reset_hint = hint;
    histogram.schema = schema;
    histogram.zero_threshold = zero_threshold;
    histogram.zero_count = zero_count_float;
    histogram.count = count_float;
    histogram.sum = sum;
    histogram.positive_spans = std::move(positive_spans);
    histogram.negative_spans = std::move(negative_spans);
    histogram.positive_buckets = std::move(positive_counts);
    histogram.negative_buckets = std::move(negative_counts);
    return histogram;
  }
  IntHistogram histogram;
  histogram.counter_reset_hint = hint;
  histogram.schema = schema;
  histogram.zero_threshold = zero_threshold;
  histogram.zero_count = zero_count;
  histogram.count = count;
  histogram.sum = sum;
  histogram.positive_spans = std::move(positive_spans);
  histogram.negative_spans = std::move(negative_spans);
  histogram.positive_deltas = std::move(positive_deltas);
  histogram.negative_deltas = std::move(negative_deltas);
  return histogram;
}

}  // namespace

ProtobufExposition::ProtobufExposition(std::string_view bytes, bool classic)
    : bytes_(bytes), classic_(classic) {}

absl::Status ProtobufExposition::Broken(std::string_view what) const {
  if (family_.metric_family.empty()) {
    return absl::InvalidArgumentError(
        fmt::format("the metric family that ends at byte {}: {}", offset_, what));
  }
  return absl::InvalidArgumentError(
      fmt::format("metric family {}: {}", Quoted(family_.metric_family), what));
}

absl::StatusOr<ProtobufExposition::Entry> ProtobufExposition::Next() {
  while (true) {
    if (!announced_) {
      announced_ = true;
      return Entry::kFamily;
    }
    if (sample_ + 1 < samples_.size()) {
      ++sample_;
      return Entry::kSample;
    }
    if (metric_ < metrics_.size()) {
      samples_.clear();
      names_.clear();
      sample_ = 0;
      if (absl::Status status = ReadMetric(metrics_[metric_++]); !status.ok()) return status;
      if (samples_.empty()) continue;
      return Entry::kSample;
    }
    if (offset_ == bytes_.size()) return Entry::kEnd;
    WireReader reader(bytes_.substr(offset_));
    std::string_view message;
    family_ = {};
    if (!reader.TakeBytes(&message)) return Broken("its size or its end is missing");
    offset_ = static_cast<size_t>(message.data() - bytes_.data()) + message.size();
    if (absl::Status status = ReadFamily(message); !status.ok()) return status;
  }
}

absl::Status ProtobufExposition::ReadFamily(std::string_view message) {
  WireReader reader(message);
  WireField field;
  metrics_.clear();
  samples_.clear();
  metric_ = 0;
  sample_ = 0;
  family_.type = MetricType::kCounter;  // The value of an enum that is left out.
  while (reader.Next(&field)) {
    if (field.number == kType && field.type == 0) family_.type = TypeOf(field.value);
    if (field.type != 2) continue;
    if (field.number == kName) family_.metric_family = field.bytes;
    if (field.number == kHelp) family_.help = field.bytes;
    if (field.number == kUnit) family_.unit = field.bytes;
    if (field.number == kMetric) metrics_.push_back(field.bytes);
  }
  if (reader.broken()) return Broken("it cannot be read");
  if (family_.metric_family.empty()) return Broken("it has no name");
  if (!IsValidUtf8(family_.metric_family) || !IsValidUtf8(family_.help) ||
      !IsValidUtf8(family_.unit)) {
    return Broken("it is not UTF-8");
  }
  announced_ = false;
  return absl::OkStatus();
}

absl::Status ProtobufExposition::ReadMetric(std::string_view message) {
  WireReader reader(message);
  WireField field;
  labels_.clear();
  timestamp_.reset();
  std::string_view value;
  uint32_t kind = 0;
  while (reader.Next(&field)) {
    if (field.number == kLabel && field.type == 2) {
      labels_.push_back(field.bytes);
    } else if (field.number == kTimestamp && field.type == 0) {
      const auto at = static_cast<TimestampMs>(field.value);
      if (at < kMinTimestamp || kMaxTimestamp < at) return Broken("a timestamp is out of bounds");
      if (at != 0) timestamp_ = at;
    } else if (field.type == 2 && kGauge <= field.number && field.number <= kHistogram) {
      kind = field.number;
      value = field.bytes;
    }
  }
  if (reader.broken()) return Broken("a metric cannot be read");
  switch (family_.type) {
    case MetricType::kSummary:
      return kind == kSummary ? ReadSummary(value) : Broken("a summary without its value");
    case MetricType::kHistogram:
    case MetricType::kGaugeHistogram:
      return kind == kHistogram ? ReadHistogram(value) : Broken("a histogram without its value");
    default:
      if (kind == kGauge || kind == kCounter || kind == kUntyped) return ReadNumber(value);
      return Broken("a metric without the value of its type");
  }
}

ProtobufSample& ProtobufExposition::Add(Name name, double value) {
  ProtobufSample& sample = samples_.emplace_back();
  sample.value = WithoutStaleMarker(value);
  sample.timestamp = timestamp_;
  sample.key.push_back(kKeyMark);
  sample.key += family_.metric_family;
  sample.key.push_back('\0');
  sample.key += name.suffix;
  sample.key.push_back('\0');
  sample.key += name.bound;
  for (const std::string_view label : labels_) {
    sample.key.push_back('\0');
    sample.key += label;
  }
  names_.push_back(std::move(name));
  return sample;
}

absl::Status ProtobufExposition::ReadNumber(std::string_view message) {
  WireReader reader(message);
  WireField field;
  double value = 0;
  std::string_view exemplar;
  while (reader.Next(&field)) {
    if (field.number == 1 && field.type == 1) value = field.AsDouble();
    if (field.number == 2 && field.type == 2) exemplar = field.bytes;
  }
  if (reader.broken()) return Broken("a value cannot be read");
  ProtobufSample& sample = Add({}, value);
  if (!exemplar.empty()) AddExemplar(exemplar, &sample.exemplars);
  return absl::OkStatus();
}

absl::Status ProtobufExposition::ReadSummary(std::string_view message) {
  WireReader reader(message);
  WireField field;
  double count = 0;
  double sum = 0;
  std::vector<std::pair<double, double>> quantiles;
  while (reader.Next(&field)) {
    if (field.number == 1 && field.type == 0) count = static_cast<double>(field.value);
    if (field.number == 2 && field.type == 1) sum = field.AsDouble();
    if (field.number != 3 || field.type != 2) continue;
    WireReader inner(field.bytes);
    WireField part;
    auto& [quantile, value] = quantiles.emplace_back(0, 0);
    while (inner.Next(&part)) {
      if (part.number == 1 && part.type == 1) quantile = part.AsDouble();
      if (part.number == 2 && part.type == 1) value = part.AsDouble();
    }
    if (inner.broken() || quantiles.size() > kMaxBuckets) return Broken("a quantile is broken");
  }
  if (reader.broken()) return Broken("a summary cannot be read");
  Add({"_count", "", ""}, count);
  Add({"_sum", "", ""}, sum);
  for (const auto& [quantile, value] : quantiles) {
    Add({"", "quantile", OpenMetricsFloat(quantile)}, value);
  }
  return absl::OkStatus();
}

absl::Status ProtobufExposition::ReadHistogram(std::string_view message) {
  WireReader reader(message);
  WireField field;
  HistogramFields fields;
  while (reader.Next(&field)) {
    if (!fields.Read(field)) return Broken("a histogram is broken, or far too large");
  }
  if (reader.broken()) return Broken("a histogram cannot be read");
  const bool native = fields.IsNative();
  const double count = fields.Count();
  if (!native || (classic_ && !fields.buckets.empty())) {
    Add({"_count", "", ""}, count);
    Add({"_sum", "", ""}, fields.sum);
    bool has_infinity = false;
    for (const ClassicBucket& bucket : fields.buckets) {
      has_infinity |= bucket.bound == std::numeric_limits<double>::infinity();
      ProtobufSample& sample = Add({"_bucket", "le", OpenMetricsFloat(bucket.bound)}, bucket.count);
      if (!bucket.exemplar.empty()) AddExemplar(bucket.exemplar, &sample.exemplars);
    }
    if (!has_infinity) Add({"_bucket", "le", "+Inf"}, count);
  }
  if (!native) return absl::OkStatus();
  ProtobufSample& sample = Add({}, 0);
  // Exemplars of a native histogram must have a time; classic ones stand in when it has none.
  for (const std::string_view exemplar : fields.exemplars) AddExemplar(exemplar, &sample.exemplars);
  if (fields.exemplars.empty()) {
    for (const ClassicBucket& bucket : fields.buckets) {
      if (!bucket.exemplar.empty()) AddExemplar(bucket.exemplar, &sample.exemplars);
    }
  }
  std::erase_if(sample.exemplars, [](const Exemplar& one) { return one.timestamp == 0; });
  Histogram histogram = std::move(fields).Native(family_.type == MetricType::kGaugeHistogram);
  ReduceResolution(&histogram);
  if (absl::Status status = Validate(histogram); !status.ok()) {
    return Broken(std::string(status.message()));
  }
  sample.histogram = std::move(histogram);
  return absl::OkStatus();
}

absl::Status ProtobufExposition::ReadLabels(LabelPairs* labels) const {
  const Name& name = names_[sample_];
  labels->clear();
  labels->emplace_back(kMetricNameLabel, fmt::format("{}{}", family_.metric_family, name.suffix));
  for (const std::string_view message : labels_) {
    std::string_view label, value;
    if (!ReadPair(message, &label, &value)) return Broken("a label cannot be read");
    if (label.empty()) return Broken("a label has no name");
    if (!IsValidUtf8(label) || !IsValidUtf8(value)) return Broken("a label is not UTF-8");
    const bool twice = std::any_of(labels->begin(), labels->end(),
                                   [label](const auto& pair) { return pair.first == label; });
    if (twice) return Broken(fmt::format("label {} is there twice", label));
    labels->emplace_back(label, value);
  }
  if (!name.bound_label.empty()) labels->emplace_back(name.bound_label, name.bound);
  return absl::OkStatus();
}

}  // namespace tidegate::model
