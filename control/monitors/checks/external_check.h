// What the answer to an external monitor's request means.
#ifndef TIDEGATE_CONTROL_MONITORS_CHECKS_EXTERNAL_CHECK_H_
#define TIDEGATE_CONTROL_MONITORS_CHECKS_EXTERNAL_CHECK_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "control/monitors/alerts/alert_step.h"
#include "control/monitors/checks/http_prober.h"
#include "control/monitors/settings/monitor.h"

namespace tidegate::control {

// Response times are a metric of the service, with the monitor's id under kMonitorLabel.
inline constexpr std::string_view kResponseTimeMetric = "external.response_time";
inline constexpr std::string_view kMonitorLabel = "monitor";

// Critical: no answer, a status below 200 or from 400 on, the text is not in the body. Otherwise
// the worse of the response time (`mean_ms`, over the monitor's window) and the days that are left
// of the certificate, rounded down.
CheckResult JudgeProbe(const ExternalCheck& check, const ProbeResult& probe,
                       std::optional<double> mean_ms, absl::Time now);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_CHECKS_EXTERNAL_CHECK_H_
