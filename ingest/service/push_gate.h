// Lets pushes in, counts those inside, and shuts.
#ifndef TIDEGATE_INGEST_SERVICE_PUSH_GATE_H_
#define TIDEGATE_INGEST_SERVICE_PUSH_GATE_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace tidegate::ingest {

// Thread safe. Starts shut.
class PushGate {
 public:
  // True = inside, and Leave must follow.
  bool Enter() {
    absl::MutexLock lock(&mutex_);
    if (state_ != State::kOpen) return false;
    ++inside_;
    return true;
  }
  void Leave() {
    absl::MutexLock lock(&mutex_);
    --inside_;
  }

  // Does nothing once the gate is closed.
  void Open() {
    absl::MutexLock lock(&mutex_);
    if (state_ == State::kShut) state_ = State::kOpen;
  }
  // For good.
  void Close() {
    absl::MutexLock lock(&mutex_);
    state_ = State::kClosed;
  }
  bool is_closed() const {
    absl::MutexLock lock(&mutex_);
    return state_ == State::kClosed;
  }
  bool is_open() const {
    absl::MutexLock lock(&mutex_);
    return state_ == State::kOpen;
  }

  // Waits until nobody is inside; false when the deadline came first.
  bool AwaitEmpty(absl::Time deadline) {
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithDeadline(absl::Condition(
                                        +[](uint64_t* inside) { return *inside == 0; }, &inside_),
                                    deadline);
  }

 private:
  enum class State { kShut, kOpen, kClosed };

  mutable absl::Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_) = State::kShut;
  uint64_t inside_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_PUSH_GATE_H_
