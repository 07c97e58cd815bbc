#include "query/service/tenant_label.h"

namespace tidegate::query {

model::Labels WithTenant(model::LabelsView labels, const std::string& tenant) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const model::Label& label : labels) {
    pairs.emplace_back(label.name == kTenantLabel ? kOriginalTenantLabel : label.name, label.value);
  }
  pairs.emplace_back(kTenantLabel, tenant);
  return model::Labels(std::move(pairs));
}

absl::StatusOr<std::optional<Matchers>> MatchersFor(const Matchers& matchers,
                                                    const std::string& tenant) {
  Matchers rest;
  for (const model::CompiledMatcher& matcher : matchers) {
    if (matcher.name() == kTenantLabel) {
      if (!matcher.Matches(tenant)) return std::nullopt;
    } else if (matcher.name() == kOriginalTenantLabel) {
      model::Matcher own = matcher.matcher();
      own.name = kTenantLabel;
      auto compiled = model::CompiledMatcher::Compile(std::move(own));
      if (!compiled.ok()) return compiled.status();
      rest.push_back(*std::move(compiled));
    } else {
      rest.push_back(matcher);
    }
  }
  return rest;
}

std::vector<std::string> NamesWithTenant(std::vector<std::string> names) {
  if (names.empty()) return names;
  std::replace(names.begin(), names.end(), std::string(kTenantLabel),
               std::string(kOriginalTenantLabel));
  names.emplace_back(kTenantLabel);
  return names;
}

std::string OwnName(const std::string& label_name) {
  return label_name == kOriginalTenantLabel ? std::string(kTenantLabel) : label_name;
}

}  // namespace tidegate::query
