// The metrics of a host with node_exporter and a small HTTP service: about 500 series under the
// names that dashboards ask for. Two thirds of them never change, a tenth are durations without
// pattern, the rest are counters and gauges: the mix found in a recording of a real exporter.
#ifndef TIDEGATE_BENCH_NODE_METRICS_H_
#define TIDEGATE_BENCH_NODE_METRICS_H_

#include <vector>

#include "bench/series_template.h"

namespace tidegate::bench {

std::vector<SeriesTemplate> NodeMetrics();

}  // namespace tidegate::bench

#endif  // TIDEGATE_BENCH_NODE_METRICS_H_
