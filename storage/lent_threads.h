// Threads that a request may work on beside its own.
#ifndef TIDEGATE_STORAGE_LENT_THREADS_H_
#define TIDEGATE_STORAGE_LENT_THREADS_H_

#include <cstddef>
#include <functional>

namespace tidegate::storage {

// Belongs to one request and is used by its thread. Whoever lends them sees to it that they take
// no more of the processors than the request may.
class LentThreads {
 public:
  virtual ~LentThreads() = default;
  // How many may work at a time, the request's own among them: at least 1.
  virtual size_t most() const = 0;
  // Calls fn once for each i below `count`, in their order as far as they begin. `worker` is below
  // most(), 0 on the request's own thread, and no two calls that run at a time have the same one.
  // Returns when all calls have.
  using WorkFn = std::function<void(size_t worker, size_t i)>;
  virtual void ForEach(size_t count, const WorkFn& fn) = 0;
};

// None beside the request's own.
class OwnThread final : public LentThreads {
 public:
  size_t most() const override { return 1; }
  void ForEach(size_t count, const WorkFn& fn) override {
    for (size_t i = 0; i < count; ++i) fn(0, i);
  }
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LENT_THREADS_H_
