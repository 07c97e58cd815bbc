#include "ingest/decode/otlp_metrics/otlp_metric_series.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "absl/strings/escaping.h"
#include "fmt/format.h"
#include "ingest/decode/otlp_metrics/native_buckets.h"
#include "ingest/decode/otlp_metrics/otlp_names.h"
#include "model/metadata.h"
#include "model/series_id.h"

namespace tidegate::ingest {
namespace {

using Kind = OtlpMetric::Kind;

constexpr uint64_t kNanosPerMs = 1'000'000;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kDefaultZeroThreshold = 1e-128;
constexpr size_t kMaxExemplarRunes = 128;
// target_info is written every half lookback, so that queries between two points find it.
constexpr uint64_t kTargetInfoInterval = uint64_t{150} * 1'000'000'000;
// A request that spans more than this gets target_info further apart.
constexpr uint64_t kMaxTargetInfoSamples = 1000;

constexpr std::string_view kServiceName = "service.name";
constexpr std::string_view kServiceNamespace = "service.namespace";
constexpr std::string_view kServiceInstanceId = "service.instance.id";

bool IsIdentifying(std::string_view key) {
  return key == kServiceName || key == kServiceNamespace || key == kServiceInstanceId;
}

const OtlpValue* Find(const std::vector<OtlpAttribute>& attributes, std::string_view key) {
  for (const OtlpAttribute& attribute : attributes) {
    if (attribute.key == key) return &attribute.value;
  }
  return nullptr;
}

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

model::Label* FindLabel(std::vector<model::Label>& labels, std::string_view name) {
  const auto found = std::find_if(labels.begin(), labels.end(),
                                  [name](const model::Label& label) { return label.name == name; });
  return found == labels.end() ? nullptr : &*found;
}

// Decimal digits without an exponent, as Go's FormatFloat with 'f' writes them.
std::string BoundText(double bound) {
  if (std::isnan(bound)) return "NaN";
  if (std::isinf(bound)) return bound < 0 ? "-Inf" : "+Inf";
  // No double needs more: the shortest digits of the largest and of the smallest.
  char text[512];
  const auto end = std::to_chars(text, text + sizeof(text), bound, std::chars_format::fixed);
  return std::string(text, end.ptr);
}

size_t Runes(std::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

double ValueOr(const OtlpPoint& point, double value) {
  return point.no_recorded_value() ? model::StaleNan() : value;
}

model::MetricType TypeOf(const OtlpMetric& metric) {
  switch (metric.kind) {
    case Kind::kGauge:
      return model::MetricType::kGauge;
    case Kind::kSum:
      return metric.monotonic ? model::MetricType::kCounter : model::MetricType::kGauge;
    case Kind::kHistogram:
    case Kind::kExponential:
      return model::MetricType::kHistogram;
    case Kind::kSummary:
      return model::MetricType::kSummary;
    case Kind::kNone:
      return model::MetricType::kUnknown;
  }
  return model::MetricType::kUnknown;
}

bool HasTemporality(Kind kind) {
  return kind == Kind::kSum || kind == Kind::kHistogram || kind == Kind::kExponential;
}

}  // namespace

OtlpMetricSeries::OtlpMetricSeries(const OtlpMetricContext& context, DecodedPush* push)
    : rules_(*context.rules),
      context_(context),
      push_(push),
      batch_(push->batch),
      arena_(push->arena) {}

absl::Status OtlpMetricSeries::status() const {
  if (!too_large_) return absl::OkStatus();
  return absl::OutOfRangeError(
      fmt::format("the labels of the request take more than {} bytes when written out",
                  context_.max_label_bytes));
}

std::string_view OtlpMetricSeries::TextOf(const OtlpValue& value) {
  return value.kind == OtlpValue::Kind::kString ? value.text : arena_.Copy(OtlpText(value));
}

// A name that was changed lies in the arena.
std::string_view OtlpMetricSeries::NameOf(std::string_view key) {
  const std::string_view name = OtlpLabelName(key, rules_, &scratch_);
  return name.data() == scratch_.data() ? arena_.Copy(name) : name;
}

// Attributes whose names become the same are joined with semicolons, in the order of their keys.
void OtlpMetricSeries::AddAttributes(const std::vector<OtlpAttribute>& attributes,
                                     std::string_view prefix, LabelViews* labels) {
  std::vector<const OtlpAttribute*> sorted;
  for (const OtlpAttribute& attribute : attributes) sorted.push_back(&attribute);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto* a, const auto* b) { return a->key < b->key; });
  for (const OtlpAttribute* const attribute : sorted) {
    std::string_view key = attribute->key;
    if (!prefix.empty()) key = arena_.Copy(std::string(prefix) + std::string(key));
    const std::string_view name = NameOf(key);
    if (name.empty()) continue;
    const std::string_view value = TextOf(attribute->value);
    model::Label* const same = FindLabel(*labels, name);
    if (same == nullptr) {
      labels->push_back({name, value});
    } else {
      same->value = arena_.Copy(fmt::format("{};{}", same->value, value));
    }
  }
}

