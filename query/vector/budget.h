// What one query may hold.
#ifndef TIDEGATE_QUERY_VECTOR_BUDGET_H_
#define TIDEGATE_QUERY_VECTOR_BUDGET_H_

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"
#include "query/vector/memory_pool.h"

namespace tidegate::query {

// Zero = no limit.
struct BudgetLimits {
  uint64_t max_samples = 0;  // Loaded from the source, and made by subqueries.
  uint64_t max_series = 0;   // Loaded from the source.
  uint64_t max_bytes = 0;    // Held at the same time.
};

// ResourceExhausted, as Prometheus says it.
absl::Status TooManySamples();

// Counts what one query has loaded and holds. Thread safe. Errors are ResourceExhausted with
// Prometheus' text where Prometheus has one.
class Budget {
 public:
  // What is held counts in the pool too, until the budget ends. The pool, when there is one, must
  // outlive it.
  explicit Budget(const BudgetLimits& limits, MemoryPool* pool = nullptr)
      : limits_(limits), pool_(pool) {}
  ~Budget() { ReleaseDownTo(0); }
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  // One more series with so many samples was loaded.
  absl::Status AddLoaded(uint64_t samples);
  // So many samples are held beside the loaded ones for a while: the points of a subquery.
  absl::Status CheckMade(uint64_t samples) const;
  // So many bytes more are held, until they are released.
  absl::Status Hold(uint64_t bytes);
  void Release(uint64_t bytes);
  // Whatever was held beyond `bytes` has been freed. Not beside other calls.
  void ReleaseDownTo(uint64_t bytes);

  uint64_t samples() const { return samples_.load(std::memory_order_relaxed); }
  uint64_t series() const { return series_.load(std::memory_order_relaxed); }
  uint64_t held_bytes() const { return held_.load(std::memory_order_relaxed); }
  uint64_t peak_bytes() const { return peak_.load(std::memory_order_relaxed); }

 private:
  const BudgetLimits limits_;
  MemoryPool* const pool_;
  std::atomic<uint64_t> samples_{0};
  std::atomic<uint64_t> series_{0};
  std::atomic<uint64_t> held_{0};
  std::atomic<uint64_t> peak_{0};
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_VECTOR_BUDGET_H_
