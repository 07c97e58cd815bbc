#include "query/logql/metric/vector_aggregation.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace tidegate::logql {
namespace {

// Groups do not tell labels without a value from none.
model::Labels WithValues(const model::Labels& labels) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const model::Label& label : labels) pairs.emplace_back(label.name, label.value);
  return model::Labels(std::move(pairs));
}

using Groups = std::map<model::Labels, std::vector<MetricSeries>>;

Groups Grouped(const std::optional<Grouping>& grouping, std::vector<MetricSeries> series) {
  Groups groups;
  for (MetricSeries& one : series) {
    model::Labels labels;
    if (grouping.has_value()) {
      model::LabelsBuilder builder(one.labels);
      labels = grouping->without ? builder.Drop(grouping->labels).Build()
                                 : builder.Keep(grouping->labels).Build();
      labels = WithValues(labels);
    }
    groups[std::move(labels)].push_back(std::move(one));
  }
  return groups;
}

// The smallest or largest value that is a number; NaN without any.
double Extreme(const std::vector<double>& values, bool largest) {
  double extreme = NAN;
  for (const double value : values) {
    const bool better = largest ? value > extreme : value < extreme;
    if (better || std::isnan(extreme)) extreme = value;
  }
  return extreme;
}

// Of the values of one group at one step; at least one.
double Aggregate(VectorOp op, const std::vector<double>& values) {
  double sum = 0;
  double mean = 0;
  double squares = 0;
  double count = 0;
  for (const double value : values) {
    ++count;
    sum += value;
    const double delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
  }
  switch (op) {
    case VectorOp::kSum:
      return sum;
    case VectorOp::kAvg:
      return mean;
    case VectorOp::kMin:
      return Extreme(values, false);
    case VectorOp::kMax:
      return Extreme(values, true);
    case VectorOp::kCount:
      return count;
    case VectorOp::kStddev:
      return std::sqrt(squares / count);
    default:
      return squares / count;
  }
}

MetricSeries Joined(VectorOp op, const model::Labels& labels,
                    const std::vector<MetricSeries>& group) {
  MetricSeries joined{labels, {}};
  joined.values.resize(group.front().values.size());
  std::vector<double> values;
  for (size_t step = 0; step < joined.values.size(); ++step) {
    values.clear();
    for (const MetricSeries& one : group) {
      if (one.values[step].has_value()) values.push_back(*one.values[step]);
    }
    if (!values.empty()) joined.values[step] = Aggregate(op, values);
  }
  return joined;
}

// Takes away all but the k largest (or smallest) values of each step.
void KeepBest(size_t k, bool largest, std::vector<MetricSeries>* group) {
  std::vector<size_t> order;
  for (size_t step = 0; step < group->front().values.size(); ++step) {
    order.clear();
    for (size_t i = 0; i < group->size(); ++i) {
      if ((*group)[i].values[step].has_value()) order.push_back(i);
    }
    if (order.size() <= k) continue;
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      const double left = *(*group)[a].values[step];
      const double right = *(*group)[b].values[step];
      if (std::isnan(left) || std::isnan(right)) return !std::isnan(left) && std::isnan(right);
      return largest ? left > right : left < right;
    });
    for (size_t i = k; i < order.size(); ++i) (*group)[order[i]].values[step].reset();
  }
}

void Sort(bool descending, std::vector<MetricSeries>* series) {
  std::stable_sort(series->begin(), series->end(),
                   [descending](const MetricSeries& a, const MetricSeries& b) {
                     const double left = a.values.back().value_or(NAN);
                     const double right = b.values.back().value_or(NAN);
                     if (std::isnan(left) || std::isnan(right)) {
                       return !std::isnan(left) && std::isnan(right);
                     }
                     return descending ? left > right : left < right;
                   });
}

}  // namespace

std::vector<MetricSeries> AggregateSeries(const VectorAggregation& aggregation,
                                          std::vector<MetricSeries> series) {
  const VectorOp op = aggregation.op;
  std::sort(series.begin(), series.end(),
            [](const MetricSeries& a, const MetricSeries& b) { return a.labels < b.labels; });
  if (op == VectorOp::kSort || op == VectorOp::kSortDesc) {
    Sort(op == VectorOp::kSortDesc, &series);
    return series;
  }
  const bool chooses =
      op == VectorOp::kTopK || op == VectorOp::kBottomK || op == VectorOp::kApproxTopK;
  std::vector<MetricSeries> result;
  for (auto& [labels, group] : Grouped(aggregation.grouping, std::move(series))) {
    if (!chooses) {
      result.push_back(Joined(op, labels, group));
      continue;
    }
    KeepBest(static_cast<size_t>(aggregation.parameter), op != VectorOp::kBottomK, &group);
    for (const MetricSeries& one : group) result.push_back(one);
  }
  if (chooses) Sort(op != VectorOp::kBottomK, &result);
  return result;
}

}  // namespace tidegate::logql
