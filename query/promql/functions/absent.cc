#include "query/promql/functions/absent.h"

#include <set>
#include <string>
#include <vector>

#include "model/matcher.h"

namespace tidegate::promql {
namespace {

// A label that is demanded twice is left out, even with equal values: so does Prometheus.
model::Labels LabelsOf(const Expr& arg) {
  const Expr& expr = WithoutParens(arg);
  const VectorSelector* selector = If<VectorSelector>(&expr);
  if (const auto* matrix = If<MatrixSelector>(&expr)) selector = matrix->selector.get();
  if (selector == nullptr) return model::Labels();
  model::LabelsBuilder builder;
  std::set<std::string> seen;
  for (const model::Matcher& matcher : selector->matchers) {
    if (matcher.name == model::kMetricNameLabel) continue;
    if (matcher.type == model::MatchType::kEqual && seen.insert(matcher.name).second) {
      builder.Set(matcher.name, matcher.value);
    } else {
      builder.Erase(matcher.name);
    }
  }
  return builder.Build();
}

}  // namespace

StepVector AbsentSteps(const StepVector& vector, size_t steps, const Expr& arg) {
  std::vector<bool> present(steps);
  for (const StepSeries& series : vector) {
    for (size_t i = 0; i < steps; ++i) {
      if (series.has(i)) present[i] = true;
    }
  }
  StepSeries series(LabelsOf(arg), steps);
  for (size_t i = 0; i < steps; ++i) {
    if (!present[i]) series.SetFloat(i, 1);
  }
  StepVector result;
  if (!series.empty()) result.push_back(std::move(series));
  return result;
}

absl::StatusOr<Value> Absent(InstantCall& call) {
  return Value(AbsentSteps(call.TakeVector(0), call.grid.size(), *call.node.args[0]));
}

}  // namespace tidegate::promql
