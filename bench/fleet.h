// A generated fleet of hosts, as remote-write bodies: the same bytes for every system under
// test.
//
// Every host has the series of the templates under its own instance label, scraped at a regular
// interval with an offset of its own, as a scraper spreads its targets. Values come from chance and
// never repeat from round to round or from host to host, so that no system's compression is
// flattered by replayed data. Deterministic for a seed.
#ifndef TIDEGATE_BENCH_FLEET_H_
#define TIDEGATE_BENCH_FLEET_H_

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bench/series_template.h"
#include "bench/series_walk.h"
#include "bench/write_request.h"

namespace tidegate::bench {

struct FleetOptions {
  int hosts = 20;
  int rounds = 240;
  // Start of the first round; a multiple of two keeps all timestamps even, so that odd query times
  // never sit on the edge of a window.
  int64_t start_ms = 0;
  int64_t step_ms = 15000;
  int samples_per_request = 2000;
  uint64_t seed = 1;
  // Share of the hosts that are replaced by new ones in every round (churn).
  double churn = 0;
  int version = 1;  // Of remote write: 1 or 2.
  // Up to 14 more labels as Kubernetes' discovery adds them; pod and uid are the host's own.
  int extra_labels = 0;
};

// Owned by one thread.
class Fleet {
 public:
  Fleet(const FleetOptions& options, std::vector<SeriesTemplate> templates);
  Fleet(const Fleet&) = delete;  // The hosts point into the templates.
  Fleet& operator=(const Fleet&) = delete;

  // Calls `request_fn` with each snappy-compressed body, round after round, hosts in the order of
  // their offsets. A body holds samples of one round only, one sample of each series. Call it once.
  void Run(const std::function<void(std::string_view body)>& request_fn);

  // Made so far: replaced hosts count.
  uint64_t series() const { return series_; }
  uint64_t samples() const { return samples_; }
  uint64_t raw_bytes() const { return raw_bytes_; }

 private:
  struct HostSeries {
    std::string label_bytes;  // TimeSeries.labels, canonical.
    SeriesWalk walk;
  };
  struct Host {
    int64_t offset_ms = 0;  // Of its scrapes in the round: even, in [0, step_ms).
    double activity = 1;
    std::vector<HostSeries> series;
  };

  Host MakeHost(int64_t offset_ms);
  void Replace(int count);
  void ScrapeHost(Host* host, int64_t round_ms,
                  const std::function<void(std::string_view)>& request_fn);
  void Flush(const std::function<void(std::string_view)>& request_fn);

  const FleetOptions options_;
  const std::vector<SeriesTemplate> templates_;
  std::mt19937_64 random_;
  std::vector<Host> hosts_;
  int made_hosts_ = 0;
  uint64_t series_ = 0;
  uint64_t samples_ = 0;
  uint64_t raw_bytes_ = 0;
  WriteRequest body_;
};

}  // namespace tidegate::bench

#endif  // TIDEGATE_BENCH_FLEET_H_
