// Reads the YAML of rules into structs, as strictly as Prometheus does.
#ifndef TIDEGATE_CONTROL_RULES_DEFINITION_RULE_YAML_H_
#define TIDEGATE_CONTROL_RULES_DEFINITION_RULE_YAML_H_

#include <yaml-cpp/yaml.h>

#include <string>
#include <vector>

#include "control/rules/definition/rule_spec.h"

namespace tidegate::control {

// Where something stands; 0:0 when it does not.
struct YamlPlace {
  int line = 0;
  int column = 0;
};

struct RulePlaces {
  YamlPlace record, alert, expr;
};

// A group, and where its parts stand.
struct PlacedGroup {
  RuleGroupSpec spec;
  YamlPlace place;
  std::vector<RulePlaces> rules;  // As long as spec.rules.
};

// Mistakes of form (unknown field, wrong type, a field twice) are appended as yaml.v3 words them:
// "line 3: field x not found in type rulefmt.Rule".
std::vector<PlacedGroup> ReadRuleGroups(const YAML::Node& root, std::vector<std::string>* mistakes);
PlacedGroup ReadRuleGroup(const YAML::Node& node, std::vector<std::string>* mistakes);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_DEFINITION_RULE_YAML_H_
