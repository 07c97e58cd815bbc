// Rules at work, for those who ask: what is evaluated, how it went, which alerts there are.
#ifndef TIDEGATE_CONTROL_RULER_H_
#define TIDEGATE_CONTROL_RULER_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/labels.h"
#include "model/request_context.h"
#include "query/rule_expression.h"

namespace tidegate::control {

// Ascending: the state of a rule is the highest of its alerts'.
enum class AlertState : uint8_t { kInactive, kPending, kFiring };
enum class RuleHealth : uint8_t { kUnknown, kGood, kBad };

struct AlertStatus {
  model::Labels labels;
  std::map<std::string, std::string> annotations;
  AlertState state = AlertState::kInactive;
  absl::Time active_at;
  absl::Time keep_firing_since = absl::InfinitePast();  // InfinitePast: it need not be kept.
  double value = 0;
};

struct RuleStatus {
  bool alerting = false;
  std::string name;
  std::string query;  // As the language prints it.
  absl::Duration hold;
  absl::Duration keep_firing;
  std::map<std::string, std::string> labels;  // The group's included.
  std::map<std::string, std::string> annotations;
  std::vector<AlertStatus> alerts;  // Pending and firing ones.
  RuleHealth health = RuleHealth::kUnknown;
  std::string last_error;
  absl::Duration evaluation_time;  // How long the last one took.
  absl::Time last_evaluation = absl::InfinitePast();

  AlertState state() const {
    AlertState highest = AlertState::kInactive;
    for (const AlertStatus& alert : alerts) highest = std::max(highest, alert.state);
    return highest;
  }
};

// As of the end of its last evaluation.
struct RuleGroupStatus {
  std::string name;
  std::string file;  // A path, or the namespace of the ruler API.
  query::RuleLanguage language = query::RuleLanguage::kPromQl;
  absl::Duration interval;
  uint64_t limit = 0;
  std::vector<RuleStatus> rules;
  absl::Duration evaluation_time;
  absl::Time last_evaluation = absl::InfinitePast();
};

using RuleGroupStatuses = std::vector<std::shared_ptr<const RuleGroupStatus>>;

// URLs that alerts of a tenant go to.
struct AlertmanagerUrls {
  std::vector<std::string> active;
  std::vector<std::string> dropped;
};

// Thread safe. Everything is about the context's tenant.
class Ruler {
 public:
  virtual ~Ruler() = default;
  // In both languages, sorted by file, then name. Unavailable while nobody knows.
  virtual absl::StatusOr<RuleGroupStatuses> Groups(const model::RequestContext& context) = 0;
  virtual absl::StatusOr<AlertmanagerUrls> Alertmanagers(const model::RequestContext& context) = 0;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULER_H_
