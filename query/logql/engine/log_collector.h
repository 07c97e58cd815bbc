// Gathers the answer of a log query: the first entries of all streams in one order.
#ifndef TIDEGATE_QUERY_LOGQL_ENGINE_LOG_COLLECTOR_H_
#define TIDEGATE_QUERY_LOGQL_ENGINE_LOG_COLLECTOR_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "model/labels.h"
#include "query/log_query_service.h"
#include "query/logql/pipeline/entry_labels.h"
#include "query/logql/pipeline/pipeline.h"
#include "query/vector/budget.h"
#include "storage/log_source.h"

namespace tidegate::logql {

struct CollectorOptions {
  storage::LogOrder order = storage::LogOrder::kBackward;
  size_t limit = 100;       // > 0.
  int64_t interval_ns = 0;  // Least distance between two entries of one stream; 0 = none.
};

// Runs the stages over every batch and keeps the best entries: memory is bounded by about twice
// `limit` entries, however many lines pass. Owned by one thread.
class LogCollector : public storage::Sink<storage::LogBatch> {
 public:
  // Both must outlive the collector.
  LogCollector(CollectorOptions options, Pipeline* pipeline, query::Budget* budget)
      : options_(options), pipeline_(*pipeline), budget_(*budget) {}

  absl::Status Add(storage::LogBatch batch) override;
  // Whether no entry that comes behind those seen so far can be among the first. Never with an
  // interval, which decides at the end.
  bool HasEnough() const { return options_.interval_ns == 0 && entries_.size() >= options_.limit; }
  // Entries by stream, streams sorted by labels. Called once, behind the last batch.
  query::StreamsResult Take();

  const query::LogQueryStats& stats() const { return stats_; }

 private:
  struct Entry {
    model::TimestampNs timestamp = 0;
    uint64_t sequence = 0;  // Of its arrival here: entries at one nanosecond keep their order.
    std::string line;
    model::Labels all, stream, metadata, parsed;
    uint64_t bytes() const;
  };
  bool Before(const Entry& a, const Entry& b) const;
  // Whether an entry at this time can still be among the first.
  bool CanMatter(model::TimestampNs timestamp) const;
  absl::Status Keep(const StageEntry& entry);
  void Prune();

  const CollectorOptions options_;
  Pipeline& pipeline_;
  query::Budget& budget_;
  EntryLabels labels_;
  std::vector<Entry> entries_;
  bool full_ = false;  // The last prune left `limit` entries, of which worst_ is the last.
  model::TimestampNs worst_ = 0;
  uint64_t sequence_ = 0;
  query::LogQueryStats stats_;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_ENGINE_LOG_COLLECTOR_H_
