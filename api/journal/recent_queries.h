// The last queries, and which of them cost most.
#ifndef TIDEGATE_API_JOURNAL_RECENT_QUERIES_H_
#define TIDEGATE_API_JOURNAL_RECENT_QUERIES_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "api/journal/query_record.h"

namespace tidegate::api {

// All recent executions of one query text over a range of one length.
struct QueryCost {
  QueryLanguage language = QueryLanguage::kPromQl;
  std::string query;
  int64_t range_seconds = 0;  // 0 for instant queries.
  uint64_t count = 0;
  absl::Duration duration;  // Of all executions together.
  uint64_t peak_bytes = 0;  // The sum of the executions' highest memory; 0 for LogQL.
};

// Thread safe. As VictoriaMetrics keeps them: the last 20,000 queries that took a millisecond or
// more, fewer when their texts are long.
class RecentQueries {
 public:
  static constexpr size_t kMaxQueries = 20'000;
  static constexpr size_t kMaxTextBytes = 16 << 20;
  static constexpr absl::Duration kMinDuration = absl::Milliseconds(1);

  void Add(const QueryRecord& record, const QueryOutcome& outcome);

  // The costs of a tenant's queries that ended at `since` or later, in no particular order.
  std::vector<QueryCost> Costs(std::string_view tenant, absl::Time since) const;

 private:
  struct Execution {
    QueryLanguage language = QueryLanguage::kPromQl;
    std::string tenant;
    std::string query;
    int64_t range_seconds = 0;
    absl::Time ended;
    absl::Duration duration;
    uint64_t peak_bytes = 0;
  };

  mutable absl::Mutex mutex_;
  std::deque<Execution> executions_ ABSL_GUARDED_BY(mutex_);  // Oldest first.
  size_t text_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_JOURNAL_RECENT_QUERIES_H_
