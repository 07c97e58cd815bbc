#include "query/logql/engine/engine.h"

#include <utility>
#include <variant>

#include "absl/time/clock.h"
#include "model/matcher.h"
#include "query/logql/engine/log_collector.h"
#include "query/logql/lines/wanted_fields.h"
#include "query/logql/pipeline/pipeline.h"
#include "query/logql/syntax/parser.h"

namespace tidegate::logql {
namespace {

storage::LogOrder OrderOf(query::LogDirection direction) {
  return direction == query::LogDirection::kForward ? storage::LogOrder::kForward
                                                    : storage::LogOrder::kBackward;
}

absl::StatusOr<storage::LogSelection> SelectionOf(const LogExpr& log, const Pipeline& pipeline,
                                                  const query::LogRangeRequest& request) {
  storage::LogSelection selection;
  auto matchers = model::CompileMatchers(log.matchers);
  if (!matchers.ok()) return matchers.status();
  selection.matchers = *std::move(matchers);
  selection.range = {request.start, request.end};
  selection.tests = pipeline.line_tests();
  selection.order = OrderOf(request.direction);
  // What later stages or an interval drop makes room for others.
  if (pipeline.empty() && request.interval_ns == 0) selection.limit = request.limit;
  return selection;
}

}  // namespace

absl::StatusOr<query::LogQueryResult> RunLogQuery(const model::RequestContext& context,
                                                  const query::LogRangeRequest& request,
                                                  storage::LogSource& source,
                                                  const EngineOptions& options) {
  const absl::Time begin = absl::Now();
  const absl::StatusOr<Expr> expr = ParseExpr(request.query);
  if (!expr.ok()) return expr.status();
  const auto* const log = std::get_if<LogExpr>(&*expr);
  if (log == nullptr) return absl::UnimplementedError("metric queries are not supported yet");
  const WantedFields everything;
  absl::StatusOr<Pipeline> pipeline = Pipeline::Compile(log->stages, &everything);
  if (!pipeline.ok()) return pipeline.status();
  absl::StatusOr<storage::LogSelection> selection = SelectionOf(*log, *pipeline, request);
  if (!selection.ok()) return selection.status();
  query::Budget budget(options.limits, options.memory);
  LogCollector collector({OrderOf(request.direction), request.limit, request.interval_ns},
                         &*pipeline, &budget);
  absl::Status status = source.SelectLogs(context, *selection, collector);
  if (!status.ok()) return status;
  query::LogQueryResult result;
  result.value = collector.Take();
  result.stats = collector.stats();
  result.stats.exec_seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  return result;
}

}  // namespace tidegate::logql
