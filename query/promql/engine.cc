#include "query/promql/engine.h"

#include <fmt/format.h>

#include <memory>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "query/promql/exec/evaluator.h"
#include "query/promql/exec/query_context.h"
#include "query/promql/exec/range_vector.h"
#include "query/promql/exec/selector_data.h"
#include "query/promql/exec/step_invariance.h"
#include "query/promql/exec/step_samples.h"
#include "query/promql/functions/function.h"
#include "query/promql/result.h"
#include "query/promql/syntax/duration_resolver.h"
#include "query/promql/syntax/parser.h"
#include "query/promql/syntax/walk.h"

namespace tidegate::promql {
namespace {

using query::QueryResult;
using query::StepGrid;

// Whether the order of the result is part of the answer.
bool AsksForOrder(const Expr& expr) {
  if (const auto* call = If<Call>(&expr)) {
    if (call->function->name.starts_with("sort")) return true;
  }
  if (const auto* aggregate = If<AggregateExpr>(&expr)) {
    if (aggregate->op == AggregateOp::kTopK || aggregate->op == AggregateOp::kBottomK) return true;
  }
  bool asks = false;
  ForEachChild(expr, [&](const Expr& child) { asks = asks || AsksForOrder(child); });
  return asks;
}

void NoteIneffectiveSorts(const Expr& expr, Annotations* annotations) {
  if (const auto* call = If<Call>(&expr);
      call != nullptr && call->function->name.starts_with("sort")) {
    annotations->Warn(IneffectiveSortText(), expr.position);
  }
  ForEachChild(expr, [&](const Expr& child) { NoteIneffectiveSorts(child, annotations); });
}

// One query from its text to its answer.
class QueryRun {
 public:
  QueryRun(std::string_view text, const StepGrid& grid, int64_t step_ms,
           const model::RequestContext& request, storage::SeriesSource& source,
           const QueryOptions& options)
      : text_(text), grid_(grid), budget_(options.limits, options.memory) {
    context_ = std::make_unique<QueryContext>(
        QueryContext{.request = request,
                     .source = source,
                     .budget = budget_,
                     .pacer = options.pacer,
                     .annotations = annotations_,
                     .window = {.start_ms = grid.start, .end_ms = grid.end, .step_ms = step_ms},
                     .lookback_ms = options.lookback_ms,
                     .default_subquery_step_ms = options.default_subquery_step_ms});
    if (!options.count_steps) return;
    samples_ = std::make_unique<StepSamples>(grid.size());
    context_->samples = samples_.get();
  }

  absl::StatusOr<QueryResult> RunInstant() {
    absl::Status status = Prepare();
    if (!status.ok()) return status;
    const Expr& expr = WithoutParens(*expr_);
    if (expr.type() == ValueType::kMatrix) return RunMatrix(expr);
    status = Load();
    if (!status.ok()) return status;
    absl::StatusOr<Value> value = Evaluate(expr, grid_, *context_);
    if (!value.ok()) return value.status();
    evaluated_ = absl::Now();
    return Finish(
        InstantAnswer(*std::move(value), grid_.start, AsksForOrder(expr), context_->pacer));
  }

  absl::StatusOr<QueryResult> RunRange() {
    absl::Status status = Prepare();
    if (!status.ok()) return status;
    const ValueType type = expr_->type();
    if (type != ValueType::kScalar && type != ValueType::kVector) {
      return absl::InvalidArgumentError(
          fmt::format("invalid expression type \"{}\" for range query, must be Scalar or instant "
                      "Vector",
                      DocumentedType(type)));
    }
    NoteIneffectiveSorts(*expr_, &annotations_);
    status = Load();
    if (!status.ok()) return status;
    absl::StatusOr<Value> value = Evaluate(*expr_, grid_, *context_);
    if (!value.ok()) return value.status();
    evaluated_ = absl::Now();
    return Finish(RangeAnswer(*std::move(value), grid_, context_->pacer));
  }

