// Lets only so many queries of a tenant run at a time; the others wait in the order they came.
#ifndef TIDEGATE_QUERY_SERVICE_QUERY_QUEUE_H_
#define TIDEGATE_QUERY_SERVICE_QUERY_QUEUE_H_

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

// Thread safe; must outlive the turns that it gives.
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

  // Waits until fewer than `limit` queries of the context's tenant run (0 = no limit) and all that
  // came before have had their turn. Cancelled or DeadlineExceeded when the context ends first.
  absl::StatusOr<Turn> Wait(const model::RequestContext& context, uint32_t limit);

 private:
  struct Waiter {};
  struct Line {
    uint32_t running = 0;
    std::list<Waiter> waiting;
  };

  void Return(const std::string& tenant);

  absl::Mutex mutex_;
  std::map<std::string, Line> lines_ ABSL_GUARDED_BY(mutex_);  // Only tenants with queries.
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERVICE_QUERY_QUEUE_H_
