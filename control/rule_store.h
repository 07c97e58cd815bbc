// Rule groups that tenants keep through the ruler API.
#ifndef TIDEGATE_CONTROL_RULE_STORE_H_
#define TIDEGATE_CONTROL_RULE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/request_context.h"
#include "query/rule_expression.h"
#include "storage/documents.h"

namespace tidegate::control {

class LimitGuard;

// A tenant's max_rule_groups (of both languages together) and max_rules_per_group can only be less.
struct RuleStoreOptions {
  size_t max_groups = 10'000;  // Of a tenant and language.
  size_t max_rules_per_group = 1000;
  LimitGuard* limits = nullptr;  // Whose limits hold; must outlive the store. Null: none.
};

// Groups of the context's tenant, one set per language, in namespaces. A write is durable when it
// returns, and evaluated within seconds by the process that holds the lease. Thread safe. Errors:
//   NotFound         with Mimir's texts: there is no such group or namespace
//   InvalidArgument  the YAML or the group has mistakes, a limit is exceeded
//   others           as storage::Documents
class RuleStore {
 public:
  virtual ~RuleStore() = default;
  // {NAMESPACE: [group, ...]} as YAML, of one namespace when it is named.
  virtual absl::StatusOr<std::string> List(const model::RequestContext& context,
                                           query::RuleLanguage language,
                                           const std::string& rule_namespace) = 0;
  // One group as YAML.
  virtual absl::StatusOr<std::string> Get(const model::RequestContext& context,
                                          query::RuleLanguage language,
                                          const std::string& rule_namespace,
                                          const std::string& group) = 0;
  // Adds or replaces a group, as its YAML names it.
  virtual absl::Status Set(const model::RequestContext& context, query::RuleLanguage language,
                           const std::string& rule_namespace, const std::string& yaml) = 0;
  virtual absl::Status DeleteGroup(const model::RequestContext& context,
                                   query::RuleLanguage language, const std::string& rule_namespace,
                                   const std::string& group) = 0;
  // How many groups the tenant has, of both languages.
  virtual absl::StatusOr<uint64_t> Count(const model::RequestContext& context) = 0;
  virtual absl::Status DeleteNamespace(const model::RequestContext& context,
                                       query::RuleLanguage language,
                                       const std::string& rule_namespace) = 0;
};

// The documents must outlive it.
std::unique_ptr<RuleStore> CreateRuleStore(const RuleStoreOptions& options,
                                           storage::Documents* documents);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULE_STORE_H_
