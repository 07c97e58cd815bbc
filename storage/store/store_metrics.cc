#include "storage/store/store_metrics.h"

namespace tidegate::storage {
namespace {

prometheus::Gauge& Gauge(prometheus::Registry* registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(*registry).Add({});
}

prometheus::Counter& Counter(prometheus::Registry* registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(*registry).Add({});
}

prometheus::Histogram& Seconds(prometheus::Registry* registry, const char* name, const char* help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(*registry).Add(
      {}, prometheus::Histogram::BucketBoundaries{0.01, 0.1, 0.5, 1, 5, 15, 60, 300});
}

}  // namespace

StoreMetrics::StoreMetrics(prometheus::Registry* registry)
    : partitions(Gauge(registry, "tidegate_store_partitions", "Spans of time that hold data.")),
      segments(Gauge(registry, "tidegate_store_segments",
                     "Segments: one tenant's part of a cut or merge in one partition.")),
      points(Gauge(registry, "tidegate_store_points", "Sealed samples, histograms and entries.")),
      bytes(Gauge(registry, "tidegate_store_bytes", "Of the sealed segments on disk.")),
      damaged_pages(Gauge(registry, "tidegate_store_damaged_pages",
                          "Pages found damaged since the start and left out of answers.")),
      damaged_files(Gauge(registry, "tidegate_store_damaged_files",
                          "Files found damaged when the store was opened.")),
      index_cache_bytes(
          Gauge(registry, "tidegate_store_index_cache_bytes", "Segment indexes in memory.")),
      block_cache_bytes(Gauge(registry, "tidegate_store_block_cache_bytes",
                              "Pages and their indexes in memory.")),
      rocksdb_file_bytes(
          Gauge(registry, "tidegate_store_rocksdb_file_bytes", "Table files, documents included.")),
      rocksdb_memtable_bytes(
          Gauge(registry, "tidegate_store_rocksdb_memtable_bytes", "Documents in memory tables.")),
      rocksdb_table_reader_bytes(Gauge(registry, "tidegate_store_rocksdb_table_reader_bytes",
                                       "Indexes and filters of open table files.")),
      index_cache_hits(Counter(registry, "tidegate_store_index_cache_hits_total",
                               "Segment indexes that were in memory.")),
      index_cache_misses(Counter(registry, "tidegate_store_index_cache_misses_total",
                                 "Segment indexes that had to be read.")),
      block_cache_hits(
          Counter(registry, "tidegate_store_block_cache_hits_total", "Pages that were in memory.")),
      block_cache_misses(Counter(registry, "tidegate_store_block_cache_misses_total",
                                 "Pages that had to be read.")),
      rocksdb_failed_writes(Counter(registry, "tidegate_store_rocksdb_failed_writes_total",
                                    "Writes that failed inside RocksDB.")),
      merges(Counter(registry, "tidegate_store_merges_total", "Merges of segments committed.")),
      failed_merges(Counter(registry, "tidegate_store_failed_merges_total",
                            "Merges given up because of an error; a stop does not count.")),
      merged_points_read(
          Counter(registry, "tidegate_store_merged_points_read_total", "Points that merges read.")),
      merged_points_written(Counter(registry, "tidegate_store_merged_points_written_total",
                                    "Points that merges wrote.")),
      conflicts(Counter(registry, "tidegate_store_conflicts_total",
                        "Points that lost against an earlier value at their timestamp.")),
      expired_segments(Counter(registry, "tidegate_store_expired_segments_total",
                               "Segments dropped because all in them had expired.")),
      merge_seconds(Seconds(registry, "tidegate_store_merge_duration_seconds",
                            "Time of a merge, commit included.")) {}

void CatchUp(uint64_t counted, prometheus::Counter* counter) {
  const double missing = static_cast<double>(counted) - counter->Value();
  if (missing > 0) counter->Increment(missing);
}

}  // namespace tidegate::storage
