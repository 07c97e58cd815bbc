// What a tenant's configuration says about its pushes of metrics, beside the limits.
#ifndef TIDEGATE_MODEL_PUSH_RULES_H_
#define TIDEGATE_MODEL_PUSH_RULES_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/otlp_rules.h"
#include "model/relabel.h"

namespace tidegate::model {

// Immutable.
struct PushRules {
  OtlpMetricRules otlp;
  // Applied to every series, whichever protocol brings it; what they drop is not stored.
  std::vector<RelabelRule> write_relabel;
  std::string write_relabel_yaml;  // As written.
};

// Knows the rules of tenants. Thread safe; a snapshot stays valid while it is held.
class PushRulesSource {
 public:
  virtual ~PushRulesSource() = default;
  // Never nullptr: a tenant of which nothing is known has the defaults.
  virtual std::shared_ptr<const PushRules> FindPushRules(std::string_view tenant) const = 0;
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_PUSH_RULES_H_
