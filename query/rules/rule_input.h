// What the functions of rule templates see.
#ifndef TIDEGATE_QUERY_RULES_RULE_INPUT_H_
#define TIDEGATE_QUERY_RULES_RULE_INPUT_H_

#include <string_view>
#include <utility>
#include <vector>

#include "query/logql/template/template.h"
#include "query/rule_template.h"

namespace tidegate::query {

// One rendering's data as the template engine asks for it. Lives for the rendering.
class RuleInput final : public logql::TemplateInput {
 public:
  explicit RuleInput(const RuleTemplateData* data) : data_(*data) {}

  std::string_view line() const override { return {}; }
  std::string_view Label(std::string_view) const override { return {}; }
  std::vector<std::pair<std::string_view, std::string_view>> Labels() const override { return {}; }
  absl::Time timestamp() const override { return now(); }
  absl::Time now() const override { return absl::FromUnixMillis(data_.timestamp); }
  // .Labels, .ExternalLabels, .ExternalURL and .Value.
  logql::Value Root() const override;

  const RuleTemplateData& data() const { return data_; }

 private:
  const RuleTemplateData& data_;
};

// Prometheus' functions and those of Go. Null: there is no such function.
const logql::TemplateFunction* FindRuleFunction(std::string_view name);

// A label set as a Go map of strings.
logql::Value LabelMap(const model::Labels& labels);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_RULES_RULE_INPUT_H_
