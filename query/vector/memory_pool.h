// What all queries of a process may hold together.
#ifndef TIDEGATE_QUERY_VECTOR_MEMORY_POOL_H_
#define TIDEGATE_QUERY_VECTOR_MEMORY_POOL_H_

#include <atomic>
#include <cstdint>

namespace tidegate::query {

// Counts bytes; allocates nothing. Thread safe.
class MemoryPool {
 public:
  // Zero = no limit.
  explicit MemoryPool(uint64_t limit) : limit_(limit) {}
  MemoryPool(const MemoryPool&) = delete;
  MemoryPool& operator=(const MemoryPool&) = delete;

  // False beyond the limit; the bytes count all the same, until they are given back.
  bool Take(uint64_t bytes) {
    const uint64_t used = used_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    return limit_ == 0 || used <= limit_;
  }
  void GiveBack(uint64_t bytes) {
    used_.fetch_sub(bytes, std::memory_order_relaxed);
    returned_.fetch_add(bytes, std::memory_order_relaxed);
  }
  // Whether so many bytes were given back since this was last true: the allocator keeps them for
  // the thread that freed them until it is told to return them to the system.
  bool HasReturned(uint64_t bytes) {
    uint64_t returned = returned_.load(std::memory_order_relaxed);
    return returned >= bytes &&
           returned_.compare_exchange_strong(returned, 0, std::memory_order_relaxed);
  }

  uint64_t limit() const { return limit_; }
  uint64_t used() const { return used_.load(std::memory_order_relaxed); }

 private:
  const uint64_t limit_;
  std::atomic<uint64_t> used_{0};
  std::atomic<uint64_t> returned_{0};
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_VECTOR_MEMORY_POOL_H_
