#include "tests/conformance/promql_scripts/custom_buckets.h"

#include <limits>
#include <string_view>

#include "query/histogram/arithmetic.h"
#include "query/vector/go_float.h"
#include "tests/conformance/promql_scripts/loader.h"

namespace tidegate::conformance {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool CutSuffix(std::string_view suffix, std::string* name) {
  if (!std::string_view(*name).ends_with(suffix)) return false;
  name->resize(name->size() - suffix.size());
  return true;
}

}  // namespace

void CustomBucketConverter::Add(const promql::SeriesDescription& series) {
  model::LabelsBuilder builder;
  std::string name;
  std::optional<double> bound;
  for (const auto& [label, value] : series.labels) {
    if (label == model::kMetricNameLabel) {
      name = value;
    } else if (label == "le") {
      bound = query::ParseFloat(value);
    } else {
      builder.Set(label, value);
    }
  }
  const bool is_bucket = bound.has_value() && CutSuffix("_bucket", &name);
  const bool is_count = !is_bucket && CutSuffix("_count", &name);
  const bool is_sum = !is_bucket && !is_count && CutSuffix("_sum", &name);
  if (!is_bucket && !is_count && !is_sum) return;
  builder.Set(model::kMetricNameLabel, name);
  Snapshots& snapshots = by_labels_[std::string(builder.Build().bytes())];
  for (size_t i = 0; i < series.values.size(); ++i) {
    if (series.values[i].kind != promql::SeriesValue::Kind::kFloat) continue;
    Snapshot& snapshot = snapshots[static_cast<int64_t>(i) * step_ms_];
    const double number = series.values[i].number;
    if (is_bucket) {
      snapshot.buckets[*bound] = number;
    } else if (is_count) {
      snapshot.count = number;
    } else {
      snapshot.sum = number;
    }
  }
}

std::optional<model::FloatHistogram> CustomBucketConverter::ToHistogram(const Snapshot& snapshot) {
  if (snapshot.buckets.empty()) return std::nullopt;
  std::map<double, double> buckets = snapshot.buckets;
  const double count = snapshot.count.value_or(buckets.rbegin()->second);
  buckets.try_emplace(kInfinity, count);
  model::FloatHistogram histogram;
  histogram.schema = model::kCustomBucketsSchema;
  histogram.count = count;
  histogram.sum = snapshot.sum;
  double below = 0;
  for (const auto& [bound, cumulative] : buckets) {
    if (bound != kInfinity) histogram.custom_values.push_back(bound);
    histogram.positive_buckets.push_back(cumulative - below);
    below = cumulative;
  }
  histogram.positive_spans = {{0, static_cast<uint32_t>(histogram.positive_buckets.size())}};
  query::Compact(&histogram);
  return histogram;
}

std::vector<std::pair<model::Labels, std::vector<LoadedSample>>> CustomBucketConverter::Convert()
    const {
  std::vector<std::pair<model::Labels, std::vector<LoadedSample>>> result;
  for (const auto& [bytes, snapshots] : by_labels_) {
    std::vector<LoadedSample> samples;
    for (const auto& [time, snapshot] : snapshots) {
      std::optional<model::FloatHistogram> histogram = ToHistogram(snapshot);
      if (!histogram.has_value()) continue;
      samples.push_back({time, 0, 0, std::move(histogram)});
    }
    if (!samples.empty()) {
      result.emplace_back(model::Labels::FromCanonical(bytes), std::move(samples));
    }
  }
  return result;
}

}  // namespace tidegate::conformance
