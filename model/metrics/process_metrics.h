// The metrics that every Prometheus client has about its process, and the disk under its data.
#ifndef TIDEGATE_MODEL_METRICS_PROCESS_METRICS_H_
#define TIDEGATE_MODEL_METRICS_PROCESS_METRICS_H_

#include <string>

#include "model/metrics/metrics_registry.h"

namespace tidegate::model {

// process_cpu_seconds_total, process_resident_memory_bytes and their relatives, read at each
// reading of the registry.
void AddProcessMetrics(MetricsRegistry* registry);

// Free bytes (for this user) and size of the file system that holds the directory.
void AddDiskMetrics(const std::string& directory, MetricsRegistry* registry);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_METRICS_PROCESS_METRICS_H_
