#include "control/monitors/checks/external_check.h"

#include <fmt/format.h>

#include <utility>

namespace tidegate::control {
namespace {

void Worsen(AlertLevel level, std::string message, CheckResult* result) {
  if (level <= result->level) return;
  result->level = level;
  result->message = std::move(message);
}

void JudgeCertificate(const ExternalCheck& check, const ProbeResult& probe, absl::Time now,
                      CheckResult* result) {
  if (!probe.certificate_expires.has_value()) return;
  const int64_t days = absl::ToInt64Hours(*probe.certificate_expires - now) / 24;
  const auto below = [&](const std::optional<int64_t>& bound) {
    return bound.has_value() && days < *bound;
  };
  const std::string text = fmt::format("the certificate expires in {} days", days);
  if (below(check.certificate_critical)) Worsen(AlertLevel::kCritical, text, result);
  if (below(check.certificate_warning)) Worsen(AlertLevel::kWarning, text, result);
}

}  // namespace

CheckResult JudgeProbe(const ExternalCheck& check, const ProbeResult& probe,
                       std::optional<double> mean_ms, absl::Time now) {
  CheckResult result;
  result.observed = absl::ToUnixMillis(now);
  const bool times = check.response_time_duration.has_value();
  if (times) result.value = mean_ms;
  if (!probe.error.empty()) {
    Worsen(AlertLevel::kCritical, probe.error, &result);
    return result;
  }
  if (probe.status < 200 || probe.status >= 400) {
    Worsen(AlertLevel::kCritical, fmt::format("the status is {}", probe.status), &result);
    return result;
  }
  if (!probe.contains) {
    Worsen(AlertLevel::kCritical, fmt::format("\"{}\" is not in the body", *check.contains),
           &result);
  }
  if (mean_ms.has_value()) {
    const std::string text = fmt::format("the response time is {:.0f} ms", *mean_ms);
    const auto beyond = [&](const std::optional<double>& bound) {
      return bound.has_value() && *mean_ms > *bound;
    };
    if (beyond(check.response_time_critical)) Worsen(AlertLevel::kCritical, text, &result);
    if (beyond(check.response_time_warning)) Worsen(AlertLevel::kWarning, text, &result);
  }
  JudgeCertificate(check, probe, now, &result);
  if (result.message.empty()) {
    result.message =
        fmt::format("{} in {} ms", probe.status, absl::ToInt64Milliseconds(probe.took));
  }
  return result;
}

}  // namespace tidegate::control
