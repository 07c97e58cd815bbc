#include "query/promql/value/annotations.h"

#include <fmt/format.h>

#include <algorithm>

#include "absl/time/time.h"
#include "model/quote.h"
#include "query/vector/go_float.h"

namespace tidegate::promql {
namespace {

using model::Quoted;
using query::FormatG;

constexpr size_t kMaxShown = 10;

std::string ForMetric(std::string text, std::string_view metric) {
  if (!metric.empty()) text += fmt::format(" for metric name {}", Quoted(metric));
  return text;
}

std::vector<std::string> Shown(std::vector<std::string> texts, std::string_view kind) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  if (texts.size() <= kMaxShown) return texts;
  const size_t omitted = texts.size() - kMaxShown;
  texts.resize(kMaxShown);
  texts.push_back(fmt::format("{} more {} annotations omitted", omitted, kind));
  return texts;
}

std::string Rfc3339(model::TimestampMs time) {
  std::string text =
      absl::FormatTime("%Y-%m-%d%ET%H:%M:%E*SZ", absl::FromUnixMillis(time), absl::UTCTimeZone());
  return text;
}

}  // namespace

void Annotations::Warn(std::string text, PositionRange position) {
  warnings_.insert_or_assign(std::move(text), position.start);
}

void Annotations::Inform(std::string text, PositionRange position) {
  infos_.insert_or_assign(std::move(text), position.start);
}

void Annotations::Repairs::Add(const Repairs& other) {
  if (count == 0 || place != other.place) {
    *this = other;
    return;
  }
  first = std::min(first, other.first);
  last = std::max(last, other.last);
  count += other.count;
  min_bound = std::min(min_bound, other.min_bound);
  max_bound = std::max(max_bound, other.max_bound);
  max_difference = std::max(max_difference, other.max_difference);
}

void Annotations::InformRepair(std::string_view metric, PositionRange position,
                               const MonotonicityRepair& repair) {
  std::string text = ForMetric(
      "input to histogram_quantile needed to be fixed for monotonicity (see "
      "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)",
      metric);
  repairs_[std::move(text)].Add({position.start, repair.time, repair.time, 1, repair.min_bound,
                                 repair.max_bound, repair.max_difference});
}

void Annotations::Merge(const Annotations& other) {
  for (const auto& [text, place] : other.warnings_) warnings_.insert_or_assign(text, place);
  for (const auto& [text, place] : other.infos_) infos_.insert_or_assign(text, place);
  for (const auto& [text, repairs] : other.repairs_) repairs_[text].Add(repairs);
}

std::string Annotations::RepairText(const std::string& base, const Repairs& repairs) {
  return fmt::format(
      "{}, from buckets {} to {}, with a max diff of {}, over {} samples from {} to {}", base,
      FormatG(repairs.min_bound), FormatG(repairs.max_bound),
      query::FormatG2(repairs.max_difference), repairs.count, Rfc3339(repairs.first),
      Rfc3339(repairs.last));
}

std::vector<std::string> Annotations::Warnings(std::string_view query) const {
  std::vector<std::string> texts;
  for (const auto& [text, position] : warnings_) {
    texts.push_back(fmt::format("PromQL warning: {} ({})", text, LineAndColumn(query, position)));
  }
  return Shown(std::move(texts), "warning");
}

std::vector<std::string> Annotations::Infos(std::string_view query) const {
  std::vector<std::string> texts;
  const auto add = [&](std::string_view text, int32_t position) {
    texts.push_back(fmt::format("PromQL info: {} ({})", text, LineAndColumn(query, position)));
  };
  for (const auto& [text, position] : infos_) add(text, position);
  for (const auto& [text, repairs] : repairs_) add(RepairText(text, repairs), repairs.place);
  return Shown(std::move(texts), "info");
}

std::string LineAndColumn(std::string_view query, int32_t offset) {
  if (offset < 0 || static_cast<size_t>(offset) > query.size()) return "invalid position";
  const std::string_view before = query.substr(0, static_cast<size_t>(offset));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const size_t last_break = before.rfind('\n');
  const size_t column =
      last_break == std::string_view::npos ? before.size() + 1 : before.size() - last_break;
  return fmt::format("{}:{}", lines + 1, column);
}

std::string InvalidQuantileText(double q) {
  return fmt::format("quantile value should be between 0 and 1, got {}", FormatG(q));
}

std::string InvalidRatioText(double ratio, double cap) {
  return fmt::format("ratio value should be between -1 and 1, got {}, capping to {}",
                     FormatG(ratio), FormatG(cap));
}

std::string BadBucketLabelText(std::string_view metric, std::string_view label) {
  return ForMetric(
      fmt::format("bucket label \"le\" is missing or has a malformed value of {}", Quoted(label)),
      metric);
}

std::string MixedFloatsHistogramsText(std::string_view metric) {
  return fmt::format("encountered a mix of histograms and floats for metric name {}",
                     Quoted(metric));
}

std::string MixedFloatsHistogramsAggregationText() {
  return "encountered a mix of histograms and floats for aggregation";
}

std::string MixedClassicNativeText(std::string_view metric) {
  return ForMetric("vector contains a mix of classic and native histograms", metric);
}

std::string NotCounterText(std::string_view metric) {
  return fmt::format("this native histogram metric is not a counter: {}", Quoted(metric));
}

std::string NotGaugeText(std::string_view metric) {
  return fmt::format("this native histogram metric is not a gauge: {}", Quoted(metric));
}

std::string MixedSchemasText(std::string_view metric) {
  return fmt::format(
      "vector contains a mix of histograms with exponential and custom buckets schemas for metric "
      "name {}",
      Quoted(metric));
}

std::string IncompatibleBucketsText(std::string_view op) {
  return fmt::format("incompatible bucket layout encountered for binary operator {}", op);
}

std::string CounterResetCollisionText(std::string_view operation) {
  return fmt::format("conflicting counter resets during histogram {}", operation);
}

std::string StartTimeOverlapText(std::string_view metric) {
  return fmt::format(
      "sample has start time that overlaps with previous sample timestamp for metric {}",
      Quoted(metric));
}

std::string IneffectiveSortText() {
  return "sort is ineffective for range queries since results are always ordered by labels";
}

std::string PossibleNonCounterText(std::string_view metric) {
  return fmt::format(
      "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: {}",
      Quoted(metric));
}

std::string IncompatibleTypesText(std::string_view lhs, std::string_view op, std::string_view rhs) {
  return fmt::format("incompatible sample types encountered for binary operator {}: {} {} {}",
                     Quoted(op), lhs, op, rhs);
}

std::string HistogramIgnoredInAggregationText(std::string_view aggregation) {
  return fmt::format("ignored histogram in {} aggregation", aggregation);
}

std::string HistogramIgnoredInMixedRangeText(std::string_view metric) {
  return fmt::format(
      "ignored histograms in a range containing both floats and histograms for metric name {}",
      Quoted(metric));
}

std::string QuantileNanResultText(std::string_view metric) {
  return ForMetric("input to histogram_quantile has NaN observations, result is NaN", metric);
}

std::string QuantileNanSkewText(std::string_view metric) {
  return ForMetric("input to histogram_quantile has NaN observations, result is skewed higher",
                   metric);
}

std::string FractionNansText(std::string_view metric) {
  return ForMetric(
      "input to histogram_fraction has NaN observations, which are excluded from all fractions",
      metric);
}

std::string ReconciledBoundsText(std::string_view operation) {
  return fmt::format("mismatched custom buckets were reconciled during {}", operation);
}

}  // namespace tidegate::promql
