#include <malloc.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "model/federation.h"
#include "model/tenant.h"
#include "query/promql/engine.h"
#include "query/promql/syntax/parser.h"
#include "query/promql/syntax/render/json_ast.h"
#include "query/promql/syntax/render/prettier.h"
#include "query/query_service.h"
#include "query/service/exemplars.h"
#include "query/service/label_apis.h"
#include "query/service/query_range_limits.h"
#include "query/service/query_rejections.h"
#include "query/service/query_turns.h"
#include "query/vector/memory_pool.h"
#include "query/vector/refused_by.h"
#include "query/vector/step_grid.h"

namespace tidegate::query {
namespace {

using model::RequestContext;
using model::TenantLimits;

// Prometheus' texts for queries that were stopped.
absl::Status Described(const absl::Status& status) {
  if (status.code() == absl::StatusCode::kDeadlineExceeded) {
    return RefusedBy("max_query_timeout",
                     absl::DeadlineExceededError("query timed out in expression evaluation"));
  }
  if (status.code() == absl::StatusCode::kCancelled) {
    return absl::CancelledError("query was canceled in expression evaluation");
  }
  return status;
}

void Truncate(size_t limit, QueryResult* result) {
  std::vector<ResultSeries>* series = nullptr;
  if (auto* vector = std::get_if<VectorResult>(&result->value)) series = &vector->series;
  if (auto* matrix = std::get_if<MatrixResult>(&result->value)) series = &matrix->series;
  if (limit == 0 || series == nullptr || series->size() <= limit) return;
  series->erase(series->begin() + static_cast<ptrdiff_t>(limit), series->end());
  const std::string text = "results truncated due to limit";
  auto& warnings = result->warnings;
  warnings.insert(std::upper_bound(warnings.begin(), warnings.end(), text), text);
}

template <typename T>
QueryResult Nothing() {
  QueryResult result;
  result.value = T();
  return result;
}

// Memory of queries that has to be free before it is returned to the system: meanwhile everybody
// who allocates waits, so it should not be after every query; and with what is free the process may
// not grow far beyond the limit.
uint64_t TrimBytes(uint64_t limit) { return std::max<uint64_t>(32 << 20, limit / 4); }

// About what a result takes until it is sent.
uint64_t BytesOf(const QueryResult& result) {
  const std::vector<ResultSeries>* series = nullptr;
  if (const auto* vector = std::get_if<VectorResult>(&result.value)) series = &vector->series;
  if (const auto* matrix = std::get_if<MatrixResult>(&result.value)) series = &matrix->series;
  if (series == nullptr) return 0;
  uint64_t bytes = 0;
  for (const ResultSeries& one : *series) {
    bytes += sizeof(one) + one.labels.bytes().size() + one.floats.size() * sizeof(FloatPoint) +
             one.histograms.size() * sizeof(HistogramPoint);
  }
  return bytes;
}

// What a finished query keeps until its result has been sent: its turn, so that slow readers do not
// add up, its share of the processors, and its result's memory in the count.
class Lease final : public Pacer {
 public:
  Lease(QueryTurns::Turn turn, MemoryPool* memory, uint64_t bytes)
      : turn_(std::move(turn)), memory_(memory), bytes_(bytes) {
    memory_->Take(bytes_);  // It is held, whatever the limit says.
  }
  ~Lease() override { memory_->GiveBack(bytes_); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  void Pass() override { turn_.pacer().Pass(); }

 private:
  QueryTurns::Turn turn_;
  MemoryPool* const memory_;
  const uint64_t bytes_;
};

absl::Status CheckTime(model::TimestampMs time) {
  if (model::TimeRange().Contains(time)) return absl::OkStatus();
  return absl::InvalidArgumentError("timestamp out of range");
}

absl::Status CheckRange(const RangeRequest& request) {
  if (request.step_ms <= 0) {
    return absl::InvalidArgumentError(
        "zero or negative query resolution step widths are not accepted. Try a positive integer");
  }
  if (request.end < request.start) {
    return absl::InvalidArgumentError("end timestamp must not be before start time");
  }
  absl::Status status = CheckTime(request.start);
  if (status.ok()) status = CheckTime(request.end);
  return status;
}

class LocalQueryService final : public QueryService {
 public:
  LocalQueryService(const EngineOptions& options, storage::SeriesSource* source,
                    const model::TenantRegistry* tenants, const model::Clock* clock)
      : options_(options),
        source_(source),
        tenants_(tenants),
        clock_(clock),
        turns_(options.turns != nullptr ? options.turns : CreateQueryTurns(0, 0)),
        in_turn_(TakeTurns(source, turns_, tenants)),
        rejections_(options.metrics) {}

  absl::StatusOr<QueryResult> Instant(const RequestContext& context,
                                      const InstantRequest& request) override {
    absl::Status status = CheckTime(request.time);
    if (!status.ok()) return status;
    status = CheckExpressionSize(LimitsOf(context), request.query);
    if (!status.ok()) return Counted(context, status);
    if (request.time < OldestTime(context)) return Nothing<VectorResult>();
    return Run(
        context, request, [&](const RequestContext& bounded, const promql::QueryOptions& options) {
          return promql::RunInstantQuery(request.query, request.time, bounded, *source_, options);
        });
  }

