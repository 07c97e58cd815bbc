// The tenants of a configuration file, replaceable while the process runs.
#ifndef TIDEGATE_MODEL_CONFIG_CONFIG_TENANT_REGISTRY_H_
#define TIDEGATE_MODEL_CONFIG_CONFIG_TENANT_REGISTRY_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "model/config/config_file.h"
#include "model/push_rules.h"
#include "model/tenant.h"

namespace tidegate::model {

// The tenant `default` always exists. Thread safe.
//
// While it is not ready (it does not know yet which keys there are) authentication is on, and every
// key is held by nobody: FindKey gives a holder without a tenant.
class ConfigTenantRegistry final : public TenantRegistry, public PushRulesSource {
 public:
  // What does not follow from the listed tenants.
  struct Openness {
    bool any_name = false;       // Every valid name is a tenant, with the default limits.
    bool requires_keys = false;  // Authentication is on even though no key is known.
    absl::Status ready;          // What Ready says.
    // Names that are no tenants in any case.
    absl::flat_hash_set<std::string> blocked;
  };

  explicit ConfigTenantRegistry(const ConfigFile& config) { Replace(config); }
  ConfigTenantRegistry(const ConfigFile& config, Openness openness) {
    Replace(config, std::move(openness));
  }

  std::shared_ptr<const TenantConfig> Find(std::string_view tenant) const override;
  bool RequiresKeys() const override;
  std::shared_ptr<const PushRules> FindPushRules(std::string_view tenant) const override;
  std::optional<KeyHolder> FindKey(const KeyDigest& digest) const override;
  // Ok, or why it is not ready.
  absl::Status Ready() const;

  // For the next caller of each method above. When X-Scope-OrgID is trusted and no tenant is
  // listed, every valid name is a tenant.
  void Replace(const ConfigFile& config);
  void Replace(const ConfigFile& config, Openness openness);

 private:
  struct Content {
    absl::flat_hash_map<std::string, std::shared_ptr<const TenantConfig>> tenants;
    // By the first eight bytes of the digest; the rest is compared in constant time. Who could
    // learn those eight from the time a lookup takes would know a part of a hash, not of a secret.
    absl::flat_hash_map<uint64_t, std::vector<KeyHolder>> keys;
    TenantConfig unlisted;
    std::shared_ptr<const PushRules> default_push_rules;
    absl::flat_hash_map<std::string, std::shared_ptr<const PushRules>> push_rules;
    Openness openness;
  };

  std::shared_ptr<const Content> content() const;

  mutable absl::Mutex mutex_;
  std::shared_ptr<const Content> content_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_CONFIG_TENANT_REGISTRY_H_
