// Prometheus' API over rules, alerts and the places that alerts go to.
#ifndef TIDEGATE_API_RULES_RULES_ENDPOINTS_H_
#define TIDEGATE_API_RULES_RULES_ENDPOINTS_H_

#include "api/prometheus/api_endpoint.h"
#include "control/ruler.h"

namespace tidegate::api {

// {"groups":[]}; `type`, `rule_name[]`, `rule_group[]`, `file[]`, `match[]` and `exclude_alerts`
// choose, `group_limit` and `group_next_token` page. The ruler must outlive the endpoint, here and
// below; without one they answer NotFound, which Grafana takes for a server without rules.
ApiEndpoint RulesEndpoint(control::Ruler* ruler);

// {"alerts":[]}
ApiEndpoint AlertsEndpoint(control::Ruler* ruler);

// {"activeAlertmanagers":[{"url":""}],"droppedAlertmanagers":[]}
ApiEndpoint AlertmanagersEndpoint(control::Ruler* ruler);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_RULES_RULES_ENDPOINTS_H_