  absl::StatusOr<QueryResult> Range(const RequestContext& context,
                                    const RangeRequest& request) override {
    absl::Status status = CheckRange(request);
    if (!status.ok()) return status;
    const TenantLimits limits = LimitsOf(context);
    status = CheckQueryLength(limits, request.start, request.end);
    if (status.ok()) status = CheckExpressionSize(limits, request.query);
    if (!status.ok()) return Counted(context, status);
    const StepGrid grid{.start = FirstStepFrom(OldestTime(context), request.start, request.step_ms),
                        .end = request.end,
                        .step = request.step_ms};
    if (grid.start > grid.end) return Nothing<MatrixResult>();
    return Run(context, request,
               [&](const RequestContext& bounded, const promql::QueryOptions& options) {
                 return promql::RunRangeQuery(request.query, grid, bounded, *source_, options);
               });
  }

  absl::StatusOr<LabelsResult> Series(const RequestContext& context,
                                      const MetadataRequest& request) override {
    return Counted(context, FindSeries(Bounded(context, LimitsOf(context)),
                                       Recent(context, request), *in_turn_));
  }

  absl::StatusOr<StringsResult> LabelNames(const RequestContext& context,
                                           const MetadataRequest& request) override {
    return Counted(context, FindLabelNames(Bounded(context, LimitsOf(context)),
                                           Recent(context, request), *in_turn_));
  }

  absl::StatusOr<StringsResult> LabelValues(const RequestContext& context,
                                            const std::string& label_name,
                                            const MetadataRequest& request) override {
    return Counted(context, FindLabelValues(Bounded(context, LimitsOf(context)), label_name,
                                            Recent(context, request), *in_turn_));
  }

  absl::StatusOr<std::vector<storage::SelectedExemplars>> Exemplars(
      const RequestContext& context, const std::string& query, model::TimeRange range) override {
    range.min = std::max(range.min, OldestTime(context));
    return Counted(context,
                   FindExemplars(Bounded(context, LimitsOf(context)), query, range, *in_turn_));
  }

  absl::StatusOr<std::string> FormatQuery(const RequestContext&,
                                          const std::string& query) override {
    const auto expr = promql::ParseExpr(query);
    if (!expr.ok()) return expr.status();
    return promql::Prettify(**expr);
  }

  absl::StatusOr<std::string> ParseQuery(const RequestContext&, const std::string& query) override {
    const auto expr = promql::ParseExpr(query);
    if (!expr.ok()) return expr.status();
    return promql::ToJson(**expr);
  }

 private:
  TenantLimits LimitsOf(const RequestContext& context) const {
    const auto config = model::FindForQueries(*tenants_, context.tenant);
    return config != nullptr ? config->limits : TenantLimits();
  }

  // The deadline counts from when the query arrives; waiting in the queue is part of it.
  static RequestContext Bounded(const RequestContext& context, const TenantLimits& limits) {
    RequestContext bounded = context;
    if (limits.max_query_timeout > absl::ZeroDuration()) {
      bounded.deadline = std::min(bounded.deadline, absl::Now() + limits.max_query_timeout);
    }
    return bounded;
  }

  model::TimestampMs OldestTime(const RequestContext& context) const {
    return OldestQueryTime(LimitsOf(context), clock_->Now());
  }
  // The request without the times that are too old for the tenant.
  MetadataRequest Recent(const RequestContext& context, MetadataRequest request) const {
    request.range.min = std::max(request.range.min, OldestTime(context));
    return request;
  }

  absl::Status Counted(const RequestContext& context, const absl::Status& error) {
    const absl::Status described = Described(error);
    rejections_.Count(context.tenant, described);
    return absl::Status(described.code(), described.message());  // The limit's name stays here.
  }
  template <typename T>
  absl::StatusOr<T> Counted(const RequestContext& context, absl::StatusOr<T> result) {
    if (!result.ok()) return Counted(context, result.status());
    return result;
  }

  template <typename Request, typename RunFn>
  absl::StatusOr<QueryResult> Run(const RequestContext& context, const Request& request,
                                  const RunFn& run_fn) {
    const TenantLimits limits = LimitsOf(context);
    const RequestContext bounded = Bounded(context, limits);
    auto turn = turns_->Take(bounded, limits);
    if (!turn.ok()) return Counted(context, turn.status());
    const promql::QueryOptions options{
        .lookback_ms = request.lookback_ms > 0 ? request.lookback_ms : options_.default_lookback_ms,
        .default_subquery_step_ms = options_.default_subquery_step_ms,
        .limits = {.max_samples = limits.max_query_samples,
                   .max_series = limits.max_query_series,
                   .max_bytes = limits.max_query_bytes},
        .memory = &turns_->memory(),
        .pacer = &turn->pacer(),
        .count_steps = request.count_steps};
    absl::StatusOr<QueryResult> result = run_fn(bounded, options);
    if (turns_->memory().HasReturned(TrimBytes(turns_->memory().limit()))) malloc_trim(0);
    if (!result.ok()) return Counted(context, result.status());
    Truncate(request.limit, &*result);
    result->stats.queue_seconds = absl::ToDoubleSeconds(turn->waited());
    result->lease = std::make_shared<Lease>(*std::move(turn), &turns_->memory(), BytesOf(*result));
    return result;
  }

  const EngineOptions options_;
  storage::SeriesSource* const source_;
  const model::TenantRegistry* const tenants_;
  const model::Clock* const clock_;
  const std::shared_ptr<QueryTurns> turns_;
  const std::unique_ptr<storage::SeriesSource> in_turn_;  // The source, for label APIs.
  QueryRejections rejections_;
};

}  // namespace

std::unique_ptr<QueryService> CreateQueryService(const EngineOptions& options,
                                                 storage::SeriesSource* source,
                                                 const model::TenantRegistry* tenants,
                                                 const model::Clock* clock) {
  return std::make_unique<LocalQueryService>(options, source, tenants, clock);
}

}  // namespace tidegate::query
