// Tenants and keys as they are said outside the configuration file, one at a time, in YAML or JSON.
#ifndef TIDEGATE_MODEL_CONFIG_TENANT_DEFINITION_H_
#define TIDEGATE_MODEL_CONFIG_TENANT_DEFINITION_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "model/config/config_file.h"
#include "model/tenant.h"

namespace tidegate::model {

// A tenant: an entry of `tenants` in the file.
struct TenantDefinition {
  TenantConfig tenant;  // What it does not say is from the defaults.
  std::shared_ptr<const PushRules> push_rules;
  bool has_keys = false;  // It says which keys there are.
  std::string text;       // What it says, without name and keys, as JSON. ParseTenant reads it.
};
// The name may be left out. Errors as ParseConfig has them.
absl::StatusOr<TenantDefinition> ParseTenant(std::string_view yaml, std::string_view name,
                                             const ConfigFile& defaults);

// A key: an entry of `keys`, where sha256 may be missing.
struct KeyDefinition {
  ApiKey key;
  bool has_digest = false;
};
absl::StatusOr<KeyDefinition> ParseKey(std::string_view yaml);
// As JSON, with its digest: what ParseKey reads.
std::string FormatKey(const ApiKey& key);

// Retention, limits and where outgoing requests may go, everything written out, as JSON.
std::string FormatTenantJson(const TenantConfig& tenant);

// The limits of one tenant as YAML, every one written out.
std::string FormatLimits(const TenantLimits& limits);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_TENANT_DEFINITION_H_
