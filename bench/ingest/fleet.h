// Requests as a Prometheus that scrapes a Kubernetes cluster sends them.
#ifndef TIDEGATE_BENCH_INGEST_FLEET_H_
#define TIDEGATE_BENCH_INGEST_FLEET_H_

#include <string>
#include <vector>

#include "model/sample.h"

namespace tidegate::bench {

struct FleetOptions {
  int series = 100'000;
  int labels = 10;  // With the metric name; at least 5.
  int series_per_request = 2000;
};

// The bodies (uncompressed WriteRequests) of one scrape round: one sample per series at
// `timestamp`.
std::vector<std::string> ScrapeRound(const FleetOptions& options, model::TimestampMs timestamp);

}  // namespace tidegate::bench

#endif  // TIDEGATE_BENCH_INGEST_FLEET_H_
