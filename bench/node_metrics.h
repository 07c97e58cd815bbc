// What a generated host exposes, under the names that dashboards ask for.
#ifndef TIDEGATE_BENCH_NODE_METRICS_H_
#define TIDEGATE_BENCH_NODE_METRICS_H_

#include <vector>

#include "bench/series_template.h"

namespace tidegate::bench {

// About 470 series of node_exporter. Two thirds of them never change, a tenth are durations without
// pattern, the rest are counters and gauges: the mix found in a recording of a real exporter.
std::vector<SeriesTemplate> NodeMetrics();

// A small HTTP service on the same host: one histogram with cumulative buckets, as
// histogram_quantile expects them.
std::vector<SeriesTemplate> ServiceMetrics();

}  // namespace tidegate::bench

#endif  // TIDEGATE_BENCH_NODE_METRICS_H_
