// What the configuration file says about rules and alerts: `ruler`, `rule_files`, `alerting`
// and `email`.
#ifndef TIDEGATE_MODEL_CONFIG_RULES_CONFIG_H_
#define TIDEGATE_MODEL_CONFIG_RULES_CONFIG_H_

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "model/config/alerting_config.h"
#include "model/config/email_config.h"
#include "model/tenant.h"

namespace tidegate::model {

// Files with rules, and whose rules they are.
struct RuleFilePattern {
  std::string tenant{kDefaultTenant};
  std::string file;    // The last component may have one *.
  bool logql = false;  // Expressions are LogQL instead of PromQL.
  friend bool operator==(const RuleFilePattern&, const RuleFilePattern&) = default;
};

struct RulesConfig {
  absl::Duration evaluation_interval = absl::Minutes(1);
  absl::Duration query_offset;
  absl::Duration resend_delay = absl::Minutes(1);
  absl::Duration outage_tolerance = absl::Hours(1);
  absl::Duration grace_period = absl::Minutes(10);
  absl::Duration catch_up = absl::Minutes(1);  // Longer outages are not made up for.
  uint64_t concurrent_groups = 2;
  std::string external_url;  // Where people reach this server; links in alerts begin with it.
  std::vector<RuleFilePattern> files;
  std::vector<AlertingConfig> alerting;
  EmailConfig email;  // Of notifications.
};

// Read one of the sections each, over what is there. InvalidArgument names line, key and what would
// be right.
absl::Status ReadRuler(const YAML::Node& node, RulesConfig* config);
absl::Status ReadRuleFiles(const YAML::Node& node, RulesConfig* config);
absl::Status ReadAlerting(const YAML::Node& node, RulesConfig* config);
absl::Status ReadRulesEmail(const YAML::Node& node, RulesConfig* config);

// The files that alertmanagers and email name.
std::vector<std::string*> FilesOf(RulesConfig* config);

// These sections and `email`, into an open map.
void EmitRules(const RulesConfig& config, YAML::Emitter* out);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_RULES_CONFIG_H_
