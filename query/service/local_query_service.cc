#include <malloc.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "model/tenant.h"
#include "query/promql/engine.h"
#include "query/promql/syntax/parser.h"
#include "query/promql/syntax/render/json_ast.h"
#include "query/promql/syntax/render/prettier.h"
#include "query/query_service.h"
#include "query/service/cpu_shares.h"
#include "query/service/exemplars.h"
#include "query/service/label_apis.h"
#include "query/service/query_queue.h"
#include "query/vector/memory_pool.h"
#include "query/vector/step_grid.h"

namespace tidegate::query {
namespace {

using model::RequestContext;
using model::TenantLimits;

// Prometheus' texts for queries that were stopped.
absl::Status Described(const absl::Status& status) {
  if (status.code() == absl::StatusCode::kDeadlineExceeded) {
    return absl::DeadlineExceededError("query timed out in expression evaluation");
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

// Memory of queries that has to be free before it is worth the few milliseconds of returning it.
constexpr uint64_t kTrimBytes = 32 << 20;

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
  Lease(QueryQueue::Turn turn, std::unique_ptr<CpuShares::Task> task, MemoryPool* memory,
        uint64_t bytes)
      : turn_(std::move(turn)), task_(std::move(task)), memory_(memory), bytes_(bytes) {
    memory_->Take(bytes_);  // It is held, whatever the limit says.
  }
  ~Lease() override { memory_->GiveBack(bytes_); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  void Pass() override { task_->Pass(); }

 private:
  const QueryQueue::Turn turn_;
  const std::unique_ptr<CpuShares::Task> task_;
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
                    const model::TenantRegistry* tenants)
      : options_(options),
        source_(source),
        tenants_(tenants),
        queue_(options.max_concurrent_queries),
        cpu_({.processors = std::max(1u, std::thread::hardware_concurrency())}),
        memory_(options.max_memory_bytes) {}

  absl::StatusOr<QueryResult> Instant(const RequestContext& context,
                                      const InstantRequest& request) override {
    absl::Status status = CheckTime(request.time);
    if (!status.ok()) return status;
    return Run(context, request.limit, request.lookback_ms,
               [&](const RequestContext& bounded, const promql::QueryOptions& options) {
                 return promql::RunInstantQuery(request.query, request.time, bounded, *source_,
                                                options);
               });
  }

  absl::StatusOr<QueryResult> Range(const RequestContext& context,
                                    const RangeRequest& request) override {
    absl::Status status = CheckRange(request);
    if (!status.ok()) return status;
    const StepGrid grid{.start = request.start, .end = request.end, .step = request.step_ms};
    return Run(context, request.limit, request.lookback_ms,
               [&](const RequestContext& bounded, const promql::QueryOptions& options) {
                 return promql::RunRangeQuery(request.query, grid, bounded, *source_, options);
               });
  }

  absl::StatusOr<LabelsResult> Series(const RequestContext& context,
                                      const MetadataRequest& request) override {
    return FindSeries(Bounded(context, LimitsOf(context)), request, *source_);
  }

  absl::StatusOr<StringsResult> LabelNames(const RequestContext& context,
                                           const MetadataRequest& request) override {
    return FindLabelNames(Bounded(context, LimitsOf(context)), request, *source_);
  }

  absl::StatusOr<StringsResult> LabelValues(const RequestContext& context,
                                            const std::string& label_name,
                                            const MetadataRequest& request) override {
    return FindLabelValues(Bounded(context, LimitsOf(context)), label_name, request, *source_);
  }

  absl::StatusOr<std::vector<storage::SelectedExemplars>> Exemplars(
      const RequestContext& context, const std::string& query, model::TimeRange range) override {
    return FindExemplars(Bounded(context, LimitsOf(context)), query, range, *source_);
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
    const auto config = tenants_->Find(context.tenant);
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

  template <typename RunFn>
  absl::StatusOr<QueryResult> Run(const RequestContext& context, size_t limit, int64_t lookback_ms,
                                  const RunFn& run_fn) {
    const TenantLimits limits = LimitsOf(context);
    const RequestContext bounded = Bounded(context, limits);
    const absl::Time asked = absl::Now();
    auto turn = queue_.Wait(bounded, {.max_running = limits.max_concurrent_queries,
                                      .max_waiting = limits.max_queued_queries});
    if (!turn.ok()) return Described(turn.status());
    std::unique_ptr<CpuShares::Task> task = cpu_.Begin(bounded);
    const absl::Duration waited = absl::Now() - asked;
    const promql::QueryOptions options{
        .lookback_ms = lookback_ms > 0 ? lookback_ms : options_.default_lookback_ms,
        .default_subquery_step_ms = options_.default_subquery_step_ms,
        .limits = {.max_samples = limits.max_query_samples,
                   .max_series = limits.max_query_series,
                   .max_bytes = limits.max_query_bytes},
        .memory = &memory_,
        .pacer = task.get()};
    absl::StatusOr<QueryResult> result = run_fn(bounded, options);
    if (memory_.HasReturned(kTrimBytes)) malloc_trim(0);
    if (!result.ok()) return Described(result.status());
    Truncate(limit, &*result);
    result->stats.queue_seconds = absl::ToDoubleSeconds(waited);
    result->lease =
        std::make_shared<Lease>(*std::move(turn), std::move(task), &memory_, BytesOf(*result));
    return result;
  }

  const EngineOptions options_;
  storage::SeriesSource* const source_;
  const model::TenantRegistry* const tenants_;
  QueryQueue queue_;
  CpuShares cpu_;
  MemoryPool memory_;
};

}  // namespace

std::unique_ptr<QueryService> CreateQueryService(const EngineOptions& options,
                                                 storage::SeriesSource* source,
                                                 const model::TenantRegistry* tenants,
                                                 const model::Clock*) {
  return std::make_unique<LocalQueryService>(options, source, tenants);
}

}  // namespace tidegate::query
