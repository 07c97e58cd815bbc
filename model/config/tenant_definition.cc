#include "model/config/tenant_definition.h"

#include <yaml-cpp/yaml.h>

#include <utility>

#include "fmt/format.h"
#include "model/config/key_yaml.h"
#include "model/config/limits_yaml.h"
#include "model/config/tenant_yaml.h"
#include "model/config/yaml_fields.h"

namespace tidegate::model {
namespace {

// In flow style with quoted strings YAML is JSON.
void WriteJson(YAML::Emitter* out) {
  out->SetMapFormat(YAML::Flow);
  out->SetSeqFormat(YAML::Flow);
  out->SetStringFormat(YAML::DoubleQuoted);
}

// What the definition says, without name and keys.
std::string Normalized(const YAML::Node& root) {
  YAML::Emitter out;
  WriteJson(&out);
  out << YAML::BeginMap;
  for (const auto& entry : root) {
    const std::string name = entry.first.as<std::string>("");
    if (name != "name" && name != "keys") out << YAML::Key << name << YAML::Value << entry.second;
  }
  out << YAML::EndMap;
  return out.c_str();
}

absl::StatusOr<TenantDefinition> ReadDefinition(const YAML::Node& root, std::string_view name,
                                                const ConfigFile& defaults) {
  TenantDefinition definition;
  definition.tenant = DefaultTenant(defaults);
  definition.tenant.name = name;
  definition.push_rules = defaults.default_push_rules;
  if (!root.IsNull()) {
    absl::Status status = ReadTenant(root, "tenant", &definition.tenant, &definition.push_rules);
    if (!status.ok()) return status;
    definition.has_keys = root["keys"].IsDefined();
    definition.text = Normalized(root);
  }
  if (definition.tenant.name == name) return definition;
  return YamlError(root, "tenant.name", fmt::format("is not {}, as the path says", name));
}

}  // namespace

absl::StatusOr<TenantDefinition> ParseTenant(std::string_view yaml, std::string_view name,
                                             const ConfigFile& defaults) {
  return ParseYaml(yaml,
                   [&](const YAML::Node& root) { return ReadDefinition(root, name, defaults); });
}

absl::StatusOr<KeyDefinition> ParseKey(std::string_view yaml) {
  return ParseYaml(yaml, [](const YAML::Node& root) -> absl::StatusOr<KeyDefinition> {
    KeyDefinition definition;
    absl::Status status = ReadKey(root, "key", &definition.key, &definition.has_digest);
    if (!status.ok()) return status;
    return definition;
  });
}

std::string FormatKey(const ApiKey& key) {
  YAML::Emitter out;
  WriteJson(&out);
  EmitKey(key, ToHex(key.digest), &out);
  return out.c_str();
}

std::string FormatTenantJson(const TenantConfig& tenant) {
  YAML::Emitter out;
  WriteJson(&out);
  out << YAML::BeginMap;
  EmitTenantFields(tenant, &out);
  out << YAML::EndMap;
  return out.c_str();
}

std::string FormatLimits(const TenantLimits& limits) {
  YAML::Emitter out;
  EmitLimits(limits, &out);
  return std::string(out.c_str()) + "\n";
}

}  // namespace tidegate::model
