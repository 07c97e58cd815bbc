// Classic histograms into native ones with custom buckets, for `load_with_nhcb`.
#ifndef TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_CUSTOM_BUCKETS_H_
#define TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_CUSTOM_BUCKETS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/promql/syntax/series/series_description.h"
#include "storage/memory_source.h"

namespace tidegate::conformance {

using storage::LoadedSample;
using storage::MemorySource;

// Collects the _bucket, _count and _sum series of classic histograms; other series are ignored.
class CustomBucketConverter {
 public:
  explicit CustomBucketConverter(int64_t step_ms) : step_ms_(step_ms) {}

  void Add(const promql::SeriesDescription& series);
  // One series per classic histogram, samples in order of time.
  std::vector<std::pair<model::Labels, std::vector<LoadedSample>>> Convert() const;

 private:
  // A classic histogram at one time.
  struct Snapshot {
    std::map<double, double> buckets;  // Cumulative counts by upper bound.
    std::optional<double> count;
    double sum = 0;
  };
  using Snapshots = std::map<int64_t, Snapshot>;

  static std::optional<model::FloatHistogram> ToHistogram(const Snapshot& snapshot);

  const int64_t step_ms_;
  std::map<std::string, Snapshots> by_labels_;  // By canonical label bytes.
};

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_CUSTOM_BUCKETS_H_
