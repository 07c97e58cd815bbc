#include "api/microprofile/metric_tree.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace tidegate::api {
namespace {

using Id = model::MetricsRegistry::Id;
using Sampled = std::map<Id, MetricValue>;

bool TakeSuffix(std::string_view suffix, std::string_view* text) {
  if (!text->ends_with(suffix)) return false;
  text->remove_suffix(suffix.size());
  return true;
}

// "head_chunk" -> "headChunk".
std::string CamelCase(std::string_view words) {
  std::string camel;
  bool begins = false;
  for (char c : words) {
    if (c == '_') {
      begins = true;
      continue;
    }
    camel += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    begins = false;
  }
  return camel;
}

bool IsVendors(std::string_view family) {
  return family.starts_with("http_") || family.starts_with("process_") ||
         family.starts_with("store_rocksdb_") || family.starts_with("storage_");
}

class SampledValues {
 public:
  explicit SampledValues(Sampled* values) : values_(*values) {}

  void operator()(const Id& id, model::Timer& timer) const {
    values_.emplace(id, TimerFigures{timer.Seconds(), timer.Rates()});
  }
  void operator()(const Id& id, model::ValueHistogram& histogram) const {
    values_.emplace(id, HistogramFigures{histogram.Values()});
  }
  void operator()(const Id& id, model::Meter& meter) const {
    values_.emplace(id, MeterFigures{meter.Rates()});
  }

 private:
  Sampled& values_;
};

bool NothingYet(const MetricValue& value) {
  if (const auto* timer = std::get_if<TimerFigures>(&value)) return timer->rates.count == 0;
  if (const auto* histogram = std::get_if<HistogramFigures>(&value)) {
    return histogram->values.count == 0;
  }
  return false;
}

// Adds the metrics of one family.
class FamilyAdder {
 public:
  FamilyAdder(const prometheus::MetricFamily& family, MetricTree* tree)
      : family_(family),
        place_(PlaceOf(family.name, family.type == prometheus::MetricType::Counter)),
        metrics_(tree->Of(place_.scope)) {}

  void Add(const prometheus::ClientMetric& metric, const Sampled& sampled) {
    prometheus::Labels labels;
    for (const auto& label : metric.label) labels.emplace(label.name, label.value);
    if (const auto found = sampled.find({family_.name, labels}); found != sampled.end()) {
      if (labels.empty() || !NothingYet(found->second)) Put("", labels, found->second);
      return;
    }
    switch (family_.type) {
      case prometheus::MetricType::Counter:
        return Put("", labels, Counter{metric.counter.value});
      case prometheus::MetricType::Gauge:
        return Put("", labels, Gauge{metric.gauge.value});
      case prometheus::MetricType::Histogram:
        if (!labels.empty() && metric.histogram.sample_count == 0) return;
        Put(".count", labels, Counter{static_cast<double>(metric.histogram.sample_count)});
        return Put(".sum", labels, Gauge{metric.histogram.sample_sum});
      default:
        return;  // The registry hands out no other kinds.
    }
  }

 private:
  void Put(std::string_view suffix, const prometheus::Labels& labels, const MetricValue& value) {
    std::string name = place_.name;
    Tags tags;
    for (const auto& [label, text] : labels) {
      std::string part = text;
      std::replace(part.begin(), part.end(), '/', '.');
      name.append(part.starts_with('.') ? "" : ".").append(part);
      tags.emplace_back(label, text);
    }
    name.append(suffix);
    Metric metric{value, place_.unit, family_.help, std::move(tags)};
    if (std::holds_alternative<TimerFigures>(value)) metric.unit = "nanoseconds";
    if (std::holds_alternative<Counter>(value)) metric.unit = "none";
    while (!metrics_.emplace(name, metric).second) name.append("_");  // "/a" and ".a", say.
  }

  const prometheus::MetricFamily& family_;
  const FamilyPlace place_;
  ScopeMetrics& metrics_;
};

}  // namespace

FamilyPlace PlaceOf(std::string_view family, bool is_counter) {
  constexpr std::string_view kPrefix = "tidegate_";
  if (family.starts_with(kPrefix)) family.remove_prefix(kPrefix.size());
  FamilyPlace place;
  if (IsVendors(family)) place.scope = Scope::kVendor;
  if (is_counter) {
    TakeSuffix("_total", &family);
  } else if (TakeSuffix("_seconds", &family)) {
    place.unit = "seconds";
  } else if (TakeSuffix("_bytes", &family)) {
    place.unit = "bytes";
  }
  const size_t first = std::min(family.find('_'), family.size());
  place.name = std::string(family.substr(0, first));
  if (first < family.size()) place.name.append(".").append(CamelCase(family.substr(first + 1)));
  return place;
}

void AddRegistry(model::MetricsRegistry* registry, MetricTree* tree) {
  // Families first: what is added meanwhile is sampled, but not yet named.
  const std::vector<prometheus::MetricFamily> families = registry->Collect();
  Sampled sampled;
  registry->VisitSampled(SampledValues(&sampled));
  for (const auto& family : families) {
    FamilyAdder adder(family, tree);
    for (const auto& metric : family.metric) adder.Add(metric, sampled);
  }
}

}  // namespace tidegate::api
