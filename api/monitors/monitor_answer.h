// Answers of the monitors' API.
#ifndef TIDEGATE_API_MONITORS_MONITOR_ANSWER_H_
#define TIDEGATE_API_MONITORS_MONITOR_ANSWER_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "api/http/http_response.h"

namespace tidegate::api {

// {"error":{"message":TEXT}} with the status that Mackerel's pages name: 400 what is wrong with the
// request or cannot be done, 401, 403, 404, 413; 429 and 503 with Retry-After; 500 otherwise.
HttpResponse MonitorError(const absl::Status& status);

// 200 with this JSON, or the error.
HttpResponse MonitorAnswer(const absl::StatusOr<std::string>& json);
// The same as {"NAME":JSON}.
HttpResponse MonitorAnswer(std::string_view name, const absl::StatusOr<std::string>& json);
// {"success":true}, or the error.
HttpResponse MonitorSuccess(const absl::Status& status);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_MONITORS_MONITOR_ANSWER_H_
