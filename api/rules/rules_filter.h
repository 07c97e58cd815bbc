// Which rules a request asks for, and which page of them.
#ifndef TIDEGATE_API_RULES_RULES_FILTER_H_
#define TIDEGATE_API_RULES_RULES_FILTER_H_

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "api/http/http_request.h"
#include "control/ruler.h"
#include "model/matcher.h"

namespace tidegate::api {

// A group, and those of its rules that are wanted. Keeps the group alive.
struct ChosenGroup {
  std::shared_ptr<const control::RuleGroupStatus> group;
  std::vector<const control::RuleStatus*> rules;  // Never empty.
};

struct ChosenRules {
  std::vector<ChosenGroup> groups;
  std::string next_token;  // Of the first group of the next page; empty: there is none.
};

// Immutable.
class RulesFilter {
 public:
  // InvalidArgument with Prometheus' texts.
  static absl::StatusOr<RulesFilter> Parse(const Parameters& parameters);

  // InvalidArgument: the token names no group that there is now.
  absl::StatusOr<ChosenRules> Choose(const control::RuleGroupStatuses& groups) const;
  bool exclude_alerts() const { return exclude_alerts_; }

 private:
  using Matchers = std::vector<model::CompiledMatcher>;

  absl::Status ParsePage(const Parameters& parameters);
  bool Wants(const control::RuleGroupStatus& group) const;
  bool Wants(const control::RuleStatus& rule) const;
  bool MatchesLabels(const control::RuleStatus& rule) const;

  bool alerting_ = true;
  bool recording_ = true;
  bool exclude_alerts_ = false;
  std::set<std::string> rule_names_, group_names_, files_;  // Empty: any.
  std::vector<Matchers> selectors_;                         // Any of them; empty: any rule.
  size_t limit_ = 0;                                        // Groups of a page; 0 = all.
  std::string token_;
};

// Names a group in tokens: SHA-256 of "file;name" in hexadecimal digits.
std::string GroupToken(const control::RuleGroupStatus& group);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_RULES_RULES_FILTER_H_
