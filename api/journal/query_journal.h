// What this process was asked in PromQL and LogQL, and what it cost.
#ifndef TIDEGATE_API_JOURNAL_QUERY_JOURNAL_H_
#define TIDEGATE_API_JOURNAL_QUERY_JOURNAL_H_

#include <prometheus/counter.h>
#include <prometheus/family.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "api/journal/query_record.h"
#include "api/journal/recent_queries.h"
#include "api/json_lines/json_lines_file.h"
#include "model/clock.h"

namespace tidegate::model {
class MetricsRegistry;
class Timer;
}  // namespace tidegate::model

namespace tidegate::api {

struct QueryJournalOptions {
  std::string log_file;                // Empty = no query log.
  uint64_t max_log_bytes = 100 << 20;  // Of the file; a second one of the same size is kept.
};

struct ActiveQuery {
  uint64_t id = 0;
  absl::Duration duration;
  QueryRecord record;
};

// Thread safe; must outlive its entries.
class QueryJournal {
 public:
  // One query, from its beginning to its end. Owned by the thread that answers it.
  class Entry {
   public:
    // A query that nobody finished was given up.
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    // When the result is there, or the error.
    void Finish(const absl::Status& status, const query::QueryStats& stats);
    // The same for LogQL.
    void FinishLogQuery(const absl::Status& status, const query::LogQueryStats& stats);

   private:
    friend class QueryJournal;
    void End(QueryOutcome outcome);
    Entry(QueryJournal* journal, uint64_t id, absl::Time begun)
        : journal_(journal), id_(id), begun_(begun) {}

    QueryJournal* const journal_;
    const uint64_t id_;
    const absl::Time begun_;
    bool finished_ = false;
  };

  // Clock and registry must outlive the journal.
  QueryJournal(const QueryJournalOptions& options, const model::Clock* clock,
               model::MetricsRegistry* registry);

  std::unique_ptr<Entry> Begin(QueryRecord record);

  // A limit of the tenant kept a query from beginning; `limit` as the configuration calls it.
  void CountRefusal(const std::string& tenant, std::string_view limit);

  // A tenant's queries at work, the oldest first.
  std::vector<ActiveQuery> Active(std::string_view tenant) const;
  // See RecentQueries::Costs.
  std::vector<QueryCost> Costs(std::string_view tenant, absl::Duration lifetime) const {
    return recent_.Costs(tenant, clock_->Now() - lifetime);
  }

  // Opens the query log anew (JsonLinesFile::Reopen); OK without one.
  absl::Status ReopenLog() { return log_ == nullptr ? absl::OkStatus() : log_->Reopen(); }

 private:
  struct Running {
    QueryRecord record;
    absl::Time begun;
  };

  void End(uint64_t id, const QueryOutcome& outcome);
  void Count(const QueryRecord& record, const QueryOutcome& outcome);

  const model::Clock* const clock_;
  const std::unique_ptr<JsonLinesFile> log_;  // nullptr without one.
  RecentQueries recent_;
  prometheus::Family<prometheus::Counter>* const queries_;
  prometheus::Family<prometheus::Counter>* const refused_;
  prometheus::Counter* const log_failures_;
  model::Timer& promql_seconds_;
  model::Timer& logql_seconds_;
  mutable absl::Mutex mutex_;
  uint64_t last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<uint64_t, Running> running_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_JOURNAL_QUERY_JOURNAL_H_
