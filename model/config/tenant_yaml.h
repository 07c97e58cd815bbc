// Tenants as the configuration file has them.
#ifndef TIDEGATE_MODEL_CONFIG_TENANT_YAML_H_
#define TIDEGATE_MODEL_CONFIG_TENANT_YAML_H_

#include <yaml-cpp/yaml.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "model/config/yaml_fields.h"
#include "model/tenant.h"

namespace tidegate::model {

// Reads one tenant over what is there: its defaults.
absl::Status ReadTenant(const YAML::Node& node, const std::string& path, TenantConfig* tenant);
// Reads a list of tenants that start from `defaults`. Names are given once, and each key's digest
// too: one secret names one tenant.
absl::Status ReadTenants(const YAML::Node& list, const std::string& path,
                         const TenantConfig& defaults, std::vector<TenantConfig>* tenants);
YamlReader YamlRetention(absl::Duration* retention);  // 0 is forever.

// What a tenant says beside name and keys, as keys of an open map.
void EmitTenantFields(const TenantConfig& tenant, YAML::Emitter* out);
// The list, with keys but without their digests: who knows one can try guesses against it.
void EmitTenants(const std::vector<TenantConfig>& tenants, YAML::Emitter* out);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_TENANT_YAML_H_
