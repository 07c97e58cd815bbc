// What hosts report about checks that they do themselves.
#ifndef TIDEGATE_CONTROL_MONITORS_REPORTS_CHECK_REPORT_H_
#define TIDEGATE_CONTROL_MONITORS_REPORTS_CHECK_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "control/monitors/settings/monitor.h"

namespace tidegate::control {

// Of one request.
inline constexpr size_t kMaxReports = 100;

struct CheckReport {
  std::string host;
  std::string name;
  AlertLevel level = AlertLevel::kOk;
  std::string message;
  int64_t occurred_at = 0;                       // Seconds since 1970.
  std::optional<int64_t> notification_interval;  // Minutes, at least 10; nothing: told once.
  int64_t max_check_attempts = 1;                // 1 to 10.
  friend bool operator==(const CheckReport&, const CheckReport&) = default;
};

// Reads {"reports": [...]}. InvalidArgument names the first mistake and what would be right; the
// rules are those of Mackerel's page "Check monitoring". Members that are not known are passed
// over.
absl::StatusOr<std::vector<CheckReport>> ReadCheckReports(std::string_view body);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_REPORTS_CHECK_REPORT_H_
