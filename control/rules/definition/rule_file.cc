#include "control/rules/definition/rule_file.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <functional>
#include <utility>

#include "absl/strings/str_join.h"
#include "control/rules/definition/rule_validation.h"
#include "control/rules/definition/rule_yaml.h"
#include "model/duration_text.h"
#include "model/labels.h"

namespace tidegate::control {
namespace {

using ReadRoot =
    std::function<std::vector<PlacedGroup>(const YAML::Node&, std::vector<std::string>*)>;

// Form first; only what has its form is looked at further. yaml-cpp throws; this is where it ends.
RuleFile Parse(std::string_view yaml, query::RuleLanguage language, const ReadRoot& read) {
  RuleFile file;
  if (yaml.size() > kMaxRuleFileBytes) {
    file.mistakes.push_back(fmt::format("more than {} bytes of rules", kMaxRuleFileBytes));
    return file;
  }
  if (!model::IsValidUtf8(yaml)) {
    file.mistakes.push_back("yaml: invalid UTF-8");
    return file;
  }
  std::vector<PlacedGroup> groups;
  try {
    groups = read(YAML::Load(std::string(yaml)), &file.mistakes);
  } catch (const YAML::Exception& error) {
    file.mistakes.push_back(fmt::format("line {}: {}", error.mark.line + 1, error.msg));
  }
  if (!file.mistakes.empty()) {
    file.mistakes = {"yaml: unmarshal errors:\n  " + absl::StrJoin(file.mistakes, "\n  ")};
    return file;
  }
  for (PlacedGroup& group : groups) group.spec.language = language;
  ValidateRuleGroups(&groups, &file.mistakes);
  for (PlacedGroup& group : groups) file.groups.push_back(std::move(group.spec));
  return file;
}

absl::StatusOr<std::vector<RuleGroupSpec>> Checked(RuleFile file) {
  if (file.mistakes.empty()) return std::move(file.groups);
  return absl::InvalidArgumentError(absl::StrJoin(file.mistakes, "\n"));
}

std::string DurationOf(absl::Duration duration) {
  return model::DurationText(absl::ToInt64Milliseconds(duration));
}

void EmitTexts(const char* key, const TextMap& texts, YAML::Emitter* out) {
  if (texts.empty()) return;
  *out << YAML::Key << key << YAML::Value << YAML::BeginMap;
  for (const auto& [name, value] : texts) *out << YAML::Key << name << YAML::Value << value;
  *out << YAML::EndMap;
}

void EmitText(const char* key, const std::string& text, YAML::Emitter* out) {
  if (!text.empty()) *out << YAML::Key << key << YAML::Value << text;
}

void EmitDuration(const char* key, absl::Duration duration, YAML::Emitter* out) {
  if (duration != absl::ZeroDuration()) EmitText(key, DurationOf(duration), out);
}

void EmitRule(const RuleSpec& rule, YAML::Emitter* out) {
  *out << YAML::BeginMap;
  EmitText("record", rule.record, out);
  EmitText("alert", rule.alert, out);
  EmitText("expr", rule.expr, out);
  EmitDuration("for", rule.hold, out);
  EmitDuration("keep_firing_for", rule.keep_firing, out);
  EmitTexts("labels", rule.labels, out);
  EmitTexts("annotations", rule.annotations, out);
  *out << YAML::EndMap;
}

void EmitGroup(const RuleGroupSpec& group, YAML::Emitter* out) {
  *out << YAML::BeginMap;
  EmitText("name", group.name, out);
  EmitDuration("interval", group.interval, out);
  if (group.query_offset) EmitText("query_offset", DurationOf(*group.query_offset), out);
  if (group.limit != 0) *out << YAML::Key << "limit" << YAML::Value << group.limit;
  EmitTexts("labels", group.labels, out);
  *out << YAML::Key << "rules" << YAML::Value << YAML::BeginSeq;
  for (const RuleSpec& rule : group.rules) EmitRule(rule, out);
  *out << YAML::EndSeq << YAML::EndMap;
}

std::string Finish(const YAML::Emitter& out) { return std::string(out.c_str()) + "\n"; }

}  // namespace

RuleFile ParseRuleFile(std::string_view yaml, query::RuleLanguage language) {
  return Parse(yaml, language, ReadRuleGroups);
}

absl::StatusOr<std::vector<RuleGroupSpec>> ParseRuleGroups(std::string_view yaml,
                                                           query::RuleLanguage language) {
  return Checked(ParseRuleFile(yaml, language));
}

absl::StatusOr<RuleGroupSpec> ParseRuleGroup(std::string_view yaml, query::RuleLanguage language) {
  auto groups =
      Checked(Parse(yaml, language, [](const YAML::Node& node, std::vector<std::string>* mistakes) {
        return std::vector<PlacedGroup>{ReadRuleGroup(node, mistakes)};
      }));
  if (!groups.ok()) return groups.status();
  return std::move(groups->front());
}

std::string FormatRuleGroup(const RuleGroupSpec& group) {
  YAML::Emitter out;
  EmitGroup(group, &out);
  return Finish(out);
}

std::string FormatRuleNamespaces(
    const std::map<std::string, std::vector<RuleGroupSpec>>& namespaces) {
  YAML::Emitter out;
  out << YAML::BeginMap;
  for (const auto& [name, groups] : namespaces) {
    out << YAML::Key << name << YAML::Value << YAML::BeginSeq;
    for (const RuleGroupSpec& group : groups) EmitGroup(group, &out);
    out << YAML::EndSeq;
  }
  out << YAML::EndMap;
  return Finish(out);
}

}  // namespace tidegate::control
