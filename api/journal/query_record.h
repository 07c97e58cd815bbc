// What is remembered of one query.
#ifndef TIDEGATE_API_JOURNAL_QUERY_RECORD_H_
#define TIDEGATE_API_JOURNAL_QUERY_RECORD_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "model/sample.h"
#include "query/query_result.h"

namespace tidegate::api {

// As the client asked.
struct QueryRecord {
  std::string tenant;
  std::string query;
  model::TimestampMs start = 0;  // Both the same for an instant query.
  model::TimestampMs end = 0;
  int64_t step_ms = 0;  // 0 for an instant query.
  std::string client_ip;
  std::string method;
  std::string path;  // Without parameters.
};

// How it ended.
struct QueryOutcome {
  absl::Time ended;
  absl::Duration duration;
  absl::Status status;
  query::QueryStats stats;  // Zero when it failed.
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_JOURNAL_QUERY_RECORD_H_
