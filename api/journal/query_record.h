// What is remembered of one query.
#ifndef TIDEGATE_API_JOURNAL_QUERY_RECORD_H_
#define TIDEGATE_API_JOURNAL_QUERY_RECORD_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "model/sample.h"
#include "query/log_query_service.h"
#include "query/query_result.h"

namespace tidegate::api {

enum class QueryLanguage { kPromQl, kLogQl };

// "promql", "logql".
inline std::string_view LanguageName(QueryLanguage language) {
  return language == QueryLanguage::kPromQl ? "promql" : "logql";
}

// As the client asked.
struct QueryRecord {
  QueryLanguage language = QueryLanguage::kPromQl;
  std::string tenant;
  std::string query;
  model::TimestampMs start = 0;  // Both the same for an instant query.
  model::TimestampMs end = 0;
  int64_t step_ms = 0;  // 0 for an instant query.
  std::string client_ip;
  std::string method;
  std::string path;  // Without parameters.
  std::string request_id;
};

// How it ended.
struct QueryOutcome {
  absl::Time ended;
  absl::Duration duration;
  absl::Status status;
  query::QueryStats stats;         // Of PromQL. Zero when it failed.
  query::LogQueryStats log_stats;  // The same of LogQL.
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_JOURNAL_QUERY_RECORD_H_
