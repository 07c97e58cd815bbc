#include "query/service/query_turns.h"

#include "absl/time/clock.h"
#include "query/query_service.h"
#include "query/vector/refused_by.h"

namespace tidegate::query {

absl::StatusOr<QueryTurns::Turn> QueryTurns::Take(const model::RequestContext& context,
                                                  const model::TenantLimits& limits) {
  const absl::Time asked = absl::Now();
  auto place = queue_.Wait(context, {.max_running = limits.max_concurrent_queries,
                                     .max_waiting = limits.max_queued_queries});
  if (absl::IsUnavailable(place.status())) return RefusedBy("max_queued_queries", place.status());
  if (!place.ok()) return place.status();
  std::unique_ptr<CpuShares::Task> task = cpu_.Begin(context);
  return Turn(*std::move(place), std::move(task), absl::Now() - asked);
}

std::shared_ptr<QueryTurns> CreateQueryTurns(uint32_t max_running, uint64_t max_memory_bytes) {
  return std::make_shared<QueryTurns>(max_running, max_memory_bytes);
}

}  // namespace tidegate::query
