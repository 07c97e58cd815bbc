// Arbitrary rule files, in both languages: what is accepted is the same after it was printed and
// read again, and its templates render to the same text every time.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "control/rules/definition/rule_file.h"
#include "query/rule_template.h"

namespace {

using tidegate::control::RuleFile;
using tidegate::control::RuleGroupSpec;
using tidegate::query::RuleTemplate;

void Render(const std::string& text) {
  const auto compiled = RuleTemplate::Compile("__alert_x", text);
  if (!compiled.ok()) std::abort();  // Validation has compiled it.
  const tidegate::model::Labels labels{{"a", "b"}, {"__name__", "m"}};
  tidegate::query::RuleTemplateData data;
  data.labels = &labels;
  data.value = 1.5;
  data.query = [](const std::string&) {
    return std::vector<tidegate::query::TemplateSample>{{tidegate::model::Labels{{"x", "y"}}, 1}};
  };
  const auto first = compiled->Render(data);
  const auto second = compiled->Render(data);
  if (first.status() != second.status() || (first.ok() && *first != *second)) std::abort();
}

void Check(const RuleGroupSpec& group) {
  const auto again =
      tidegate::control::ParseRuleGroup(tidegate::control::FormatRuleGroup(group), group.language);
  if (!again.ok() || *again != group) std::abort();
  for (const auto& rule : group.rules) {
    if (rule.canonical.empty()) std::abort();
    if (rule.alert.empty()) continue;
    for (const auto& [name, text] : rule.labels) Render(text);
    for (const auto& [name, text] : rule.annotations) Render(text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using tidegate::query::RuleLanguage;
  if (size > 4096) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const RuleLanguage language : {RuleLanguage::kPromQl, RuleLanguage::kLogQl}) {
    const RuleFile file = tidegate::control::ParseRuleFile(text, language);
    if (!file.mistakes.empty()) continue;
    for (const RuleGroupSpec& group : file.groups) Check(group);
  }
  return 0;
}
