#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "control/limits/limit_guard.h"
#include "control/rule_store.h"
#include "control/rules/definition/rule_file.h"
#include "control/rules/sources/rule_keys.h"

namespace tidegate::control {
namespace {

using query::RuleLanguage;

absl::Status NoGroups() { return absl::NotFoundError("no rule groups found"); }
absl::Status NoGroup() { return absl::NotFoundError("group does not exist"); }

RuleGroupKey KeyOf(const model::RequestContext& context, RuleLanguage language,
                   const std::string& rule_namespace, const std::string& group) {
  return {context.tenant, rule_namespace, group, language};
}

// Of two limits where the second may be none.
size_t Stricter(size_t limit, size_t other) { return other == 0 ? limit : std::min(limit, other); }

class DocumentRuleStore final : public RuleStore {
 public:
  DocumentRuleStore(const RuleStoreOptions& options, storage::Documents* documents)
      : options_(options), documents_(*documents) {}

  absl::StatusOr<std::string> List(const model::RequestContext& context, RuleLanguage language,
                                   const std::string& rule_namespace) override {
    const auto documents = documents_.List(
        RuleDocumentPrefix(context.tenant, language, rule_namespace), "", /*limit=*/0);
    if (!documents.ok()) return documents.status();
    if (documents->empty()) return NoGroups();
    std::map<std::string, std::vector<RuleGroupSpec>> namespaces;
    for (const storage::Document& document : *documents) {
      const absl::StatusOr<RuleGroupKey> key = ParseRuleDocumentKey(document.key);
      if (!key.ok()) return key.status();
      auto group = ParseRuleGroup(document.value, language);
      if (!group.ok()) return absl::DataLossError(std::string(group.status().message()));
      namespaces[key->file].push_back(*std::move(group));
    }
    return FormatRuleNamespaces(namespaces);
  }

  absl::StatusOr<std::string> Get(const model::RequestContext& context, RuleLanguage language,
                                  const std::string& rule_namespace,
                                  const std::string& group) override {
    const auto document =
        documents_.Get(RuleDocumentKey(KeyOf(context, language, rule_namespace, group)));
    if (absl::IsNotFound(document.status())) return NoGroup();
    if (!document.ok()) return document.status();
    return document->value;
  }

  absl::Status Set(const model::RequestContext& context, RuleLanguage language,
                   const std::string& rule_namespace, const std::string& yaml) override {
    if (rule_namespace.empty()) return absl::InvalidArgumentError("a namespace must be provided");
    const absl::StatusOr<RuleGroupSpec> group = ParseRuleGroup(yaml, language);
    if (!group.ok()) return group.status();
    const std::string key = RuleDocumentKey(KeyOf(context, language, rule_namespace, group->name));
    if (absl::Status status = CheckLimits(context, *group, key); !status.ok()) return status;
    return Commit({{key, FormatRuleGroup(*group), std::nullopt}});
  }

  absl::Status DeleteGroup(const model::RequestContext& context, RuleLanguage language,
                           const std::string& rule_namespace, const std::string& group) override {
    const std::string key = RuleDocumentKey(KeyOf(context, language, rule_namespace, group));
    const auto document = documents_.Get(key);
    if (absl::IsNotFound(document.status())) return NoGroup();
    if (!document.ok()) return document.status();
    return Commit({{key, std::nullopt, std::nullopt}});
  }

  absl::StatusOr<uint64_t> Count(const model::RequestContext& context) override {
    uint64_t count = 0;
    for (const RuleLanguage language : {RuleLanguage::kPromQl, RuleLanguage::kLogQl}) {
      const auto groups = CountOthers(context, language, "");
      if (!groups.ok()) return groups.status();
      count += *groups;
    }
    return count;
  }

  absl::Status DeleteNamespace(const model::RequestContext& context, RuleLanguage language,
                               const std::string& rule_namespace) override {
    if (rule_namespace.empty()) return absl::InvalidArgumentError("a namespace must be provided");
    const auto documents = documents_.List(
        RuleDocumentPrefix(context.tenant, language, rule_namespace), "", /*limit=*/0);
    if (!documents.ok()) return documents.status();
    if (documents->empty()) return absl::NotFoundError("group namespace does not exist");
    std::vector<storage::DocumentWrite> writes;
    for (const storage::Document& document : *documents) {
      writes.push_back({document.key, std::nullopt, std::nullopt});
    }
    return Commit(std::move(writes));
  }

 private:
  absl::Status CheckLimits(const model::RequestContext& context, const RuleGroupSpec& group,
                           const std::string& key) {
    const model::ControlLimits limits = LimitsOf(options_.limits, context.tenant);
    const size_t most_rules = Stricter(options_.max_rules_per_group, limits.max_rules_per_group);
    if (group.rules.size() > most_rules) {
      CountRefused(options_.limits, context.tenant, "max_rules_per_group");
      return absl::InvalidArgumentError(
          fmt::format("per-user rules per rule group limit (limit: {} actual: {}) exceeded",
                      most_rules, group.rules.size()));
    }
    const auto same = CountOthers(context, group.language, key);
    if (!same.ok()) return same.status();
    if (*same >= options_.max_groups) return TooManyGroups(context, options_.max_groups, *same);
    if (limits.max_rule_groups == 0) return absl::OkStatus();
    const bool promql = group.language == RuleLanguage::kPromQl;
    const auto other =
        CountOthers(context, promql ? RuleLanguage::kLogQl : RuleLanguage::kPromQl, key);
    if (!other.ok()) return other.status();
    if (*same + *other < limits.max_rule_groups) return absl::OkStatus();
    return TooManyGroups(context, limits.max_rule_groups, *same + *other);
  }

  // Groups of the language that are not at this key.
  absl::StatusOr<size_t> CountOthers(const model::RequestContext& context, RuleLanguage language,
                                     const std::string& key) {
    const auto documents =
        documents_.List(RuleDocumentPrefix(context.tenant, language, ""), "", /*limit=*/0);
    if (!documents.ok()) return documents.status();
    size_t others = 0;
    for (const storage::Document& document : *documents) others += document.key != key ? 1 : 0;
    return others;
  }

  absl::Status TooManyGroups(const model::RequestContext& context, size_t limit, size_t others) {
    CountRefused(options_.limits, context.tenant, "max_rule_groups");
    return absl::InvalidArgumentError(fmt::format(
        "per-user rule groups limit (limit: {} actual: {}) exceeded", limit, others + 1));
  }

  absl::Status Commit(std::vector<storage::DocumentWrite> writes) {
    writes.push_back({std::string(kRulesRevision), "", std::nullopt});
    return documents_.Commit(writes);
  }

  const RuleStoreOptions options_;
  storage::Documents& documents_;
};

}  // namespace

std::unique_ptr<RuleStore> CreateRuleStore(const RuleStoreOptions& options,
                                           storage::Documents* documents) {
  return std::make_unique<DocumentRuleStore>(options, documents);
}

}  // namespace tidegate::control
