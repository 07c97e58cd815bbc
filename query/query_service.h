// The querier: answers PromQL over one series source.
#ifndef TIDEGATE_QUERY_QUERY_SERVICE_H_
#define TIDEGATE_QUERY_QUERY_SERVICE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/clock.h"
#include "model/request_context.h"
#include "model/tenant.h"
#include "query/query_result.h"
#include "storage/series_source.h"

namespace prometheus {
class Registry;
}

namespace tidegate::query {

struct InstantRequest {
  std::string query;
  model::TimestampMs time = 0;
  int64_t lookback_ms = 0;   // 0 = the engine's default.
  size_t limit = 0;          // Series in the answer; 0 = all.
  bool count_steps = false;  // Tell in the statistics what each step looked at.
};

struct RangeRequest {
  std::string query;
  model::TimestampMs start = 0;  // Both ends are evaluated when the step hits them.
  model::TimestampMs end = 0;
  int64_t step_ms = 0;  // > 0.
  int64_t lookback_ms = 0;
  size_t limit = 0;
  bool count_steps = false;
};

// Label APIs: match[] expressions as text; their union.
struct MetadataRequest {
  std::vector<std::string> matches;
  model::TimeRange range;
  size_t limit = 0;
};

struct LabelsResult {
  std::vector<model::Labels> series;  // Sorted.
  bool truncated = false;
};

struct StringsResult {
  std::vector<std::string> values;  // Sorted.
  bool truncated = false;
};

// Thread safe. Implemented by the engine and by the gRPC client. Errors carry Prometheus' texts:
//   InvalidArgument     bad_data (400): the query does not parse, a parameter is wrong
//   FailedPrecondition  execution (422): the evaluation failed (many-to-many matching, ...)
//   ResourceExhausted   execution (422): a budget of the query was exceeded
//   DeadlineExceeded    timeout (503); Cancelled: canceled (499)
//   Unavailable         (503) a source cannot be asked; DataLoss, Internal: internal (500)
class QueryService {
 public:
  virtual ~QueryService() = default;
  virtual absl::StatusOr<QueryResult> Instant(const model::RequestContext& context,
                                              const InstantRequest& request) = 0;
  virtual absl::StatusOr<QueryResult> Range(const model::RequestContext& context,
                                            const RangeRequest& request) = 0;
  virtual absl::StatusOr<LabelsResult> Series(const model::RequestContext& context,
                                              const MetadataRequest& request) = 0;
  virtual absl::StatusOr<StringsResult> LabelNames(const model::RequestContext& context,
                                                   const MetadataRequest& request) = 0;
  virtual absl::StatusOr<StringsResult> LabelValues(const model::RequestContext& context,
                                                    const std::string& label_name,
                                                    const MetadataRequest& request) = 0;
  // Exemplars of all series that the query's selectors name; sorted by labels.
  virtual absl::StatusOr<std::vector<storage::SelectedExemplars>> Exemplars(
      const model::RequestContext& context, const std::string& query, model::TimeRange range) = 0;
  // Pretty-prints a query (100 columns).
  virtual absl::StatusOr<std::string> FormatQuery(const model::RequestContext& context,
                                                  const std::string& query) = 0;
  // The syntax tree as JSON, as Prometheus' parse_query answers it.
  virtual absl::StatusOr<std::string> ParseQuery(const model::RequestContext& context,
                                                 const std::string& query) = 0;
};

// Decides when queries, and what reads as much as they do, run. Thread safe.
class QueryTurns;

// At most `max_running` at the same time, of all tenants and in both languages; more wait, the
// tenants in turn. Together they hold at most `max_memory_bytes`: 422 beyond it. 0 = any.
// How many run and wait is told in the registry, if there is one; it must outlive the turns.
std::shared_ptr<QueryTurns> CreateQueryTurns(uint32_t max_running, uint64_t max_memory_bytes,
                                             prometheus::Registry* metrics = nullptr);

// The same source for those who read it without a query: each call takes a turn first, within the
// tenant's limits on queries (Unavailable when too many wait). The registry and the source must
// outlive it.
std::unique_ptr<storage::SeriesSource> TakeTurns(storage::SeriesSource* source,
                                                 std::shared_ptr<QueryTurns> turns,
                                                 const model::TenantRegistry* tenants);

struct EngineOptions {
  int64_t default_lookback_ms = 5 * 60 * 1000;
  int64_t default_subquery_step_ms = 60 * 1000;
  std::shared_ptr<QueryTurns> turns;        // nullptr = any number of queries, and any memory.
  prometheus::Registry* metrics = nullptr;  // Refused queries are counted in it. May be nullptr.
};

// The engine in this process. Label and exemplar requests take turns as queries do. Source,
// registries and clock must outlive it.
std::unique_ptr<QueryService> CreateQueryService(const EngineOptions& options,
                                                 storage::SeriesSource* source,
                                                 const model::TenantRegistry* tenants,
                                                 const model::Clock* clock);

// Answers from the ingester and the store together: asks the ingester first, then the store, merges
// series by labels and drops equal timestamps (the store's value wins, it is older). Fails with
// Unavailable when either cannot be asked. Both must outlive it.
std::unique_ptr<storage::SeriesSource> MergeSources(storage::SeriesSource* ingester,
                                                    storage::SeriesSource* store);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_QUERY_SERVICE_H_
