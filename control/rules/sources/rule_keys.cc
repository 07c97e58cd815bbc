#include "control/rules/sources/rule_keys.h"

#include <fmt/format.h>

#include <vector>

#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace tidegate::control {
namespace {

std::string Escaped(std::string_view text) {
  return absl::StrReplaceAll(absl::string_view(text.data(), text.size()),
                             {{"%", "%25"}, {"/", "%2F"}});
}

std::string Unescaped(const std::string& text) {
  return absl::StrReplaceAll(text, {{"%2F", "/"}, {"%25", "%"}});
}

const char* LanguageName(query::RuleLanguage language) {
  return language == query::RuleLanguage::kLogQl ? "logql" : "promql";
}

}  // namespace

std::string RuleDocumentPrefix(std::string_view tenant, query::RuleLanguage language,
                               std::string_view rule_namespace) {
  std::string prefix = fmt::format("{}{}/{}/", kRulesCollection, tenant, LanguageName(language));
  if (!rule_namespace.empty()) prefix += Escaped(rule_namespace) + "/";
  return prefix;
}

std::string RuleDocumentKey(const RuleGroupKey& key) {
  return RuleDocumentPrefix(key.tenant, key.language, key.file) + Escaped(key.name);
}

absl::StatusOr<RuleGroupKey> ParseRuleDocumentKey(std::string_view key) {
  const std::vector<std::string> parts =
      absl::StrSplit(absl::string_view(key.data(), key.size()), '/');
  const bool known = parts.size() == 5 && (parts[2] == "promql" || parts[2] == "logql");
  if (!known) return absl::InvalidArgumentError(fmt::format("not a rule group: {}", key));
  RuleGroupKey group;
  group.tenant = parts[1];
  group.language = parts[2] == "logql" ? query::RuleLanguage::kLogQl : query::RuleLanguage::kPromQl;
  group.file = Unescaped(parts[3]);
  group.name = Unescaped(parts[4]);
  return group;
}

}  // namespace tidegate::control