void OtlpMetricSeries::BeginResource(const std::vector<OtlpAttribute>& attributes) {
  resource_ = &attributes;
  earliest_ = std::numeric_limits<uint64_t>::max();
  latest_ = 0;
  scope_.clear();
  promoted_.clear();
  identifying_.clear();
  std::vector<OtlpAttribute> promoted;
  for (const OtlpAttribute& attribute : attributes) {
    const bool wanted = rules_.promote_all_resource_attributes
                            ? !Contains(rules_.ignore_resource_attributes, attribute.key)
                            : Contains(rules_.promote_resource_attributes, attribute.key);
    if (wanted) promoted.push_back(attribute);
  }
  AddAttributes(promoted, "", &promoted_);
  if (const OtlpValue* const name = Find(attributes, kServiceName); name != nullptr) {
    const OtlpValue* const space = Find(attributes, kServiceNamespace);
    std::string_view job = TextOf(*name);
    if (space != nullptr) job = arena_.Copy(fmt::format("{}/{}", TextOf(*space), job));
    identifying_.push_back({"job", job});
  }
  if (const OtlpValue* const id = Find(attributes, kServiceInstanceId); id != nullptr) {
    identifying_.push_back({"instance", TextOf(*id)});
  }
}

void OtlpMetricSeries::BeginScope(const OtlpScope& scope, std::string_view schema_url) {
  scope_.clear();
  if (!rules_.promote_scope_metadata || scope.name.empty()) return;
  AddAttributes(scope.attributes, "otel_scope_", &scope_);
  const model::Label named[] = {{"otel_scope_name", scope.name},
                                {"otel_scope_version", scope.version},
                                {"otel_scope_schema_url", schema_url}};
  for (const model::Label& label : named) {
    if (FindLabel(scope_, label.name) == nullptr) scope_.push_back(label);
  }
}

void OtlpMetricSeries::BeginMetric(const OtlpMetric& metric) {
  metric_ = metric;
  name_ = OtlpMetricName(metric, rules_);
  if (name_.empty() || metric.kind == Kind::kNone) return;
  batch_.metadata.push_back(
      {name_, TypeOf(metric), std::string(metric.description), OtlpUnitName(metric.unit, rules_)});
}

void OtlpMetricSeries::SetBaseLabels(const std::vector<OtlpAttribute>& attributes) {
  base_.clear();
  AddAttributes(attributes, "", &base_);
  for (const model::Label& label : promoted_) {
    if (FindLabel(base_, label.name) == nullptr) base_.push_back(label);
  }
  for (const LabelViews* const stronger : {&scope_, &identifying_}) {
    for (const model::Label& label : *stronger) {
      model::Label* const same = FindLabel(base_, label.name);
      same == nullptr ? base_.push_back(label) : void(same->value = label.value);
    }
  }
  std::sort(base_.begin(), base_.end(),
            [](const model::Label& a, const model::Label& b) { return a.name < b.name; });
}

void OtlpMetricSeries::Refuse(const absl::Status& status) {
  push_->AddRefusedPoint(fmt::format("{}: metric {}", std::string(status.message()), metric_.name));
}

