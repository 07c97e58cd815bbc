#include "api/rules/rules_filter.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "api/prometheus/parameters.h"
#include "query/selector_text.h"

namespace tidegate::api {
namespace {

// The words that Go's strconv.ParseBool takes: true ones first.
constexpr std::array<std::string_view, 12> kBooleans = {"1", "t", "T", "TRUE",  "true",  "True",
                                                        "0", "f", "F", "FALSE", "false", "False"};

absl::StatusOr<bool> ParseBoolean(std::string_view name, std::string_view text) {
  if (text.empty()) return false;
  const auto found = std::find(kBooleans.begin(), kBooleans.end(), text);
  if (found != kBooleans.end()) return found - kBooleans.begin() < 6;
  return InvalidParameter(
      name,
      absl::InvalidArgumentError(fmt::format(
          "error converting {}: strconv.ParseBool: parsing \"{}\": invalid syntax", name, text)));
}

std::set<std::string> SetOf(const Parameters& parameters, std::string_view name) {
  const std::vector<std::string> values = parameters.All(name);
  return {values.begin(), values.end()};
}

bool Has(const std::set<std::string>& wanted, const std::string& value) {
  return wanted.empty() || wanted.contains(value);
}

absl::Status BadPage(std::string_view name, std::string_view problem) {
  return InvalidParameter(name, absl::InvalidArgumentError(std::string(problem)));
}

}  // namespace

std::string GroupToken(const control::RuleGroupStatus& group) {
  const std::string text = group.file + ";" + group.name;
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::string token;
  for (const unsigned char byte : digest) token += fmt::format("{:02x}", byte);
  return token;
}

absl::StatusOr<RulesFilter> RulesFilter::Parse(const Parameters& parameters) {
  RulesFilter filter;
  filter.rule_names_ = SetOf(parameters, "rule_name[]");
  filter.group_names_ = SetOf(parameters, "rule_group[]");
  filter.files_ = SetOf(parameters, "file[]");
  for (const std::string& text : parameters.All("match[]")) {
    auto matchers = query::ParseSelector(text);
    if (!matchers.ok()) return matchers.status();
    filter.selectors_.push_back(*std::move(matchers));
  }
  const std::string_view type = parameters.Get("type");
  filter.alerting_ = type.empty() || EqualsIgnoreCase(type, "alert");
  filter.recording_ = type.empty() || EqualsIgnoreCase(type, "record");
  if (!filter.alerting_ && !filter.recording_) {
    return InvalidParameter(
        "type", absl::InvalidArgumentError(fmt::format("not supported value \"{}\"", type)));
  }
  const auto exclude = ParseBoolean("exclude_alerts", parameters.Get("exclude_alerts"));
  if (!exclude.ok()) return exclude.status();
  filter.exclude_alerts_ = *exclude;
  if (absl::Status status = filter.ParsePage(parameters); !status.ok()) return status;
  return filter;
}

absl::Status RulesFilter::ParsePage(const Parameters& parameters) {
  token_ = std::string(parameters.Get("group_next_token"));
  const std::string_view text = parameters.Get("group_limit");
  if (text.empty()) {
    if (token_.empty()) return absl::OkStatus();
    return BadPage("group_limit",
                   "group_limit needs to be set in order to paginate over the groups");
  }
  const auto limit = ParseInteger(text);
  if (!limit.ok()) return InvalidParameter("group_limit", limit.status());
  if (*limit <= 0) return BadPage("group_limit", "group_limit needs to be greater than 0");
  limit_ = static_cast<size_t>(*limit);
  return absl::OkStatus();
}

bool RulesFilter::Wants(const control::RuleGroupStatus& group) const {
  return Has(group_names_, group.name) && Has(files_, group.file);
}

bool RulesFilter::MatchesLabels(const control::RuleStatus& rule) const {
  const auto matches = [&rule](const model::CompiledMatcher& matcher) {
    const auto found = rule.labels.find(matcher.name());
    return matcher.Matches(found == rule.labels.end() ? std::string_view() : found->second);
  };
  return selectors_.empty() ||
         std::any_of(selectors_.begin(), selectors_.end(), [&](const Matchers& matchers) {
           return std::all_of(matchers.begin(), matchers.end(), matches);
         });
}

bool RulesFilter::Wants(const control::RuleStatus& rule) const {
  return (rule.alerting ? alerting_ : recording_) && Has(rule_names_, rule.name) &&
         MatchesLabels(rule);
}

absl::StatusOr<ChosenRules> RulesFilter::Choose(const control::RuleGroupStatuses& groups) const {
  ChosenRules chosen;
  bool found = token_.empty();
  for (const auto& group : groups) {
    if (!Wants(*group)) continue;
    found = found || GroupToken(*group) == token_;
    if (!found) continue;
    ChosenGroup one{group, {}};
    for (const control::RuleStatus& rule : group->rules) {
      if (Wants(rule)) one.rules.push_back(&rule);
    }
    if (one.rules.empty()) continue;
    if (limit_ != 0 && chosen.groups.size() == limit_) {
      chosen.next_token = GroupToken(*group);
      break;
    }
    chosen.groups.push_back(std::move(one));
  }
  if (found) return chosen;
  return BadPage("group_next_token",
                 fmt::format("invalid group_next_token '{}'. were rule groups changed?", token_));
}

}  // namespace tidegate::api
