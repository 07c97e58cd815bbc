#include "query/promql/exec/call.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

#include "query/promql/exec/evaluator.h"
#include "query/promql/exec/info.h"
#include "query/promql/exec/instant_selector.h"
#include "query/promql/exec/range_call.h"
#include "query/promql/functions/function_table.h"

namespace tidegate::promql {
namespace {

double Seconds(int64_t ms) { return static_cast<double>(ms) / 1000; }

// start(), end(), range(), step(): constants of the whole query.
absl::StatusOr<Value> WindowConstant(std::string_view name, const StepGrid& grid,
                                     const QueryContext& context) {
  const QueryWindow& window = context.window;
  double value = 0;
  if (name == "start") {
    value = Seconds(window.start_ms);
  } else if (name == "end") {
    value = Seconds(window.end_ms);
  } else if (name == "range") {
    value = Seconds(window.end_ms - window.start_ms);
  } else if (name == "step") {
    value = Seconds(window.step_ms);
  } else {
    return absl::InternalError(fmt::format("function {} is not implemented", name));
  }
  return Value(ScalarColumn(grid.size(), value));
}

absl::StatusOr<Value> CallInstant(const Call& call, InstantFunction function, const StepGrid& grid,
                                  QueryContext& context) {
  InstantCall evaluated{.grid = grid,
                        .node = call,
                        .args = {},
                        .annotations = &context.annotations,
                        .pacer = context.pacer};
  for (const ExprPtr& arg : call.args) {
    absl::StatusOr<Value> value = Evaluate(*arg, grid, context);
    if (!value.ok()) return value;
    evaluated.args.push_back(*std::move(value));
  }
  return function(evaluated);
}

// start_timestamp() of anything that is not a selector has no start timestamps to show.
absl::StatusOr<Value> StartTimestampOfExpression(const Call& call, const StepGrid& grid,
                                                 QueryContext& context) {
  absl::StatusOr<Value> value = Evaluate(*call.args[0], grid, context);
  if (!value.ok()) return value;
  return Value(StepVector());
}

}  // namespace

absl::StatusOr<Value> EvaluateCall(const Call& call, const StepGrid& grid, QueryContext& context) {
  const std::string_view name = call.function->name;
  if (name == "info") return EvaluateInfo(call, grid, context);
  if (name == "timestamp" || name == "start_timestamp") {
    const Expr& arg = WithoutParens(*call.args[0]);
    const auto* selector = If<VectorSelector>(&arg);
    if (selector != nullptr) {
      const SampleField field =
          name == "timestamp" ? SampleField::kTimestamp : SampleField::kStartTimestamp;
      return EvaluateSelectorField(*selector, field, grid, context);
    }
    if (name == "start_timestamp") return StartTimestampOfExpression(call, grid, context);
  }
  const FunctionImplementation* function = FindImplementation(name);
  if (function == nullptr) return WindowConstant(name, grid, context);
  if (function->range != nullptr) return EvaluateRangeCall(call, function->range, grid, context);
  return CallInstant(call, function->instant, grid, context);
}

}  // namespace tidegate::promql
