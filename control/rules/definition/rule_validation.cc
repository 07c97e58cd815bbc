#include "control/rules/definition/rule_validation.h"

#include <fmt/format.h>

#include <set>
#include <string_view>
#include <utility>

#include "model/labels.h"
#include "model/quote.h"
#include "query/rule_template.h"

namespace tidegate::control {
namespace {

bool IsValidName(std::string_view name) { return !name.empty() && model::IsValidUtf8(name); }

std::string At(const YamlPlace& place) { return fmt::format("{}:{}: ", place.line, place.column); }

// The mistakes of one rule.
class RuleCheck {
 public:
  RuleCheck(const RuleGroupSpec& group, size_t index, const RulePlaces& places,
            std::vector<std::string>* mistakes)
      : group_(group), index_(index), places_(places), mistakes_(*mistakes) {}

  void Run(RuleSpec* rule) {
    name_ = rule->name();
    CheckKind(*rule);
    CheckExpression(rule);
    if (!rule->record.empty()) CheckRecording(*rule);
    CheckNames(*rule);
    if (!rule->alert.empty()) CheckTemplates(*rule);
  }

 private:
  void Add(const std::string& place, std::string_view what) {
    mistakes_.push_back(fmt::format("{}group {}, rule {}, {}: {}", place,
                                    model::Quoted(group_.name), index_ + 1, model::Quoted(name_),
                                    what));
  }

  void CheckKind(const RuleSpec& rule) {
    const std::string both = At(places_.record) + At(places_.alert);
    if (!rule.record.empty() && !rule.alert.empty()) {
      Add(both, "only one of 'record' and 'alert' must be set");
    }
    if (rule.record.empty() && rule.alert.empty()) {
      Add(both, "one of 'record' or 'alert' must be set");
    }
  }

  void CheckExpression(RuleSpec* rule) {
    if (rule->expr.empty()) return Add(At(places_.expr), "field 'expr' must be set in rule");
    absl::StatusOr<std::string> canonical =
        query::CanonicalRuleExpression(group_.language, rule->expr);
    if (canonical.ok()) {
      rule->canonical = *std::move(canonical);
    } else {
      Add(At(places_.expr),
          fmt::format("could not parse expression: {}", std::string(canonical.status().message())));
    }
  }

  void CheckRecording(const RuleSpec& rule) {
    const std::string place = At(places_.record);
    if (!rule.annotations.empty()) Add(place, "invalid field 'annotations' in recording rule");
    if (rule.hold != absl::ZeroDuration()) Add(place, "invalid field 'for' in recording rule");
    if (rule.keep_firing != absl::ZeroDuration()) {
      Add(place, "invalid field 'keep_firing_for' in recording rule");
    }
    if (!IsValidName(rule.record)) {
      Add(place, fmt::format("invalid recording rule name: {}", rule.record));
    }
    if (rule.record.find_first_of("{}") != std::string::npos) {
      Add(place, fmt::format("braces present in the recording rule name; should it be in expr?: {}",
                             rule.record));
    }
  }

  void CheckNames(const RuleSpec& rule) {
    for (const auto& [name, value] : rule.labels) {
      if (!IsValidName(name) || name == model::kMetricNameLabel) {
        Add("", fmt::format("invalid label name: {}", name));
      }
      if (!model::IsValidUtf8(value)) Add("", fmt::format("invalid label value: {}", value));
    }
    for (const auto& [name, value] : rule.annotations) {
      if (!IsValidName(name)) Add("", fmt::format("invalid annotation name: {}", name));
    }
  }

  void CheckTemplates(const RuleSpec& rule) {
    CheckTemplates(rule, "label", rule.labels);
    CheckTemplates(rule, "annotation", rule.annotations);
  }

  void CheckTemplates(const RuleSpec& rule, std::string_view kind, const TextMap& texts) {
    for (const auto& [name, text] : texts) {
      const auto compiled = query::RuleTemplate::Compile("__alert_" + rule.alert, text);
      if (compiled.ok()) continue;
      Add("", fmt::format("{} {}: {}", kind, model::Quoted(name),
                          std::string(compiled.status().message())));
    }
  }

  const RuleGroupSpec& group_;
  const size_t index_;
  const RulePlaces& places_;
  std::vector<std::string>& mistakes_;
  std::string name_;
};

void CheckGroupLabels(const RuleGroupSpec& group, std::vector<std::string>* mistakes) {
  for (const auto& [name, value] : group.labels) {
    if (!IsValidName(name) || name == model::kMetricNameLabel) {
      mistakes->push_back(fmt::format("invalid label name: {}", name));
    }
    if (!model::IsValidUtf8(value)) {
      mistakes->push_back(fmt::format("invalid label value: {}", value));
    }
  }
}

}  // namespace

void ValidateRuleGroups(std::vector<PlacedGroup>* groups, std::vector<std::string>* mistakes) {
  std::set<std::string> names;
  for (PlacedGroup& group : *groups) {
    RuleGroupSpec& spec = group.spec;
    if (spec.name.empty()) mistakes->push_back(At(group.place) + "Groupname must not be empty");
    if (!names.insert(spec.name).second) {
      mistakes->push_back(fmt::format("{}groupname: \"{}\" is repeated in the same file",
                                      At(group.place), spec.name));
    }
    CheckGroupLabels(spec, mistakes);
    for (size_t i = 0; i < spec.rules.size(); ++i) {
      RuleCheck(spec, i, group.rules[i], mistakes).Run(&spec.rules[i]);
    }
  }
}

}  // namespace tidegate::control