OtlpMetricSeries::SampleTimes OtlpMetricSeries::TimesOf(const OtlpPoint& point) const {
  SampleTimes times = {static_cast<model::TimestampMs>(point.time / kNanosPerMs), 0};
  const bool counts =
      metric_.kind != Kind::kGauge && (metric_.kind != Kind::kSum || metric_.monotonic);
  if (counts && point.start_time < point.time) {
    times.start = static_cast<model::TimestampMs>(point.start_time / kNanosPerMs);
  }
  return times;
}

model::BatchSeries* OtlpMetricSeries::BeginSeries(std::string_view name, model::Label extra) {
  scratch_.clear();
  const model::Label named[] = {{model::kMetricNameLabel, name}, extra};
  const bool name_first = extra.name.empty() || named[0].name < extra.name;
  const model::Label* inserted[] = {&named[name_first ? 0 : 1], &named[name_first ? 1 : 0]};
  size_t next = 0;
  const auto insert_before = [&](std::string_view limit, bool all) {
    for (; next < 2 && (all || inserted[next]->name < limit); ++next) {
      if (!inserted[next]->value.empty()) {
        model::AppendLabelBytes(inserted[next]->name, inserted[next]->value, &scratch_);
      }
    }
  };
  for (const model::Label& label : base_) {
    insert_before(label.name, false);
    const bool replaced = label.name == named[0].name || label.name == named[1].name;
    if (!replaced && !label.value.empty()) {
      model::AppendLabelBytes(label.name, label.value, &scratch_);
    }
  }
  insert_before("", true);
  label_bytes_ += scratch_.size();
  too_large_ =
      too_large_ || (context_.max_label_bytes != 0 && label_bytes_ > context_.max_label_bytes);
  model::BatchSeries& series = batch_.series.emplace_back();
  series.label_bytes = too_large_ ? std::string_view() : arena_.Copy(scratch_);
  series.id = model::HashLabelBytes(series.label_bytes);
  series.samples_begin = static_cast<uint32_t>(batch_.timestamps.size());
  series.histograms_begin = static_cast<uint32_t>(batch_.histograms.size());
  series.exemplars_begin = static_cast<uint32_t>(batch_.exemplars.size());
  EndSeries(&series);
  return &series;
}

void OtlpMetricSeries::EndSeries(model::BatchSeries* series) {
  series->samples_end = static_cast<uint32_t>(batch_.timestamps.size());
  series->histograms_end = static_cast<uint32_t>(batch_.histograms.size());
  series->exemplars_end = static_cast<uint32_t>(batch_.exemplars.size());
}

model::BatchSeries* OtlpMetricSeries::AddSample(std::string_view name, SampleTimes times,
                                                double value, model::Label extra) {
  model::BatchSeries* const series = BeginSeries(name, extra);
  push_->AddSample(times.time, times.start, value);
  EndSeries(series);
  return series;
}

model::Exemplar OtlpMetricSeries::ExemplarOf(const OtlpExemplar& exemplar) const {
  std::vector<std::pair<std::string, std::string>> ids, attributes;
  size_t runes = 0;
  const auto add = [&runes](auto* labels, std::string name, std::string value) {
    runes += Runes(name) + Runes(value);
    labels->emplace_back(std::move(name), std::move(value));
  };
  const auto hex = [](std::string_view bytes) {
    return absl::BytesToHexString({bytes.data(), bytes.size()});
  };
  for (const OtlpAttribute& attribute : exemplar.attributes) {
    add(&attributes, std::string(attribute.key), OtlpText(attribute.value));
  }
  if (!exemplar.trace_id.empty()) add(&ids, "trace_id", hex(exemplar.trace_id));
  if (!exemplar.span_id.empty()) add(&ids, "span_id", hex(exemplar.span_id));
  // Attributes are left out where they would make the exemplar too long to be stored at all.
  if (runes <= kMaxExemplarRunes) ids.insert(ids.begin(), attributes.begin(), attributes.end());
  std::erase_if(ids, [](const auto& label) {
    return label.first.empty() || !model::IsValidUtf8(label.first) ||
           !model::IsValidUtf8(label.second);
  });
  return {model::Labels(std::move(ids)), exemplar.value,
          static_cast<model::TimestampMs>(exemplar.time / kNanosPerMs)};
}

