// Tenants as the configuration file has them.
#ifndef TIDEGATE_MODEL_CONFIG_TENANT_YAML_H_
#define TIDEGATE_MODEL_CONFIG_TENANT_YAML_H_

#include <yaml-cpp/yaml.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "model/config/yaml_fields.h"
#include "model/push_rules.h"
#include "model/tenant.h"

namespace tidegate::model {

using TenantPushRules = std::map<std::string, std::shared_ptr<const PushRules>, std::less<>>;

// Reads one tenant over what is there: its defaults.
absl::Status ReadTenant(const YAML::Node& node, const std::string& path, TenantConfig* tenant,
                        std::shared_ptr<const PushRules>* push_rules);
// Reads a list of tenants that start from `defaults`. Names are given once, and each key's digest
// too: one secret names one tenant.
absl::Status ReadTenants(const YAML::Node& list, const std::string& path,
                         const TenantConfig& defaults,
                         const std::shared_ptr<const PushRules>& default_push_rules,
                         std::vector<TenantConfig>* tenants, TenantPushRules* push_rules);
YamlReader YamlRetention(absl::Duration* retention);  // 0 is forever.

// What a tenant says beside name, keys and rules for pushes, as keys of an open map.
void EmitTenantFields(const TenantConfig& tenant, YAML::Emitter* out);
// The list, with keys but without their digests: who knows one can try guesses against it.
void EmitTenants(const std::vector<TenantConfig>& tenants, const TenantPushRules& push_rules,
                 YAML::Emitter* out);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_TENANT_YAML_H_
