// The configuration file (YAML): tenants, their retention and limits. deploy/tidegate.example.yaml
// explains every key.
#ifndef TIDEGATE_MODEL_CONFIG_CONFIG_FILE_H_
#define TIDEGATE_MODEL_CONFIG_CONFIG_FILE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "model/tenant.h"

namespace tidegate::model {

struct ConfigFile {
  // X-Scope-OrgID names the tenant of a request.
  bool trust_org_id = false;
  // For tenants that are not listed, and the start for those that are.
  TenantLimits default_limits;
  absl::Duration default_retention = absl::InfiniteDuration();
  std::vector<TenantConfig> tenants;
};

// What the file does not say is taken from `start`. InvalidArgument names the line, the key and
// what would be right. Unknown keys are errors: a typing mistake must not silently switch a limit
// off.
absl::StatusOr<ConfigFile> ParseConfig(std::string_view yaml, const ConfigFile& start = {});

// The configuration as YAML, every key written out, without secrets.
std::string FormatConfig(const ConfigFile& config);

// Tenants of a configuration. The tenant `default` always exists. When X-Scope-OrgID is trusted and
// no tenant is listed, every valid name is a tenant with the default limits. Thread safe.
class ConfigTenantRegistry final : public TenantRegistry {
 public:
  explicit ConfigTenantRegistry(const ConfigFile& config) { Replace(config); }

  std::shared_ptr<const TenantConfig> Find(std::string_view tenant) const override;
  void Replace(const ConfigFile& config);

 private:
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<const TenantConfig>> tenants_
      ABSL_GUARDED_BY(mutex_);
  TenantConfig unlisted_ ABSL_GUARDED_BY(mutex_);
  bool any_name_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_CONFIG_FILE_H_