// Those of `point` with a value in (above, to].
void OtlpMetricSeries::AddExemplars(const OtlpPoint& point, double above, double to) {
  for (const OtlpExemplar& exemplar : point.exemplars) {
    const bool inside = exemplar.value > above && exemplar.value <= to;
    const bool everywhere = above == -kInfinity && to == kInfinity;
    if (inside || everywhere) batch_.exemplars.push_back(ExemplarOf(exemplar));
  }
}

void OtlpMetricSeries::AddNumber(const OtlpPoint& point) {
  model::BatchSeries* const series = AddSample(name_, TimesOf(point), ValueOr(point, point.value));
  AddExemplars(point, -kInfinity, kInfinity);
  EndSeries(series);
}

void OtlpMetricSeries::AddBuckets(const OtlpPoint& point) {
  const SampleTimes times = TimesOf(point);
  const std::string bucket_name = name_ + "_bucket";
  uint64_t cumulative = 0;
  double above = -kInfinity;
  const size_t bounds = std::min(point.bounds.size(), point.bucket_counts.size());
  for (size_t i = 0; i < bounds; ++i) {
    cumulative += point.bucket_counts[i];
    const std::string le = BoundText(point.bounds[i]);
    model::BatchSeries* const series =
        AddSample(bucket_name, times, ValueOr(point, static_cast<double>(cumulative)), {"le", le});
    AddExemplars(point, above, point.bounds[i]);
    EndSeries(series);
    above = point.bounds[i];
  }
  model::BatchSeries* const last = AddSample(
      bucket_name, times, ValueOr(point, static_cast<double>(point.count)), {"le", "+Inf"});
  AddExemplars(point, above, kInfinity);
  EndSeries(last);
}

void OtlpMetricSeries::AddHistogram(const OtlpPoint& point) {
  const SampleTimes times = TimesOf(point);
  if (point.sum.has_value()) AddSample(name_ + "_sum", times, ValueOr(point, *point.sum));
  AddSample(name_ + "_count", times, ValueOr(point, static_cast<double>(point.count)));
  AddBuckets(point);
}

void OtlpMetricSeries::AddNative(const OtlpPoint& point, model::IntHistogram histogram) {
  const SampleTimes times = TimesOf(point);
  if (point.no_recorded_value()) {
    model::IntHistogram stale;
    stale.schema = histogram.schema;
    stale.custom_values = std::move(histogram.custom_values);
    stale.sum = model::StaleNan();
    histogram = std::move(stale);
  } else {
    histogram.count = point.count;
    histogram.sum = point.sum.value_or(0);
  }
  model::BatchSeries* const series = BeginSeries(name_);
  batch_.histograms.push_back({times.time, times.start, std::move(histogram)});
  AddExemplars(point, -kInfinity, kInfinity);
  EndSeries(series);
}

absl::Status OtlpMetricSeries::AddCustomBuckets(const OtlpPoint& point) {
  if (!point.bucket_counts.empty() && point.bucket_counts.size() != point.bounds.size() + 1) {
    return absl::InvalidArgumentError(fmt::format("{} bounds need {} buckets, have {} buckets",
                                                  point.bounds.size(), point.bounds.size() + 1,
                                                  point.bucket_counts.size()));
  }
  model::IntHistogram histogram;
  histogram.schema = model::kCustomBucketsSchema;
  histogram.custom_values = point.bounds;
  AppendNativeBuckets({0, point.bucket_counts}, 0, 0, &histogram.positive_spans,
                      &histogram.positive_deltas);
  AddNative(point, std::move(histogram));
  return absl::OkStatus();
}

absl::Status OtlpMetricSeries::AddExponential(const OtlpPoint& point) {
  if (point.scale < model::kMinExponentialSchema) {
    return absl::InvalidArgumentError(
        fmt::format("cannot convert exponential to native histogram. Scale must be >= -4, was {}",
                    point.scale));
  }
  model::IntHistogram histogram;
  histogram.schema = std::min(point.scale, model::kMaxExponentialSchema);
  const int32_t scale_down = point.scale - histogram.schema;
  histogram.zero_threshold =
      point.zero_threshold > 0 ? point.zero_threshold : kDefaultZeroThreshold;
  histogram.zero_count = point.zero_count;
  AppendNativeBuckets(point.positive, scale_down, 1, &histogram.positive_spans,
                      &histogram.positive_deltas);
  AppendNativeBuckets(point.negative, scale_down, 1, &histogram.negative_spans,
                      &histogram.negative_deltas);
  AddNative(point, std::move(histogram));
  return absl::OkStatus();
}

