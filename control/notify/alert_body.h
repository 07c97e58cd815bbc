// Alerts as the body of a POST to Alertmanager.
#ifndef TIDEGATE_CONTROL_NOTIFY_ALERT_BODY_H_
#define TIDEGATE_CONTROL_NOTIFY_ALERT_BODY_H_

#include <string>

#include "absl/types/span.h"
#include "control/rules/evaluation/rule_io.h"

namespace tidegate::control {

// A list of postableAlert, as Alertmanager's API v2 has it: labels, annotations, startsAt, endsAt,
// generatorURL.
std::string AlertBody(absl::Span<const OutgoingAlert> alerts);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_NOTIFY_ALERT_BODY_H_
