// A place, a share of the processors and memory for whoever reads much.
#ifndef TIDEGATE_QUERY_SERVICE_QUERY_TURNS_H_
#define TIDEGATE_QUERY_SERVICE_QUERY_TURNS_H_

#include <prometheus/histogram.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/request_context.h"
#include "model/tenant.h"
#include "query/service/cpu_shares.h"
#include "query/service/query_queue.h"
#include "query/service/shared_threads.h"
#include "query/vector/memory_pool.h"

namespace prometheus {
class Registry;
}

namespace tidegate::query {

// What QueryQueue, CpuShares and MemoryPool give, together, to the queries of all languages. Thread
// safe; must outlive the turns that it gives.
class QueryTurns {
 public:
  // Used and given back by one thread.
  class Turn {
   public:
    Pacer& pacer() { return *task_; }
    // For the place and for the processors.
    absl::Duration waited() const { return waited_; }

   private:
    friend class QueryTurns;
    Turn(QueryQueue::Turn place, std::unique_ptr<CpuShares::Task> task, absl::Duration waited)
        : place_(std::move(place)), task_(std::move(task)), waited_(waited) {}

    QueryQueue::Turn place_;
    std::unique_ptr<CpuShares::Task> task_;
    absl::Duration waited_;
  };

  // At most `max_running` at a time (see QueryQueue), which together hold at most
  // `max_memory_bytes`. 0 = any. How many run and wait, and for how long, is told in the registry,
  // which must outlive it; nullptr = nowhere.
  QueryTurns(uint32_t max_running, uint64_t max_memory_bytes, prometheus::Registry* metrics);

  // Waits. Errors are QueryQueue's; the limit that refused is named (LimitThatRefused).
  absl::StatusOr<Turn> Take(const model::RequestContext& context,
                            const model::TenantLimits& limits);

  MemoryPool& memory() { return memory_; }
  // As many as there are processors beside the one that a query has.
  SharedThreads& threads() { return threads_; }

 private:
  prometheus::Histogram* const waits_;  // nullptr = not measured.
  QueryQueue queue_;
  CpuShares cpu_;
  SharedThreads threads_;
  MemoryPool memory_;
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERVICE_QUERY_TURNS_H_