void OtlpMetricSeries::AddSummary(const OtlpPoint& point) {
  const SampleTimes times = TimesOf(point);
  AddSample(name_ + "_sum", times, ValueOr(point, point.sum.value_or(0)));
  AddSample(name_ + "_count", times, ValueOr(point, static_cast<double>(point.count)));
  for (const auto& [quantile, value] : point.quantiles) {
    const std::string text = BoundText(quantile);
    AddSample(name_, times, ValueOr(point, value), {"quantile", text});
  }
}

absl::Status OtlpMetricSeries::Accumulate(OtlpPoint* point) {
  if (!HasTemporality(metric_.kind) || metric_.temporality == OtlpTemporality::kCumulative) {
    return absl::OkStatus();
  }
  if (metric_.temporality != OtlpTemporality::kDelta || rules_.delta_max_streams == 0) {
    return absl::InvalidArgumentError("invalid temporality and type combination");
  }
  scratch_.clear();
  model::AppendLabelBytes(model::kMetricNameLabel, name_, &scratch_);
  for (const model::Label& label : base_) {
    model::AppendLabelBytes(label.name, label.value, &scratch_);
  }
  scratch_.push_back(static_cast<char>(metric_.kind));
  return context_.deltas->Accumulate(model::HashLabelBytes(scratch_), metric_.kind, context_.now,
                                     rules_, point);
}

void OtlpMetricSeries::Add(OtlpPoint* point) {
  if (too_large_) return;
  if (name_.empty()) {
    return Refuse(absl::InvalidArgumentError("nothing of the name is left"));
  }
  SetBaseLabels(point->attributes);
  absl::Status status = Accumulate(point);
  if (!status.ok()) return Refuse(status);
  earliest_ = std::min(earliest_, point->time);
  latest_ = std::max(latest_, point->time);
  switch (metric_.kind) {
    case Kind::kGauge:
    case Kind::kSum:
      AddNumber(*point);
      break;
    case Kind::kHistogram:
      if (rules_.convert_histograms_to_nhcb) {
        status = AddCustomBuckets(*point);
      } else {
        AddHistogram(*point);
      }
      break;
    case Kind::kExponential:
      status = AddExponential(*point);
      break;
    case Kind::kSummary:
      AddSummary(*point);
      break;
    case Kind::kNone:
      status = absl::InvalidArgumentError("unsupported metric type");
  }
  if (!status.ok()) Refuse(status);
}

// What is said about a resource beside its identity; without an identity, or with nothing else,
// there is no target_info.
void OtlpMetricSeries::EndResource() {
  if (latest_ == 0 || identifying_.empty() || resource_ == nullptr) return;
  std::vector<OtlpAttribute> described;
  bool more_than_identity = false;
  for (const OtlpAttribute& attribute : *resource_) {
    const bool identifies = IsIdentifying(attribute.key);
    more_than_identity = more_than_identity || !identifies;
    if (!identifies || rules_.keep_identifying_resource_attributes) described.push_back(attribute);
  }
  if (!more_than_identity) return;
  promoted_.clear();
  scope_.clear();
  SetBaseLabels(described);
  model::BatchSeries* const series = BeginSeries("target_info");
  const uint64_t step =
      std::max(kTargetInfoInterval, (latest_ - earliest_) / kMaxTargetInfoSamples + 1);
  for (uint64_t time = earliest_; time < latest_; time += step) {
    push_->AddSample(static_cast<model::TimestampMs>(time / kNanosPerMs), 0, 1);
    if (latest_ - time < step) break;
  }
  push_->AddSample(static_cast<model::TimestampMs>(latest_ / kNanosPerMs), 0, 1);
  EndSeries(series);
}

}  // namespace tidegate::ingest
