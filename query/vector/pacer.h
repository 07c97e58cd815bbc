// Lets long computations step aside for short ones.
#ifndef TIDEGATE_QUERY_VECTOR_PACER_H_
#define TIDEGATE_QUERY_VECTOR_PACER_H_

#include <cstddef>

namespace tidegate::query {

// Belongs to one query and is used by the thread that runs it.
class Pacer {
 public:
  virtual ~Pacer() = default;
  // Whoever computes calls it every fraction of a millisecond and holds no lock meanwhile: it may
  // block until the processors are free for this query. Returns early when nobody waits for the
  // query any more.
  virtual void Pass() = 0;
};

// Passes now and then while a loop over many samples or series goes on. Owned by one thread.
class PacedLoop {
 public:
  // nullptr = never passes.
  explicit PacedLoop(Pacer* pacer) : pacer_(pacer) {}

  // To be called with every bit of work, measured in samples; a series counts some dozens itself.
  void Did(size_t samples) {
    work_ += samples + kSeries;
    if (work_ < kInterval) return;
    work_ = 0;
    if (pacer_ != nullptr) pacer_->Pass();
  }

 private:
  static constexpr size_t kInterval = 8192;
  static constexpr size_t kSeries = 32;

  Pacer* const pacer_;
  size_t work_ = 0;
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_VECTOR_PACER_H_
