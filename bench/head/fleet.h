// A fleet of hosts that are scraped: the series and values that the head is measured with.
#ifndef TIDEGATE_BENCH_HEAD_FLEET_H_
#define TIDEGATE_BENCH_HEAD_FLEET_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/sample.h"
#include "model/write_batch.h"

namespace tidegate::bench {

// What one exporter exposes: label sets, and for each a column of values over time.
struct Exporter {
  std::vector<std::string> labels;          // Canonical bytes, without the host's own labels.
  std::vector<std::vector<double>> values;  // Parallel; all columns of one length.
};

// Reads a capture in Prometheus' text format: scrapes one after the other, each behind a line
// "#TS <milliseconds>". Series that are not in every scrape are left out. An empty path, or one
// that cannot be read, gives a synthetic exporter of the same shape: 500 series, two thirds of them
// constant, the others counters, gauges with two decimals and true doubles.
Exporter LoadExporter(const std::string& path, size_t max_scrapes);

// `series` series of as many hosts as that takes, with five labels of the host beside the
// exporter's.
class Fleet {
 public:
  Fleet(const Exporter& exporter, size_t series);

  size_t size() const { return labels_.size(); }
  // Batches of scrape `round`, 2000 samples each; label bytes point into the fleet.
  std::vector<model::WriteBatch> Scrape(size_t round) const;

 private:
  const Exporter& exporter_;
  std::vector<std::string> labels_;
  std::vector<model::SeriesId> ids_;
};

}  // namespace tidegate::bench

#endif  // TIDEGATE_BENCH_HEAD_FLEET_H_
