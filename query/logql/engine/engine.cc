#include "query/logql/engine/engine.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "absl/time/clock.h"
#include "model/matcher.h"
#include "query/logql/engine/log_collector.h"
#include "query/logql/engine/time_slices.h"
#include "query/logql/lines/wanted_fields.h"
#include "query/logql/metric/metric_evaluator.h"
#include "query/logql/metric/sample_loader.h"
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

// Whether the selector's streams hold more in the range than the tenant may read.
absl::Status CheckReading(const model::RequestContext& context, const LogExpr& log,
                          const storage::LogRange& range, storage::LogSource& source,
                          const EngineOptions& options) {
  if (options.query_limits.max_bytes_read == 0) return absl::OkStatus();
  auto matchers = model::CompileMatchers(log.matchers);
  if (!matchers.ok()) return matchers.status();
  storage::StreamQuery streams;
  streams.selections.push_back(*std::move(matchers));
  streams.range = range;
  const auto volumes = source.StreamVolumes(context, streams);
  if (!volumes.ok()) return volumes.status();
  uint64_t bytes = 0;
  for (const storage::StreamVolume& volume : *volumes) bytes += volume.bytes;
  return CheckBytesRead(options.query_limits, bytes);
}

absl::StatusOr<query::LogQueryResult> RunLog(const model::RequestContext& context,
                                             const LogExpr& log,
                                             const query::LogRangeRequest& request,
                                             storage::LogSource& source,
                                             const EngineOptions& options) {
  const WantedFields everything;
  absl::StatusOr<Pipeline> pipeline = Pipeline::Compile(log.stages, &everything);
  if (!pipeline.ok()) return pipeline.status();
  absl::StatusOr<storage::LogSelection> selection = SelectionOf(log, *pipeline, request);
  if (!selection.ok()) return selection.status();
  absl::Status status = CheckReading(context, log, selection->range, source, options);
  if (!status.ok()) return status;
  query::Budget budget(options.limits, options.memory);
  LogCollector collector({OrderOf(request.direction), request.limit, request.interval_ns},
                         &*pipeline, &budget);
  // A source that knows the limit stops by itself; it cannot know what stages will drop.
  const std::vector<storage::LogRange> slices =
      selection->limit > 0 ? std::vector{selection->range}
                           : TimeSlices(selection->range, selection->order);
  for (const storage::LogRange& slice : slices) {
    selection->range = slice;
    status = source.SelectLogs(context, *selection, collector);
    if (!status.ok()) return status;
    if (collector.HasEnough()) break;
  }
  query::LogQueryResult result;
  result.value = collector.Take();
  result.stats = collector.stats();
  return result;
}

constexpr int64_t kNsPerMs = 1'000'000;

// Series with a point for every step that has a value; none without any.
std::vector<query::ResultSeries> PointsOf(std::vector<MetricSeries> series,
                                          const MetricGrid& grid) {
  std::vector<query::ResultSeries> result;
  for (MetricSeries& one : series) {
    query::ResultSeries points;
    for (size_t step = 0; step < one.values.size(); ++step) {
      if (one.values[step].has_value()) {
        points.floats.push_back({grid.at(step) / kNsPerMs, *one.values[step]});
      }
    }
    if (points.floats.empty()) continue;
    points.labels = std::move(one.labels);
    result.push_back(std::move(points));
  }
  return result;
}

void SortByLabels(std::vector<query::ResultSeries>* series) {
  std::sort(series->begin(), series->end(),
            [](const query::ResultSeries& a, const query::ResultSeries& b) {
              return a.labels < b.labels;
            });
}

// Whether the outermost expression says in which order series come.
bool IsOrdered(const SampleExpr& expr) {
  const auto* const vector = std::get_if<VectorAggregation>(&expr.node);
  return vector != nullptr && vector->op >= VectorOp::kTopK;
}

absl::StatusOr<query::LogQueryResult> RunMetric(const model::RequestContext& context,
                                                const SampleExpr& expr, const MetricGrid& grid,
                                                bool instant, storage::LogSource& source,
                                                const EngineOptions& options) {
  absl::Status status;
  ForEachRange(expr, [&](const LogRange& range) {
    const storage::LogRange read = ReadRange(range, grid);
    if (status.ok()) status = CheckReading(context, range.log, read, source, options);
  });
  if (!status.ok()) return status;
  query::Budget budget(options.limits, options.memory);
  MetricEvaluator evaluator(context, grid, &source, &budget);
  absl::StatusOr<MetricValue> value = evaluator.Evaluate(expr);
  if (!value.ok()) return value.status();
  query::LogQueryResult result;
  result.stats = evaluator.stats();
  if (const double* number = std::get_if<double>(&*value)) {
    if (instant) {
      result.value = query::ScalarResult{{grid.begin / kNsPerMs, *number}};
      return result;
    }
    MetricSeries constant;
    constant.values.assign(grid.size(), *number);
    value = std::vector<MetricSeries>{std::move(constant)};
  }
  auto series = PointsOf(std::get<std::vector<MetricSeries>>(*std::move(value)), grid);
  if (!instant || !IsOrdered(expr)) SortByLabels(&series);
  status = LimitSeries(options.query_limits, &series, &result.warnings);
  if (!status.ok()) return status;
  if (instant) {
    result.value = query::VectorResult{std::move(series)};
  } else {
    result.value = query::MatrixResult{std::move(series)};
  }
  return result;
}

}  // namespace

absl::StatusOr<query::LogQueryResult> RunRangeQuery(const model::RequestContext& context,
                                                    const query::LogRangeRequest& request,
                                                    storage::LogSource& source,
                                                    const EngineOptions& options) {
  const absl::Time begin = absl::Now();
  const absl::StatusOr<Expr> expr = ParseExpr(request.query);
  if (!expr.ok()) return expr.status();
  if (absl::Status status = CheckQuery(options.query_limits, *expr); !status.ok()) return status;
  absl::StatusOr<query::LogQueryResult> result;
  if (const auto* log = std::get_if<LogExpr>(&*expr)) {
    result = RunLog(context, *log, request, source, options);
  } else {
    if (request.step_ns <= 0 || request.end < request.start) {
      return absl::InvalidArgumentError("a metric query wants a positive step, and start <= end");
    }
    const MetricGrid grid{request.start, request.end, request.step_ns};
    EngineOptions own = options;
    own.query_limits.partial_series = request.partial_series;
    result = RunMetric(context, *std::get<SampleExprPtr>(*expr), grid, false, source, own);
  }
  if (result.ok()) result->stats.exec_seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  return result;
}

absl::StatusOr<query::LogQueryResult> RunInstantQuery(const model::RequestContext& context,
                                                      const query::LogInstantRequest& request,
                                                      storage::LogSource& source,
                                                      const EngineOptions& options) {
  const absl::Time begin = absl::Now();
  const absl::StatusOr<Expr> expr = ParseExpr(request.query);
  if (!expr.ok()) return expr.status();
  const auto* const sample = std::get_if<SampleExprPtr>(&*expr);
  if (sample == nullptr) {
    return absl::InvalidArgumentError(
        "log queries are not supported as an instant query type, please change your query to a "
        "range query type");
  }
  if (absl::Status status = CheckQuery(options.query_limits, *expr); !status.ok()) return status;
  const MetricGrid grid{request.time, request.time, 1};
  EngineOptions own = options;
  own.query_limits.partial_series = request.partial_series;
  auto result = RunMetric(context, **sample, grid, true, source, own);
  if (result.ok()) result->stats.exec_seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  return result;
}

}  // namespace tidegate::logql
