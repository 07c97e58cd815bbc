// Decides which queries run: so many of a tenant, so many altogether, the tenants in turn.
#ifndef TIDEGATE_QUERY_SERVICE_QUERY_QUEUE_H_
#define TIDEGATE_QUERY_SERVICE_QUERY_QUEUE_H_

#include <prometheus/gauge.h>

#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "model/request_context.h"

namespace tidegate::query {

// Of one tenant; zero = no limit.
struct QueueLimits {
  uint32_t max_running = 0;
  uint32_t max_waiting = 0;
};

// How many run and wait, for whoever watches. The gauges must outlive the queue.
struct QueueGauges {
  prometheus::Gauge* running = nullptr;
  prometheus::Gauge* waiting = nullptr;
};

// Queries of one tenant run in the order they came. When a place is free for several tenants, the
// one that got its last place longest ago has it: a tenant with a thousand queries delays the
// others' next query by one of its own, not by a thousand. A tenant that has no query running does
// not even wait for that one: there are as many places again for such tenants. Thread safe; must
// outlive the turns that it gives.
class QueryQueue {
 public:
  // The right to run; returned when it is destroyed.
  class Turn {
   public:
    Turn(Turn&& other) noexcept;
    Turn& operator=(Turn&&) = delete;
    ~Turn();

   private:
    friend class QueryQueue;
    Turn(QueryQueue* queue, std::string tenant) : queue_(queue), tenant_(std::move(tenant)) {}

    QueryQueue* queue_;
    std::string tenant_;
  };

  // At most `max_running` queries at a time, and one each of up to so many other tenants; zero = no
  // limit.
  explicit QueryQueue(uint32_t max_running = 0, const QueueGauges& gauges = {})
      : max_running_(max_running), gauges_(gauges) {}

  // Waits for the turn. Cancelled or DeadlineExceeded when the context ends first, Unavailable when
  // too many of the tenant wait already.
  absl::StatusOr<Turn> Wait(const model::RequestContext& context, const QueueLimits& limits);

 private:
  struct Waiter {};
  struct Line {
    uint32_t running = 0;
    uint32_t max_running = 0;  // As the last query of the tenant said.
    uint64_t last_turn = 0;    // When it got its last place; 0 = has none.
    std::list<Waiter> waiting;
  };

  bool MayGrow(const Line& line) const {
    return line.max_running == 0 || line.running < line.max_running;
  }
  bool IsNext(const Line& line) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Return(const std::string& tenant);

  const uint32_t max_running_;
  const QueueGauges gauges_;
  absl::Mutex mutex_;
  uint32_t running_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t turns_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, Line> lines_ ABSL_GUARDED_BY(mutex_);  // Only tenants with queries.
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERVICE_QUERY_QUEUE_H_
