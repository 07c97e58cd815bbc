#include "control/monitors/settings/monitor.h"

#include <algorithm>
#include <array>

namespace tidegate::control {
namespace {

std::string_view WithoutBlanks(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

std::string_view MonitorKindName(MonitorKind kind) {
  constexpr std::array<std::string_view, kMonitorKinds + 1> kNames = {
      "host",       "connectivity",     "service", "external",
      "expression", "anomalyDetection", "query",   "check"};
  return kNames[static_cast<size_t>(kind)];
}

MonitorKind MonitorKindOf(std::string_view name) {
  for (int i = 0; i <= kMonitorKinds; ++i) {
    if (name == MonitorKindName(static_cast<MonitorKind>(i))) return static_cast<MonitorKind>(i);
  }
  return MonitorKind::kHost;
}

std::string_view AlertLevelName(AlertLevel level) {
  constexpr std::array<std::string_view, 4> kNames = {"OK", "UNKNOWN", "WARNING", "CRITICAL"};
  return kNames[static_cast<size_t>(level)];
}

AlertLevel AlertLevelOf(std::string_view name) {
  if (name == "CRITICAL") return AlertLevel::kCritical;
  if (name == "UNKNOWN") return AlertLevel::kUnknown;
  return name == "WARNING" ? AlertLevel::kWarning : AlertLevel::kOk;
}

AlertLevel Thresholds::Judge(double value) const {
  const auto beyond = [&](const std::optional<double>& bound) {
    return bound.has_value() && (above ? value > *bound : value < *bound);
  };
  if (beyond(critical)) return AlertLevel::kCritical;
  return beyond(warning) ? AlertLevel::kWarning : AlertLevel::kOk;
}

Scope ParseScope(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == text.npos) return {std::string(WithoutBlanks(text)), ""};
  return {std::string(WithoutBlanks(text.substr(0, colon))),
          std::string(WithoutBlanks(text.substr(colon + 1)))};
}

std::string_view SensitivityName(Sensitivity sensitivity) {
  constexpr std::array<std::string_view, 3> kNames = {"insensitive", "normal", "sensitive"};
  return kNames[static_cast<size_t>(sensitivity)];
}

bool HasMaxCheckAttempts(MonitorKind kind) {
  return kind == MonitorKind::kHost || kind == MonitorKind::kService ||
         kind == MonitorKind::kExternal || kind == MonitorKind::kAnomalyDetection;
}

bool IsPercentMetric(std::string_view metric) {
  constexpr std::array<std::string_view, 6> kPercentMetrics = {
      "cpu%", "memory%", "disk%", "swap%", "container-cpu%", "container-memory%"};
  return std::find(kPercentMetrics.begin(), kPercentMetrics.end(), metric) != kPercentMetrics.end();
}

std::vector<HeaderField> DefaultHeaders() { return {{"Cache-Control", "no-cache"}}; }

}  // namespace tidegate::control
