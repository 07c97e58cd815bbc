// Patterns of lines, and how often they came.
#ifndef TIDEGATE_QUERY_LOGQL_DETECT_PATTERN_COLLECTOR_H_
#define TIDEGATE_QUERY_LOGQL_DETECT_PATTERN_COLLECTOR_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "query/log_query_service.h"
#include "query/logql/detect/line_clusters.h"
#include "query/logql/pipeline/entry_labels.h"
#include "query/logql/pipeline/pipeline.h"
#include "query/vector/budget.h"
#include "storage/log_source.h"

namespace tidegate::logql {

// Runs the stages over every batch and counts what they leave, by level (the label detected_level)
// and step. Owned by one thread.
class PatternCollector : public storage::Sink<storage::LogBatch> {
 public:
  // More patterns are not told.
  static constexpr size_t kMaxPatterns = 300;

  // Both must outlive the collector; `step_ns` > 0.
  PatternCollector(int64_t step_ns, Pipeline* pipeline, query::Budget* budget)
      : step_ns_(step_ns), pipeline_(*pipeline), budget_(*budget) {}

  absl::Status Add(storage::LogBatch batch) override;
  // The most frequent first. Called once, behind the last batch.
  std::vector<query::LogPattern> Take();

 private:
  using Counts = std::map<int64_t, uint64_t>;  // By step, nanoseconds.
  struct Level {
    LineClusters clusters;
    std::vector<Counts> counts;  // Of every cluster.
  };
  absl::Status Count(const StageEntry& entry);

  const int64_t step_ns_;
  Pipeline& pipeline_;
  query::Budget& budget_;
  EntryLabels labels_;
  std::map<std::string, Level, std::less<>> levels_;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_DETECT_PATTERN_COLLECTOR_H_
