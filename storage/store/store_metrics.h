// The store's own metrics (docs/operations.md lists them).
#ifndef TIDEGATE_STORAGE_STORE_STORE_METRICS_H_
#define TIDEGATE_STORAGE_STORE_STORE_METRICS_H_

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

namespace tidegate::storage {

// Thread safe. The registry must outlive it.
struct StoreMetrics {
  explicit StoreMetrics(prometheus::Registry* registry);

  // Refreshed at the end of every round of maintenance.
  prometheus::Gauge& partitions;
  prometheus::Gauge& segments;
  prometheus::Gauge& points;
  prometheus::Gauge& bytes;
  prometheus::Gauge& damaged_pages;
  prometheus::Gauge& damaged_files;
  prometheus::Gauge& index_cache_bytes;
  prometheus::Gauge& block_cache_bytes;
  prometheus::Gauge& rocksdb_file_bytes;
  prometheus::Gauge& rocksdb_memtable_bytes;
  prometheus::Gauge& rocksdb_table_reader_bytes;
  prometheus::Counter& index_cache_hits;
  prometheus::Counter& index_cache_misses;
  prometheus::Counter& block_cache_hits;
  prometheus::Counter& block_cache_misses;
  prometheus::Counter& rocksdb_failed_writes;

  prometheus::Counter& merges;
  prometheus::Counter& failed_merges;
  prometheus::Counter& merged_points_read;
  prometheus::Counter& merged_points_written;
  prometheus::Counter& conflicts;  // Points that lost against an earlier value at their timestamp.
  prometheus::Counter& expired_segments;
  prometheus::Histogram& merge_seconds;
};

// Moves a counter up to what somebody else has counted.
void CatchUp(uint64_t counted, prometheus::Counter* counter);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_STORE_METRICS_H_
