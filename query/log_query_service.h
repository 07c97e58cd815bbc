// The querier's other half: answers LogQL over one log source.
#ifndef TIDEGATE_QUERY_LOG_QUERY_SERVICE_H_
#define TIDEGATE_QUERY_LOG_QUERY_SERVICE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/labels.h"
#include "model/log_entry.h"
#include "model/request_context.h"
#include "model/tenant.h"
#include "query/query_result.h"
#include "storage/log_source.h"

namespace prometheus {
class Registry;
}

namespace tidegate::query {

enum class LogDirection : uint8_t { kForward, kBackward };

struct LogInstantRequest {
  std::string query;
  model::TimestampNs time = 0;
  size_t limit = 100;
  LogDirection direction = LogDirection::kBackward;
  bool partial_series = false;  // As in LogRangeRequest.
};

struct LogRangeRequest {
  std::string query;
  model::TimestampNs start = 0;  // Inclusive.
  model::TimestampNs end = 0;    // Log queries: exclusive. Metric queries: the last step is <= end.
  int64_t step_ns = 0;           // Metric queries; > 0.
  int64_t interval_ns = 0;       // Log queries: least distance between two entries; 0 = none.
  size_t limit = 100;            // Entries over all streams.
  LogDirection direction = LogDirection::kBackward;
  // An answer with more series than the tenant may have is cut, with a warning, and no error.
  bool partial_series = false;
};

// One entry of an answer. `labels_of` its stream depend on the encoding: see LogStream.
struct LogResultEntry {
  model::TimestampNs timestamp = 0;
  std::string line;
  model::Labels structured_metadata;  // Categorized, after the pipeline.
  model::Labels parsed;
};

// Entries that share all labels after the pipeline: stream labels, structured metadata and parsed
// labels. `stream_labels` are those of the stream alone, for the categorized encoding.
struct LogStream {
  model::Labels labels;
  model::Labels stream_labels;
  std::vector<LogResultEntry> entries;  // In the request's direction.
};

struct StreamsResult {
  std::vector<LogStream> streams;  // Sorted by labels.
};

struct LogQueryStats {
  uint64_t lines_processed = 0;
  uint64_t bytes_processed = 0;
  uint64_t structured_metadata_bytes = 0;
  uint64_t lines_after_filter = 0;
  uint64_t entries_returned = 0;
  double exec_seconds = 0;
  double queue_seconds = 0;
};

// Timestamps of vectors and matrices are milliseconds, as in PromQL's results.
struct LogQueryResult {
  std::variant<StreamsResult, ScalarResult, VectorResult, MatrixResult> value;
  std::vector<std::string> warnings;
  LogQueryStats stats;
};

struct LogLabelRequest {
  std::vector<std::string> matches;  // Selectors as text, their union; empty = every stream.
  storage::LogRange range;
  size_t limit = 0;
};

struct LogVolumeRequest {
  std::string query;  // A stream selector; "{}" = every stream.
  storage::LogRange range;
  int64_t step_ns = 0;  // 0 = one value for the range (vector), else a matrix.
  size_t limit = 100;
  std::vector<std::string> target_labels;
  bool aggregate_by_labels = false;  // By label name instead of by series.
};

struct LogIndexStats {
  uint64_t streams = 0, chunks = 0, bytes = 0, entries = 0;
};

struct DetectedLabel {
  std::string label;
  uint64_t cardinality = 0;
};

struct DetectedFieldsRequest {
  std::string query;  // Selector and pipeline.
  storage::LogRange range;
  size_t line_limit = 100;
  size_t limit = 1000;  // Fields, or values of one field.
};

struct DetectedField {
  std::string label;
  std::string type;  // string int float boolean duration bytes
  uint64_t cardinality = 0;
  std::vector<std::string> parsers;  // Empty: structured metadata.
  std::vector<std::string> json_path;
};

// A pattern of lines and how often it came per step.
struct LogPattern {
  std::string pattern;
  std::string level;
  std::vector<std::pair<int64_t, uint64_t>> samples;  // Unix seconds, count.
};

// Thread safe. Errors carry Loki's texts (parse errors included):
//   InvalidArgument     400: does not parse, a parameter or limit is wrong, a pipeline error
//   ResourceExhausted   400 with the limit's text: a budget of the query was exceeded
//   Unimplemented       501: valid LogQL that this version cannot answer
//   DeadlineExceeded    504; Cancelled: 499
//   Unavailable         503: a source cannot be asked; DataLoss, Internal: 500
class LogQueryService {
 public:
  virtual ~LogQueryService() = default;
  virtual absl::StatusOr<LogQueryResult> Instant(const model::RequestContext& context,
                                                 const LogInstantRequest& request) = 0;
  virtual absl::StatusOr<LogQueryResult> Range(const model::RequestContext& context,
                                               const LogRangeRequest& request) = 0;
  virtual absl::StatusOr<std::vector<std::string>> LabelNames(const model::RequestContext& context,
                                                              const LogLabelRequest& request) = 0;
  virtual absl::StatusOr<std::vector<std::string>> LabelValues(const model::RequestContext& context,
                                                               const std::string& label_name,
                                                               const LogLabelRequest& request) = 0;
  // Label sets of streams, sorted.
  virtual absl::StatusOr<std::vector<model::Labels>> Series(const model::RequestContext& context,
                                                            const LogLabelRequest& request) = 0;
  virtual absl::StatusOr<LogIndexStats> IndexStats(const model::RequestContext& context,
                                                   const std::string& selector,
                                                   storage::LogRange range) = 0;
  // Bytes per series or label, largest first; a vector, or a matrix when the request has a step.
  virtual absl::StatusOr<LogQueryResult> Volume(const model::RequestContext& context,
                                                const LogVolumeRequest& request) = 0;
  virtual absl::StatusOr<std::vector<DetectedLabel>> DetectedLabels(
      const model::RequestContext& context, const std::string& selector,
      storage::LogRange range) = 0;
  virtual absl::StatusOr<std::vector<DetectedField>> DetectedFields(
      const model::RequestContext& context, const DetectedFieldsRequest& request) = 0;
  virtual absl::StatusOr<std::vector<std::string>> DetectedFieldValues(
      const model::RequestContext& context, const std::string& field,
      const DetectedFieldsRequest& request) = 0;
  virtual absl::StatusOr<std::vector<LogPattern>> Patterns(const model::RequestContext& context,
                                                           const std::string& query,
                                                           storage::LogRange range,
                                                           int64_t step_ns) = 0;
  // Pretty-prints a query.
  virtual absl::StatusOr<std::string> FormatQuery(const model::RequestContext& context,
                                                  const std::string& query) = 0;
};

// query_service.h makes them.
class QueryTurns;

struct LogEngineOptions {
  std::shared_ptr<QueryTurns> turns;  // nullptr = any number of queries, and any memory.
  // Where queries that a limit refuses are counted; null: nowhere. Must outlive the service.
  prometheus::Registry* metrics = nullptr;
};

// The LogQL engine in this process. Source and registry must outlive it.
std::unique_ptr<LogQueryService> CreateLogQueryService(const LogEngineOptions& options,
                                                       storage::LogSource* source,
                                                       const model::TenantRegistry* tenants);

// Answers from the ingester and the store together, as MergeSources does for series: what lies in
// both comes once. Both must outlive it.
std::unique_ptr<storage::LogSource> MergeLogSources(storage::LogSource* ingester,
                                                    storage::LogSource* store);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_LOG_QUERY_SERVICE_H_
