// What the endpoints that delete log entries call.
#ifndef TIDEGATE_API_LOG_ADMIN_H_
#define TIDEGATE_API_LOG_ADMIN_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/request_context.h"
#include "model/sample.h"
#include "query/log_deletion.h"

namespace tidegate::api {

struct LogDeletionRequest {
  query::DeletedEntries entries;
  model::TimeRange range;  // Both ends included.
  std::string query;
  model::TimestampMs created_at = 0;
  model::TimestampMs final_at = 0;  // Until then it can be cancelled.
};

struct LogDeletionRecord {
  std::string id;
  std::string query;
  model::TimeRange range;
  model::TimestampMs created_at = 0;
  model::TimestampMs final_at = 0;
};

// Thread safe. Without its functions the endpoints do not exist.
struct LogAdmin {
  // Hides what is stored so far, unsealed entries included; returns the id.
  std::function<absl::StatusOr<std::string>(const model::RequestContext&,
                                            const LogDeletionRequest&)>
      delete_logs;
  // Of the context's tenant, oldest first.
  std::function<absl::StatusOr<std::vector<LogDeletionRecord>>(const model::RequestContext&)>
      deletions;
  // NotFound; FailedPrecondition when it is final.
  std::function<absl::Status(const model::RequestContext&, const std::string& id)> cancel;
  absl::Duration cancel_period = absl::Hours(24);
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_LOG_ADMIN_H_
