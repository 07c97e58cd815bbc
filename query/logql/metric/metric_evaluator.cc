#include "query/logql/metric/metric_evaluator.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <map>
#include <string>
#include <utility>

#include "query/logql/metric/binary_operation.h"
#include "query/logql/metric/sample_loader.h"
#include "query/logql/metric/vector_aggregation.h"
#include "query/logql/metric/window_aggregation.h"

namespace tidegate::logql {
namespace {

// 1 wherever no series has a value; its labels are those that `=` matchers name.
MetricSeries Absent(const RangeAggregation& aggregation, const MetricGrid& grid,
                    const std::vector<SampleSeries>& series) {
  MetricSeries absent;
  model::LabelsBuilder labels;
  for (const model::Matcher& matcher : aggregation.range.log.matchers) {
    if (matcher.type == model::MatchType::kEqual) labels.Set(matcher.name, matcher.value);
  }
  absent.labels = labels.Build();
  absent.values.assign(grid.size(), 1.0);
  RangeAggregation count;
  count.range.range_ns = aggregation.range.range_ns;
  count.range.offset_ns = aggregation.range.offset_ns;
  for (const SampleSeries& one : series) {
    const auto counts = one.totals != nullptr ? AggregateTotals(count, *one.totals)
                                              : AggregateWindows(count, grid, one.samples);
    for (size_t step = 0; step < counts.size(); ++step) {
      if (counts[step].has_value()) absent.values[step].reset();
    }
  }
  return absent;
}

absl::Status SeriesWanted() {
  return absl::InvalidArgumentError("unexpected type (*syntax.LiteralExpr): series are wanted");
}

// The range aggregation whose samples may be added up by the sum's groups at once, so that fewer
// series are made and fewer fields of lines are needed; null: there is none. Loki's
// canInjectVectorGrouping.
const RangeAggregation* SummedRange(const VectorAggregation& aggregation) {
  const auto* const range = std::get_if<RangeAggregation>(&aggregation.inner->node);
  if (aggregation.op != VectorOp::kSum || range == nullptr || range->grouping.has_value()) {
    return nullptr;
  }
  switch (range->op) {
    case RangeOp::kCount:
    case RangeOp::kRate:
    case RangeOp::kBytes:
    case RangeOp::kBytesRate:
    case RangeOp::kSum:
      return range;
    default:
      return nullptr;
  }
}

// $1 and ${name} as RE2's \1: from Go's templates to what RE2 rewrites with.
std::string Expanded(const re2::RE2& regex, const std::string& replacement,
                     const std::vector<re2::StringPiece>& groups) {
  std::string text;
  for (size_t at = 0; at < replacement.size(); ++at) {
    if (replacement[at] != '$' || at + 1 == replacement.size()) {
      text += replacement[at];
      continue;
    }
    if (replacement[at + 1] == '$') {
      text += replacement[++at];
      continue;
    }
    const bool braces = replacement[at + 1] == '{';
    const size_t begin = at + (braces ? 2 : 1);
    size_t end = begin;
    while (end < replacement.size() &&
           (std::isalnum(static_cast<unsigned char>(replacement[end])) != 0 ||
            replacement[end] == '_')) {
      ++end;
    }
    const std::string name = replacement.substr(begin, end - begin);
    size_t group = groups.size();
    if (!name.empty() && name.find_first_not_of("0123456789") == name.npos && name.size() < 4) {
      group = std::stoul(name);
    } else if (const auto known = regex.NamedCapturingGroups().find(name);
               known != regex.NamedCapturingGroups().end()) {
      group = static_cast<size_t>(known->second);
    }
    if (group < groups.size()) text.append(groups[group].data(), groups[group].size());
    at = braces ? std::min(end, replacement.size() - 1) : end - 1;
  }
  return text;
}

}  // namespace

absl::StatusOr<MetricValue> MetricEvaluator::Evaluate(const SampleExpr& expr) {
  if (absl::Status status = context_.Check(); !status.ok()) return status;
  if (const auto* literal = std::get_if<LiteralExpr>(&expr.node)) return literal->value;
  if (const auto* vector = std::get_if<VectorExpr>(&expr.node)) {
    MetricSeries series;
    series.values.assign(grid_.size(), vector->value);
    return std::vector<MetricSeries>{std::move(series)};
  }
  if (const auto* range = std::get_if<RangeAggregation>(&expr.node)) {
    return Range(*range, range->grouping);
  }
  if (const auto* vector = std::get_if<VectorAggregation>(&expr.node)) return Vector(*vector);
  if (const auto* binary = std::get_if<BinaryExpr>(&expr.node)) return Binary(*binary);
  return Replace(std::get<LabelReplaceExpr>(expr.node));
}

absl::StatusOr<std::vector<MetricSeries>> MetricEvaluator::Series(const SampleExpr& expr) {
  absl::StatusOr<MetricValue> value = Evaluate(expr);
  if (!value.ok()) return value.status();
  if (std::holds_alternative<double>(*value)) return SeriesWanted();
  return std::get<std::vector<MetricSeries>>(*std::move(value));
}

absl::StatusOr<MetricValue> MetricEvaluator::Range(const RangeAggregation& aggregation,
                                                   const std::optional<Grouping>& grouping) {
  const absl::StatusOr<std::vector<SampleSeries>> loaded =
      LoadSamples(context_, aggregation, grouping, grid_, source_, budget_, &stats_);
  if (!loaded.ok()) return loaded.status();
  if (aggregation.op == RangeOp::kAbsent) {
    return std::vector<MetricSeries>{Absent(aggregation, grid_, *loaded)};
  }
  std::vector<MetricSeries> series;
  for (const SampleSeries& one : *loaded) {
    absl::Status status = context_.Check();
    if (status.ok()) status = budget_.Hold(grid_.size() * sizeof(std::optional<double>));
    if (!status.ok()) return status;
    series.push_back({one.labels, one.totals != nullptr
                                      ? AggregateTotals(aggregation, *one.totals)
                                      : AggregateWindows(aggregation, grid_, one.samples)});
  }
  return series;
}

absl::StatusOr<MetricValue> MetricEvaluator::Vector(const VectorAggregation& aggregation) {
  if (aggregation.op == VectorOp::kApproxTopK && grid_.size() > 1) {
    return absl::InvalidArgumentError("approx_topk is only supported on instant queries");
  }
  const RangeAggregation* const summed = SummedRange(aggregation);
  absl::StatusOr<MetricValue> inner =
      summed == nullptr ? Evaluate(*aggregation.inner)
                        : Range(*summed, aggregation.grouping.value_or(Grouping()));
  if (!inner.ok()) return inner;
  if (std::holds_alternative<double>(*inner)) return SeriesWanted();
  return AggregateSeries(aggregation, std::get<std::vector<MetricSeries>>(*std::move(inner)));
}

absl::StatusOr<MetricValue> MetricEvaluator::Binary(const BinaryExpr& binary) {
  absl::StatusOr<MetricValue> left = Evaluate(*binary.left);
  if (!left.ok()) return left;
  absl::StatusOr<MetricValue> right = Evaluate(*binary.right);
  if (!right.ok()) return right;
  auto combined = Combine(binary, *std::move(left), *std::move(right));
  if (!combined.ok()) return combined.status();
  return *std::move(combined);
}

absl::StatusOr<MetricValue> MetricEvaluator::Replace(const LabelReplaceExpr& replace) {
  absl::StatusOr<std::vector<MetricSeries>> series = Series(*replace.inner);
  if (!series.ok()) return series.status();
  const re2::RE2 regex("^(?s:" + replace.regex + ")$", re2::RE2::Quiet);
  std::map<model::Labels, bool> seen;
  for (MetricSeries& one : *series) {
    const std::string value(one.labels.Get(replace.source));
    std::vector<re2::StringPiece> groups(static_cast<size_t>(regex.NumberOfCapturingGroups()) + 1);
    if (regex.Match(value, 0, value.size(), re2::RE2::ANCHOR_BOTH, groups.data(),
                    static_cast<int>(groups.size()))) {
      model::LabelsBuilder labels(one.labels);
      labels.Set(replace.destination, Expanded(regex, replace.replacement, groups));
      one.labels = labels.Build();
    }
    if (!seen.emplace(one.labels, true).second) {
      return absl::InvalidArgumentError("vector cannot contain metrics with the same labelset");
    }
  }
  return *std::move(series);
}

}  // namespace tidegate::logql
