#include "query/service/query_turns.h"

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "absl/time/clock.h"
#include "query/query_service.h"
#include "query/vector/refused_by.h"

namespace tidegate::query {
namespace {

prometheus::Gauge& Gauge(prometheus::Registry* metrics, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(*metrics).Add({});
}

QueueGauges GaugesIn(prometheus::Registry* metrics) {
  if (metrics == nullptr) return {};
  return {&Gauge(metrics, "tidegate_query_running", "Queries that are being evaluated."),
          &Gauge(metrics, "tidegate_query_waiting", "Queries that wait for their turn.")};
}

prometheus::Histogram* WaitsIn(prometheus::Registry* metrics) {
  if (metrics == nullptr) return nullptr;
  return &prometheus::BuildHistogram()
              .Name("tidegate_query_wait_duration_seconds")
              .Help("Time that queries waited for a place and for the processors.")
              .Register(*metrics)
              .Add({}, prometheus::Histogram::BucketBoundaries{0.001, 0.01, 0.1, 0.5, 1, 5, 30});
}

}  // namespace

QueryTurns::QueryTurns(uint32_t max_running, uint64_t max_memory_bytes,
                       prometheus::Registry* metrics)
    : waits_(WaitsIn(metrics)),
      queue_(max_running, GaugesIn(metrics)),
      cpu_({.processors = std::max(1u, std::thread::hardware_concurrency())}),
      threads_(std::max(1u, std::thread::hardware_concurrency()) - 1, &cpu_),
      memory_(max_memory_bytes) {}

absl::StatusOr<QueryTurns::Turn> QueryTurns::Take(const model::RequestContext& context,
                                                  const model::TenantLimits& limits) {
  const absl::Time asked = absl::Now();
  auto place = queue_.Wait(context, {.max_running = limits.max_concurrent_queries,
                                     .max_waiting = limits.max_queued_queries});
  if (absl::IsUnavailable(place.status())) return RefusedBy("max_queued_queries", place.status());
  if (!place.ok()) return place.status();
  std::unique_ptr<CpuShares::Task> task = cpu_.Begin(context);
  const absl::Duration waited = absl::Now() - asked;
  if (waits_ != nullptr) waits_->Observe(absl::ToDoubleSeconds(waited));
  return Turn(*std::move(place), std::move(task), waited);
}

std::shared_ptr<QueryTurns> CreateQueryTurns(uint32_t max_running, uint64_t max_memory_bytes,
                                             prometheus::Registry* metrics) {
  return std::make_shared<QueryTurns>(max_running, max_memory_bytes, metrics);
}

}  // namespace tidegate::query
