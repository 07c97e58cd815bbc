// A monitor, as a client defines it.
#ifndef TIDEGATE_CONTROL_MONITORS_SETTINGS_MONITOR_H_
#define TIDEGATE_CONTROL_MONITORS_SETTINGS_MONITOR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/time/time.h"

namespace tidegate::control {

// In the order of lists.
enum class MonitorKind : uint8_t {
  kHost,
  kConnectivity,
  kService,
  kExternal,
  kExpression,
  kAnomalyDetection,
  kQuery,
  kCheck,  // Made by reports of hosts, not by people.
};
inline constexpr int kMonitorKinds = 7;  // That people make.

// "host", "connectivity", ... as `type` names them.
std::string_view MonitorKindName(MonitorKind kind);

// Of one of these names; kHost for any other.
MonitorKind MonitorKindOf(std::string_view name);

// How bad it is; ascending. Only reported checks are unknown.
enum class AlertLevel : uint8_t { kOk, kUnknown, kWarning, kCritical };
std::string_view AlertLevelName(AlertLevel level);  // "OK", "UNKNOWN", "WARNING", "CRITICAL"
AlertLevel AlertLevelOf(std::string_view name);     // kOk for any other.

// Bad beyond a bound; the value stands on the left.
struct Thresholds {
  bool above = true;  // The operator is >, not <.
  std::optional<double> warning;
  std::optional<double> critical;
  AlertLevel Judge(double value) const;
  friend bool operator==(const Thresholds&, const Thresholds&) = default;
};

// SERVICE, or SERVICE:ROLE with any blanks around the colon.
struct Scope {
  std::string service;
  std::string role;  // Empty: the whole service.
  friend bool operator==(const Scope&, const Scope&) = default;
};
Scope ParseScope(std::string_view text);

struct HostCheck {
  std::string metric;    // Also one that IsPercentMetric knows.
  int64_t duration = 1;  // Minutes.
  Thresholds thresholds;
  std::vector<std::string> scopes;  // As they were written; empty = all hosts.
  std::vector<std::string> exclude_scopes;
  friend bool operator==(const HostCheck&, const HostCheck&) = default;
};

struct ConnectivityCheck {
  AlertLevel on_gone = AlertLevel::kCritical;
  std::vector<std::string> scopes;
  std::vector<std::string> exclude_scopes;
  friend bool operator==(const ConnectivityCheck&, const ConnectivityCheck&) = default;
};

struct ServiceCheck {
  std::string service;
  std::string metric;
  int64_t duration = 1;  // Points.
  Thresholds thresholds;
  std::optional<int64_t> missing_warning;  // Minutes.
  std::optional<int64_t> missing_critical;
  friend bool operator==(const ServiceCheck&, const ServiceCheck&) = default;
};

struct HeaderField {
  std::string name;
  std::string value;
  friend bool operator==(const HeaderField&, const HeaderField&) = default;
};

struct ExternalCheck {
  std::string url;
  std::string method = "GET";
  std::string service;                          // Empty: none.
  std::optional<double> response_time_warning;  // Milliseconds.
  std::optional<double> response_time_critical;
  std::optional<int64_t> response_time_duration;  // Minutes.
  std::optional<std::string> contains;
  std::optional<int64_t> certificate_warning;  // Days.
  std::optional<int64_t> certificate_critical;
  std::optional<bool> skip_certificate_verification;
  std::vector<HeaderField> headers;
  std::optional<std::string> body;
  std::optional<bool> follow_redirect;
  friend bool operator==(const ExternalCheck&, const ExternalCheck&) = default;
};

struct ExpressionCheck {
  std::string expression;
  Thresholds thresholds;
  friend bool operator==(const ExpressionCheck&, const ExpressionCheck&) = default;
};

enum class Sensitivity : uint8_t { kInsensitive, kNormal, kSensitive };
std::string_view SensitivityName(Sensitivity sensitivity);

struct AnomalyCheck {
  std::vector<std::string> scopes;
  std::optional<Sensitivity> warning;
  std::optional<Sensitivity> critical;
  std::optional<int64_t> training_from;  // Seconds since 1970.
  friend bool operator==(const AnomalyCheck&, const AnomalyCheck&) = default;
};

struct QueryCheck {
  std::string query;
  std::string legend;
  Thresholds thresholds;
  friend bool operator==(const QueryCheck&, const QueryCheck&) = default;
};

// The host does it itself.
struct ReportedCheck {
  friend bool operator==(const ReportedCheck&, const ReportedCheck&) = default;
};

// In the order of MonitorKind.
using MonitorCheck = std::variant<HostCheck, ConnectivityCheck, ServiceCheck, ExternalCheck,
                                  ExpressionCheck, AnomalyCheck, QueryCheck, ReportedCheck>;

struct Monitor {
  std::string id;
  std::string name;
  std::optional<std::string> memo;
  std::optional<bool> is_mute;
  std::optional<int64_t> notification_interval;  // Minutes; nothing: told once.
  int64_t max_check_attempts = 1;
  MonitorCheck check;

  MonitorKind kind() const { return static_cast<MonitorKind>(check.index()); }
  friend bool operator==(const Monitor&, const Monitor&) = default;
};

// Whether it knows maxCheckAttempts; the others alert at the first bad result.
bool HasMaxCheckAttempts(MonitorKind kind);

// "cpu%", "memory%", ...: computed from other metrics, from 0 to 100.
bool IsPercentMetric(std::string_view metric);

// Those of external monitors that say nothing about headers.
std::vector<HeaderField> DefaultHeaders();

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_SETTINGS_MONITOR_H_
