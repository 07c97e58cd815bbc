// MicroProfile's scope base: what every process has.
#ifndef TIDEGATE_API_MICROPROFILE_BASE_METRICS_H_
#define TIDEGATE_API_MICROPROFILE_BASE_METRICS_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "api/microprofile/metric.h"
#include "model/metrics/process_figures.h"

namespace tidegate::api {

// Those of the specification's base metrics that mean something in a native process: threads, heap,
// processors, uptime; not garbage collection and class loading. Thread safe.
class BaseMetrics {
 public:
  // Reads the figures between two calls: the load is that since the call before, and the most
  // threads are those that any call has seen.
  ScopeMetrics Read(const model::ProcessFigures& figures);

 private:
  // The share of all processors since the last reading, 0 to 1.
  double Load(const model::ProcessFigures& figures) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  int most_threads_ ABSL_GUARDED_BY(mutex_) = 0;
  double last_cpu_seconds_ ABSL_GUARDED_BY(mutex_) = 0;
  double last_uptime_seconds_ ABSL_GUARDED_BY(mutex_) = 0;
  double last_load_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_MICROPROFILE_BASE_METRICS_H_
