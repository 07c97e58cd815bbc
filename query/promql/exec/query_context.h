// What all parts of one query's evaluation share.
#ifndef TIDEGATE_QUERY_PROMQL_EXEC_QUERY_CONTEXT_H_
#define TIDEGATE_QUERY_PROMQL_EXEC_QUERY_CONTEXT_H_

#include <algorithm>
#include <cstdint>
#include <optional>

#include "model/request_context.h"
#include "query/promql/syntax/ast.h"
#include "query/promql/syntax/duration_resolver.h"
#include "query/promql/value/annotations.h"
#include "query/vector/budget.h"
#include "query/vector/pacer.h"
#include "query/vector/step_grid.h"
#include "storage/series_source.h"

namespace tidegate::promql {

class SelectorData;
class StepInvariance;
class StepSamples;

// Owned by the query; used by one thread at a time.
struct QueryContext {
  const model::RequestContext& request;
  storage::SeriesSource& source;
  query::Budget& budget;
  query::Pacer* pacer = nullptr;
  Annotations& annotations;
  QueryWindow window;  // Of the whole query, whatever subquery is at hand.
  int64_t lookback_ms = 0;
  int64_t default_subquery_step_ms = 0;
  const SelectorData* data = nullptr;  // All selectors, loaded.
  const StepInvariance* invariance = nullptr;
  StepSamples* samples = nullptr;  // Of the grid at hand; nullptr when nobody counts.

  // The fixed evaluation time of `@`, if there is one.
  std::optional<model::TimestampMs> At(const TimeModifiers& time) const {
    switch (time.anchor) {
      case AtAnchor::kStart:
        return window.start_ms;
      case AtAnchor::kEnd:
        return window.end_ms;
      case AtAnchor::kNone:
        break;
    }
    // Nothing is stored beyond these bounds, and between them offsets and ranges cannot overflow.
    if (!time.timestamp_ms.has_value()) return std::nullopt;
    return std::clamp(*time.timestamp_ms, model::kMinTimestamp, model::kMaxTimestamp);
  }
};

// The steps at which the expression inside a subquery is evaluated when the subquery itself is
// evaluated over `outer`: multiples of its own step, the first one just behind the start of the
// earliest window.
query::StepGrid SubqueryGrid(const SubqueryExpr& subquery, const query::StepGrid& outer,
                             const QueryContext& context);

// Steps aside now and then, and asks whether the query should go on.
class Checkpoint {
 public:
  explicit Checkpoint(const QueryContext& context) : context_(context) {}

  // To be called with every bit of work, measured in samples.
  absl::Status Pass(size_t samples) {
    work_ += samples + 1;
    if (work_ < kInterval) return absl::OkStatus();
    work_ = 0;
    if (context_.pacer != nullptr) context_.pacer->Pass();
    return context_.request.Check();
  }

 private:
  static constexpr size_t kInterval = 8192;

  const QueryContext& context_;
  size_t work_ = 0;
};

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_EXEC_QUERY_CONTEXT_H_
