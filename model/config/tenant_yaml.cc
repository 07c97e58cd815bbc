#include "model/config/tenant_yaml.h"

#include <set>
#include <utility>

#include "fmt/format.h"
#include "model/config/key_yaml.h"
#include "model/config/limits_yaml.h"
#include "model/config/push_rules_yaml.h"

namespace tidegate::model {
namespace {

// One secret names one tenant: the same digest twice would leave it to chance which.
absl::Status CheckDigestsDiffer(const YAML::Node& node, const std::string& path,
                                const std::vector<TenantConfig>& tenants) {
  std::set<KeyDigest> seen;
  for (const TenantConfig& tenant : tenants) {
    for (const ApiKey& key : tenant.keys) {
      if (seen.insert(key.digest).second) continue;
      return YamlError(
          node, path,
          fmt::format("key {} of tenant {} has the sha256 of another key", key.id, tenant.name));
    }
  }
  return absl::OkStatus();
}

std::string RetentionText(absl::Duration retention) {
  if (retention == absl::InfiniteDuration()) return "0";
  return fmt::format("{}s", absl::ToInt64Seconds(retention));
}

void EmitKeys(const std::vector<ApiKey>& keys, YAML::Emitter* out) {
  *out << YAML::Key << "keys" << YAML::Value << YAML::BeginSeq;
  for (const ApiKey& key : keys) EmitKey(key, "<secret>", out);
  *out << YAML::EndSeq;
}

}  // namespace

YamlReader YamlRetention(absl::Duration* retention) {
  return [retention](const YAML::Node& node, const std::string& path) {
    absl::Status status = YamlDuration(retention)(node, path);
    if (status.ok() && *retention == absl::ZeroDuration()) *retention = absl::InfiniteDuration();
    return status;
  };
}

absl::Status ReadTenant(const YAML::Node& node, const std::string& path, TenantConfig* tenant,
                        std::shared_ptr<const PushRules>* push_rules) {
  absl::Status status = ReadYamlFields(node, path,
                                       {{"name", YamlString(&tenant->name)},
                                        {"retention", YamlRetention(&tenant->retention)},
                                        {"limits", YamlLimits(&tenant->limits)},
                                        {"keys", YamlKeys(&tenant->keys)},
                                        {"outbound_allow", YamlAddresses(&tenant->outbound.allow)},
                                        {"outbound_deny", YamlAddresses(&tenant->outbound.deny)},
                                        {"otlp", YamlReadElsewhere()},
                                        {"write_relabel_configs", YamlReadElsewhere()}});
  if (!status.ok()) return status;
  if (!IsValidTenantName(tenant->name)) {
    return YamlError(node, path + ".name", "must be 1 to 150 of A-Z a-z 0-9 ! - _ . * ' ( )");
  }
  auto rules = ReadPushRules(node, path + ".", *push_rules);
  if (!rules.ok()) return rules.status();
  *push_rules = *std::move(rules);
  return absl::OkStatus();
}

absl::Status ReadTenants(const YAML::Node& list, const std::string& path,
                         const TenantConfig& defaults,
                         const std::shared_ptr<const PushRules>& default_push_rules,
                         std::vector<TenantConfig>* tenants, TenantPushRules* push_rules) {
  const auto read_one = [&](const YAML::Node& node, const std::string& inner) {
    TenantConfig tenant = defaults;
    std::shared_ptr<const PushRules> rules = default_push_rules;
    if (absl::Status status = ReadTenant(node, inner, &tenant, &rules); !status.ok()) {
      return status;
    }
    for (const TenantConfig& other : *tenants) {
      if (other.name == tenant.name) return YamlError(node, inner, "this name was given before");
    }
    (*push_rules)[tenant.name] = std::move(rules);
    tenants->push_back(std::move(tenant));
    return absl::OkStatus();
  };
  if (!list.IsSequence()) return YamlError(list, path, "must be a list");
  if (absl::Status status = ReadYamlList(list, path, read_one); !status.ok()) return status;
  return CheckDigestsDiffer(list, path, *tenants);
}

void EmitTenantFields(const TenantConfig& tenant, YAML::Emitter* out) {
  *out << YAML::Key << "retention" << YAML::Value << RetentionText(tenant.retention);
  *out << YAML::Key << "limits" << YAML::Value;
  EmitLimits(tenant.limits, out);
  EmitAddresses("outbound_allow", tenant.outbound.allow, out);
  EmitAddresses("outbound_deny", tenant.outbound.deny, out);
}

void EmitTenants(const std::vector<TenantConfig>& tenants, const TenantPushRules& push_rules,
                 YAML::Emitter* out) {
  *out << YAML::Key << "tenants" << YAML::Value << YAML::BeginSeq;
  for (const TenantConfig& tenant : tenants) {
    *out << YAML::BeginMap << YAML::Key << "name" << YAML::Value << tenant.name;
    EmitTenantFields(tenant, out);
    const auto rules = push_rules.find(tenant.name);
    if (rules != push_rules.end()) EmitPushRules(*rules->second, out);
    EmitKeys(tenant.keys, out);
    *out << YAML::EndMap;
  }
  *out << YAML::EndSeq;
}

}  // namespace tidegate::model
