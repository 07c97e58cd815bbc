// Rules and alerts as Prometheus' API shows them (prometheus/web/api/v1/api.go).
#ifndef TIDEGATE_API_RULES_RULE_STATUS_JSON_H_
#define TIDEGATE_API_RULES_RULE_STATUS_JSON_H_

#include <vector>

#include "api/json/json_writer.h"
#include "control/ruler.h"

namespace tidegate::api {

void WriteAlert(const control::AlertStatus& alert, JsonWriter& json);

// The group with these of its rules.
void WriteRuleGroup(const control::RuleGroupStatus& group,
                    const std::vector<const control::RuleStatus*>& rules, bool with_alerts,
                    JsonWriter& json);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_RULES_RULE_STATUS_JSON_H_
