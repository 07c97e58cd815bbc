// A sample of recent values, of bounded size: forward-decaying priority sampling.
#ifndef TIDEGATE_MODEL_METRICS_DECAYING_RESERVOIR_H_
#define TIDEGATE_MODEL_METRICS_DECAYING_RESERVOIR_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace tidegate::model {

// Statistics over the sampled values, each with its weight. All 0 without values.
struct ValueFigures {
  uint64_t count = 0;  // Values ever, not only the sampled ones.
  double min = 0;
  double max = 0;
  double mean = 0;
  double stddev = 0;
  double p50 = 0;
  double p75 = 0;
  double p95 = 0;
  double p98 = 0;
  double p99 = 0;
  double p999 = 0;
};

// Keeps up to 1,028 values, newer ones rather than older ones: the weight of a value grows by e for
// each 67 seconds that it is younger (alpha 0.015), so that quantiles speak of about the last five
// minutes. Cormode, Shkapenyuk, Srivastava, Xu: "Forward Decay", ICDE 2009, with the weights of
// priority sampling (Duffield, Lund, Thorup, 2007), which do not count the age twice. Thread safe.
// Times are readings of a monotonic clock.
class DecayingReservoir {
 public:
  static constexpr size_t kSize = 1028;
  static constexpr double kAlpha = 0.015;  // A second.

  // `seed` decides which values are kept.
  DecayingReservoir(uint64_t seed, absl::Duration now) : start_(now), random_state_(seed) {}

  void Update(double value, absl::Duration now);
  ValueFigures Figures() const;

 private:
  struct Entry {
    double log_priority;
    double log_weight;
    double value;
  };

  const absl::Duration start_;
  mutable absl::Mutex mutex_;
  uint64_t random_state_ ABSL_GUARDED_BY(mutex_);
  uint64_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  // The highest priority that was left out.
  double log_threshold_ ABSL_GUARDED_BY(mutex_) = -std::numeric_limits<double>::infinity();
  std::vector<Entry> heap_ ABSL_GUARDED_BY(mutex_);  // The lowest priority first.
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_METRICS_DECAYING_RESERVOIR_H_
