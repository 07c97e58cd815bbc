#include "query/promql/exec/range_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "query/promql/exec/evaluator.h"
#include "query/promql/exec/range_vector.h"
#include "query/promql/exec/step_samples.h"
#include "query/promql/functions/absent.h"

namespace tidegate::promql {
namespace {

using model::TimestampMs;

constexpr std::array<std::string_view, 5> kAnchoredFunctions = {"changes", "delta", "increase",
                                                                "rate", "resets"};
constexpr std::array<std::string_view, 3> kSmoothedFunctions = {"delta", "increase", "rate"};

template <size_t N>
absl::Status CheckAllowed(std::string_view modifier, std::string_view function,
                          const std::array<std::string_view, N>& allowed) {
  if (std::find(allowed.begin(), allowed.end(), function) != allowed.end()) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      fmt::format("{} modifier can only be used with: {} - not with {}", modifier,
                  fmt::join(allowed, ", "), function));
}

absl::Status CheckModifiers(const Expr& range, std::string_view function) {
  const auto* matrix = If<MatrixSelector>(&range);
  if (matrix == nullptr) return absl::OkStatus();
  if (matrix->selector->anchored) return CheckAllowed("anchored", function, kAnchoredFunctions);
  if (matrix->selector->smoothed) return CheckAllowed("smoothed", function, kSmoothedFunctions);
  return absl::OkStatus();
}

bool LooksLikeCounter(std::string_view metric) {
  return metric.ends_with("_total") || metric.ends_with("_sum") || metric.ends_with("_count") ||
         metric.ends_with("_bucket");
}

bool HasFloat(const StepSeries& series) {
  return std::find(series.kinds.begin(), series.kinds.end(), SampleKind::kFloat) !=
         series.kinds.end();
}

// The samples that the function looks at; those of windows that overlap count in each.
size_t WorkOf(const WindowIndex& windows) {
  size_t samples = 0;
  for (size_t i = 0; i < windows.begin.size(); ++i) samples += windows.end[i] - windows.begin[i];
  return samples;
}

// Runs the function over all series.
class RangeEvaluation {
 public:
  RangeEvaluation(const Call& call, const RangeVector& vector, const RangeCall& range_call,
                  const QueryContext& context)
      : name_(call.function->name), vector_(vector), call_(range_call), context_(context) {}

  absl::StatusOr<StepVector> Run(RangeFunctionFactory factory) {
    const std::unique_ptr<RangeFunction> function = factory(call_);
    WindowIndexCache index(vector_.windows);
    Checkpoint checkpoint(context_);
    std::vector<TimestampMs> histogram_times;
    StepVector result;
    result.reserve(vector_.series.size());
    for (const RangeVectorSeries& series : vector_.series) {
      StepSeries out(series.labels, call_.steps());
      histogram_times.clear();
      for (const HistogramAt& at : series.samples.histograms) {
        histogram_times.push_back(at.timestamp);
      }
      const WindowIndex histograms = HistogramIndex(histogram_times);
      const SeriesWindows windows{index.Get(series.samples.times), histograms};
      if (context_.samples != nullptr) {
        context_.samples->Add(index.Get(series.samples.times));
        context_.samples->Add(histograms, series.samples.histograms);
      }
      absl::Status status = function->Apply(series.samples, windows, &out);
      if (status.ok())
        status = checkpoint.Pass(WorkOf(windows.floats) + WorkOf(histograms) + call_.steps());
      if (!status.ok()) return status;
      if (out.empty()) continue;
      out.drop_name = KeepsName() ? series.drop_name : true;
      NoteNonCounter(out);
      status = context_.budget.Hold(out.bytes());
      if (!status.ok()) return status;
      result.push_back(std::move(out));
    }
    return result;
  }

 private:
  // These two are like an offset.
  bool KeepsName() const { return name_ == "last_over_time" || name_ == "first_over_time"; }

  WindowIndex HistogramIndex(const std::vector<TimestampMs>& times) {
    if (!times.empty()) return IndexWindows(times, vector_.windows);
    if (empty_.begin.empty()) {
      empty_.begin.resize(call_.steps());
      empty_.end.resize(call_.steps());
    }
    return empty_;
  }

  void NoteNonCounter(const StepSeries& series) const {
    if (name_ != "rate" && name_ != "increase") return;
    const std::string_view metric = series.labels.metric_name();
    if (metric.empty() || LooksLikeCounter(metric) || !HasFloat(series)) return;
    call_.annotations->Inform(PossibleNonCounterText(metric), call_.first_position);
  }

  const std::string_view name_;
  const RangeVector& vector_;
  const RangeCall& call_;
  const QueryContext& context_;
  WindowIndex empty_;
};

// Where Prometheus says that an annotation comes from: it has evaluated subqueries before, and lost
// their places.
PositionRange NotedPosition(const Expr& expr) {
  return expr.kind() == NodeKind::kSubquery ? PositionRange{} : expr.position;
}

}  // namespace

absl::StatusOr<Value> EvaluateRangeCall(const Call& call, RangeFunctionFactory factory,
                                        const StepGrid& grid, QueryContext& context) {
  const Expr* range = nullptr;
  std::vector<ScalarColumn> scalars;
  for (const ExprPtr& arg : call.args) {
    const Expr& expr = WithoutParens(*arg);
    if (expr.type() == ValueType::kMatrix) {
      range = &expr;
      continue;
    }
    absl::StatusOr<ScalarColumn> scalar = EvaluateScalar(expr, grid, context);
    if (!scalar.ok()) return scalar.status();
    scalars.push_back(*std::move(scalar));
  }
  if (range == nullptr) return absl::InternalError("a range function without a range vector");
  absl::Status status = CheckModifiers(*range, call.function->name);
  if (!status.ok()) return status;
  absl::StatusOr<RangeVector> vector = MakeRangeVector(*range, grid, context);
  if (!vector.ok()) return vector.status();

  const RangeCall range_call{.windows = vector->windows,
                             .scalars = std::move(scalars),
                             .position = NotedPosition(*range),
                             .first_position = NotedPosition(WithoutParens(*call.args[0])),
                             .anchored = vector->anchored,
                             .smoothed = vector->smoothed,
                             .annotations = &context.annotations,
                             .request = &context.request};
  absl::StatusOr<StepVector> result =
      RangeEvaluation(call, *vector, range_call, context).Run(factory);
  if (!result.ok()) return result.status();
  if (call.function->name == "absent_over_time") {
    return Value(AbsentSteps(*result, grid.size(), *call.args[0]));
  }
  return Value(*std::move(result));
}

}  // namespace tidegate::promql