 private:
  absl::Status Prepare() {
    absl::StatusOr<std::unique_ptr<const Expr>> parsed = ParseExpr(text_);
    if (!parsed.ok()) return parsed.status();
    absl::StatusOr<std::unique_ptr<const Expr>> resolved =
        ResolveDurations(**parsed, context_->window);
    if (!resolved.ok()) return resolved.status();
    expr_ = *std::move(resolved);
    invariance_ = std::make_unique<StepInvariance>(*expr_);
    context_->invariance = invariance_.get();
    return absl::OkStatus();
  }

  absl::Status Load() {
    absl::StatusOr<SelectorData> data = SelectorData::Load(*expr_, grid_, *context_);
    if (!data.ok()) return data.status();
    data_ = std::make_unique<SelectorData>(*std::move(data));
    context_->data = data_.get();
    loaded_ = absl::Now();
    return absl::OkStatus();
  }

  absl::StatusOr<QueryResult> RunMatrix(const Expr& expr) {
    absl::Status status = Load();
    if (!status.ok()) return status;
    absl::StatusOr<RangeVector> vector = MakeRangeVector(expr, grid_, *context_);
    if (!vector.ok()) return vector.status();
    evaluated_ = absl::Now();
    if (samples_ != nullptr) CountPoints(*vector);
    return Finish(MatrixAnswer(*vector, context_->pacer));
  }

  void CountPoints(const RangeVector& vector) {
    for (const RangeVectorSeries& series : vector.series) {
      std::vector<model::TimestampMs> times;
      for (const HistogramAt& at : series.samples.histograms) times.push_back(at.timestamp);
      samples_->Add(IndexWindows(series.samples.times, vector.windows));
      samples_->Add(IndexWindows(times, vector.windows), series.samples.histograms);
    }
  }

  absl::StatusOr<QueryResult> Finish(absl::StatusOr<QueryResult> result) {
    if (!result.ok()) return result;
    result->warnings = annotations_.Warnings(text_);
    result->infos = annotations_.Infos(text_);
    query::QueryStats& stats = result->stats;
    stats.samples_read = budget_.samples();
    if (samples_ != nullptr) {
      stats.first_step = grid_.start;
      stats.step_ms = grid_.step;
      stats.total_per_step = samples_->total();
      stats.read_per_step = samples_->read();
    }
    stats.series_read = budget_.series();
    stats.peak_bytes = budget_.peak_bytes();
    stats.prepare_seconds = absl::ToDoubleSeconds(loaded_ - begun_);
    stats.evaluate_seconds = absl::ToDoubleSeconds(evaluated_ - loaded_);
    stats.sort_seconds = absl::ToDoubleSeconds(absl::Now() - evaluated_);
    return result;
  }

  const absl::Time begun_ = absl::Now();
  absl::Time loaded_;
  absl::Time evaluated_;
  const std::string_view text_;
  const StepGrid grid_;
  query::Budget budget_;
  Annotations annotations_;
  std::unique_ptr<QueryContext> context_;
  std::unique_ptr<const Expr> expr_;
  std::unique_ptr<StepInvariance> invariance_;
  std::unique_ptr<SelectorData> data_;
  std::unique_ptr<StepSamples> samples_;  // nullptr when nobody asked for them.
};

}  // namespace

absl::StatusOr<QueryResult> RunInstantQuery(std::string_view query, model::TimestampMs time,
                                            const model::RequestContext& request,
                                            storage::SeriesSource& source,
                                            const QueryOptions& options) {
  return QueryRun(query, StepGrid::Instant(time), 0, request, source, options).RunInstant();
}

absl::StatusOr<QueryResult> RunRangeQuery(std::string_view query, const StepGrid& grid,
                                          const model::RequestContext& request,
                                          storage::SeriesSource& source,
                                          const QueryOptions& options) {
  return QueryRun(query, grid, grid.step, request, source, options).RunRange();
}

}  // namespace tidegate::promql
