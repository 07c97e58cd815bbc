// How functions are called.
//
// A function is one of two things: an instant function works on whole columns of its evaluated
// arguments; a range function works on one series of a range vector at a time, for all steps.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_FUNCTION_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_FUNCTION_H_

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/request_context.h"
#include "query/promql/syntax/ast.h"
#include "query/promql/value/annotations.h"
#include "query/promql/value/range_series.h"
#include "query/promql/value/value.h"

namespace tidegate::promql {

// A call whose arguments have been evaluated over `grid`. Functions may take the arguments apart.
struct InstantCall {
  const StepGrid& grid;
  const Call& node;
  std::vector<Value> args;  // As in node.args.
  Annotations* annotations;
  query::Pacer* pacer = nullptr;  // nullptr = none.

  StepVector TakeVector(size_t i) { return std::get<StepVector>(std::move(args[i])); }
  const ScalarColumn& Scalar(size_t i) const { return std::get<ScalarColumn>(args[i]); }
  const std::string& Text(size_t i) const { return std::get<std::string>(args[i]); }
  // Where annotations about argument i point to; parentheses around it do not count.
  PositionRange ArgPosition(size_t i) const;
};

// Errors are FailedPrecondition with Prometheus' text.
using InstantFunction = absl::StatusOr<Value> (*)(InstantCall& call);

// What is the same for all series of a call to a range function.
struct RangeCall {
  const RangeWindows& windows;
  std::vector<ScalarColumn> scalars;  // The arguments that are not the range vector, in order.
  PositionRange position;             // Of the range vector.
  PositionRange first_position;       // Of the first argument.
  bool anchored = false;
  bool smoothed = false;
  Annotations* annotations;
  const model::RequestContext* request;

  size_t steps() const { return windows.grid.size(); }
};

// The windows of one series. While a call is evaluated, the same object is the same times.
struct SeriesWindows {
  const WindowIndex& floats;
  const WindowIndex& histograms;
};

// Evaluates one call. Owned by one thread, so that it may keep scratch memory between series. The
// call must outlive it.
class RangeFunction {
 public:
  virtual ~RangeFunction() = default;
  // Fills in the steps that have a result; `out` comes without samples.
  virtual absl::Status Apply(const RangeSeries& series, const SeriesWindows& windows,
                             StepSeries* out) = 0;
};

using RangeFunctionFactory = std::unique_ptr<RangeFunction> (*)(const RangeCall& call);

// `expr` without parentheses around it.
const Expr& WithoutParens(const Expr& expr);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_FUNCTION_H_
