#include "query/rule_template.h"

#include <fmt/format.h>

#include <utility>

#include "query/logql/template/template.h"
#include "query/rules/rule_input.h"

namespace tidegate::query {
namespace {

// In front of each template, as in Prometheus: columns in error texts count it.
constexpr std::string_view kVariables =
    "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}"
    "{{$externalURL := .ExternalURL}}{{$value := .Value}}";

}  // namespace

struct RuleTemplate::Compiled {
  logql::Template body;
};

RuleTemplate::RuleTemplate() = default;
RuleTemplate::~RuleTemplate() = default;
RuleTemplate::RuleTemplate(RuleTemplate&&) noexcept = default;
RuleTemplate& RuleTemplate::operator=(RuleTemplate&&) noexcept = default;

logql::Value RuleInput::Root() const {
  auto root = std::make_shared<logql::ValueMap>();
  root->absent = logql::ValueMap::Absent::kError;
  root->members["Labels"] = LabelMap(*data_.labels);
  root->members["ExternalLabels"] =
      LabelMap(data_.external_labels == nullptr ? model::Labels() : *data_.external_labels);
  root->members["ExternalURL"] = std::string(data_.external_url);
  root->members["Value"] = data_.value;
  return logql::MapPtr(std::move(root));
}

absl::StatusOr<RuleTemplate> RuleTemplate::Compile(const std::string& name, std::string_view text) {
  RuleTemplate result;
  result.name_ = name;
  if (text.find("{{") == std::string_view::npos) {
    result.plain_ = std::string(text);
    return result;
  }
  auto body = logql::Template::Compile(name, std::string(kVariables) + std::string(text),
                                       {FindRuleFunction, /*has_entry=*/false});
  if (!body.ok()) return body.status();
  result.compiled_ = std::make_unique<const Compiled>(Compiled{*std::move(body)});
  return result;
}

absl::StatusOr<std::string> RuleTemplate::Render(const RuleTemplateData& data) const {
  if (compiled_ == nullptr) return plain_;
  const RuleInput input(&data);
  std::string out;
  const absl::Status status = compiled_->body.Render(input, &out);
  if (status.ok()) return out;
  return absl::InvalidArgumentError(
      fmt::format("error executing template {}: {}", name_, std::string(status.message())));
}

}  // namespace tidegate::query
