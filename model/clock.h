// The clock as an argument, so that nothing in the product reads a hidden one.
#ifndef TIDEGATE_MODEL_CLOCK_H_
#define TIDEGATE_MODEL_CLOCK_H_

#include <atomic>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "model/sample.h"

namespace tidegate::model {

// Thread safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
  TimestampMs NowMs() const { return absl::ToUnixMillis(Now()); }
};

// The machine's wall clock.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

// Stands where it is set. Starts at the Unix epoch.
class ManualClock final : public Clock {
 public:
  absl::Time Now() const override {
    return absl::FromUnixMillis(now_ms_.load(std::memory_order_relaxed));
  }
  void SetMs(TimestampMs now) { now_ms_.store(now, std::memory_order_relaxed); }
  void Advance(absl::Duration by) { SetMs(NowMs() + absl::ToInt64Milliseconds(by)); }

 private:
  std::atomic<TimestampMs> now_ms_{0};
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CLOCK_H_
