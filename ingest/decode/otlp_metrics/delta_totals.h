// Points of delta temporality made cumulative: the totals of each series since its first point.
//
// Source of the rules: OpenTelemetry's data model (metrics, "sums: delta to cumulative"). Totals
// live in memory: after a restart a series begins at zero again, which queries take for a reset.
#ifndef TIDEGATE_INGEST_DECODE_OTLP_METRICS_DELTA_TOTALS_H_
#define TIDEGATE_INGEST_DECODE_OTLP_METRICS_DELTA_TOTALS_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "ingest/decode/otlp_metrics/otlp_metric.h"
#include "model/otlp_rules.h"
#include "model/series_id.h"

namespace tidegate::ingest {

// Of one tenant. Thread safe.
class TenantDeltaTotals {
 public:
  // Replaces what the point counts by the total up to its time, and its start by that of the first
  // point. A point of the time of the last one is a re-send and gets the same total again.
  // InvalidArgument for an older one; ResourceExhausted when there is no room for another series.
  // `now` is nanoseconds since the Unix epoch.
  absl::Status Accumulate(const model::SeriesId& series, OtlpMetric::Kind kind, uint64_t now,
                          const model::OtlpMetricRules& rules, OtlpPoint* point);

  size_t weight() const;  // Of all totals: 1 for each, and 1 for every eight buckets.

 private:
  struct Total {
    model::SeriesId series;
    uint64_t updated = 0;
    size_t weight = 0;
    OtlpPoint point;  // Attributes and exemplars are left out.
  };
  using Totals = std::list<Total>;  // The one that was added to last is in front.

  bool MakeRoom(size_t weight, uint64_t now, const model::OtlpMetricRules& rules)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  Totals totals_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<model::SeriesId, Totals::iterator> by_series_ ABSL_GUARDED_BY(mutex_);
  size_t weight_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Of all tenants. Thread safe.
class DeltaTotals {
 public:
  // Made at the first call; so only names of known tenants may be asked for.
  TenantDeltaTotals* ForTenant(const std::string& tenant);

 private:
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::unique_ptr<TenantDeltaTotals>> tenants_
      ABSL_GUARDED_BY(mutex_);
};

// Adds `more` to `total`, bucket by bucket, at the lower of both scales; buckets that span more
// than a few thousand at that scale are merged further. For TenantDeltaTotals and its tests.
void AddExponential(const OtlpPoint& more, OtlpPoint* total);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_OTLP_METRICS_DELTA_TOTALS_H_
