// The tenants of a configuration file, replaceable while the process runs.
#ifndef TIDEGATE_MODEL_CONFIG_CONFIG_TENANT_REGISTRY_H_
#define TIDEGATE_MODEL_CONFIG_CONFIG_TENANT_REGISTRY_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "model/config/config_file.h"
#include "model/tenant.h"

namespace tidegate::model {

// The tenant `default` always exists. When X-Scope-OrgID is trusted and no tenant is listed, every
// valid name is a tenant with the default limits. Thread safe.
class ConfigTenantRegistry final : public TenantRegistry {
 public:
  explicit ConfigTenantRegistry(const ConfigFile& config) { Replace(config); }

  std::shared_ptr<const TenantConfig> Find(std::string_view tenant) const override;
  bool RequiresKeys() const override;
  std::optional<KeyHolder> FindKey(const KeyDigest& digest) const override;

  // For the next caller of each method above.
  void Replace(const ConfigFile& config);

 private:
  struct Content {
    absl::flat_hash_map<std::string, std::shared_ptr<const TenantConfig>> tenants;
    // By the first eight bytes of the digest; the rest is compared in constant time. Who could
    // learn those eight from the time a lookup takes would know a part of a hash, not of a secret.
    absl::flat_hash_map<uint64_t, std::vector<KeyHolder>> keys;
    TenantConfig unlisted;
    bool any_name = false;
  };

  std::shared_ptr<const Content> content() const;

  mutable absl::Mutex mutex_;
  std::shared_ptr<const Content> content_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_CONFIG_TENANT_REGISTRY_H_
