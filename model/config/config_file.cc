#include "model/config/config_file.h"

#include <yaml-cpp/yaml.h>

#include <utility>

#include "model/config/key_yaml.h"
#include "model/config/limits_yaml.h"
#include "model/config/push_rules_yaml.h"
#include "model/config/tenant_yaml.h"
#include "model/config/yaml_fields.h"

namespace tidegate::model {
namespace {

using SectionReader = absl::Status (*)(const YAML::Node& node, RulesConfig* config);

YamlReader Rules(SectionReader read_section, RulesConfig* rules) {
  return [read_section, rules](const YAML::Node& node, const std::string&) {
    return read_section(node, rules);
  };
}

YamlReader If(bool wanted, YamlReader reader) {
  return wanted ? std::move(reader) : YamlReadElsewhere();
}

// The tenants start from the defaults, wherever in the file those stand: they are read before.
absl::Status ReadRoot(const YAML::Node& root, bool tenants, ConfigFile* config) {
  const bool rest = !tenants;
  const YamlReader read_tenants = [config](const YAML::Node& list, const std::string& path) {
    return ReadTenants(list, path, DefaultTenant(*config), config->default_push_rules,
                       &config->tenants, &config->tenant_push_rules);
  };
  return ReadYamlFields(
      root, "",
      {{"trust_org_id", If(rest, YamlBool(&config->trust_org_id))},
       {"retention", If(rest, YamlRetention(&config->default_retention))},
       {"limits", If(rest, YamlLimits(&config->default_limits))},
       {"outbound_allow", If(rest, YamlAddresses(&config->default_outbound.allow))},
       {"outbound_deny", If(rest, YamlAddresses(&config->default_outbound.deny))},
       {"otlp", YamlReadElsewhere()},
       {"write_relabel_configs", YamlReadElsewhere()},
       {"scrape_config_files", If(rest, YamlScrapeConfigFiles(&config->scrape_config_files))},
       {"hosts", If(rest, YamlHosts(&config->hosts))},
       {"host_files", If(rest, YamlHostFiles(&config->host_files))},
       {"ruler", If(rest, Rules(ReadRuler, &config->rules))},
       {"rule_files", If(rest, Rules(ReadRuleFiles, &config->rules))},
       {"alerting", If(rest, Rules(ReadAlerting, &config->rules))},
       {"email", If(rest, Rules(ReadRulesEmail, &config->rules))},
       {"tenants", If(tenants, read_tenants)}});
}

absl::StatusOr<ConfigFile> ReadConfig(const YAML::Node& root, ConfigFile config) {
  if (!root.IsNull() && !root.IsMap()) return YamlError(root, "configuration", "must be a map");
  absl::Status status = ReadRoot(root, /*tenants=*/false, &config);
  if (!status.ok()) return status;
  auto push_rules = ReadPushRules(root, "", config.default_push_rules);
  if (!push_rules.ok()) return push_rules.status();
  config.default_push_rules = *std::move(push_rules);
  status = ReadRoot(root, /*tenants=*/true, &config);
  if (!status.ok()) return status;
  return config;
}

}  // namespace

TenantConfig DefaultTenant(const ConfigFile& config) {
  TenantConfig tenant;
  tenant.limits = config.default_limits;
  tenant.retention = config.default_retention;
  tenant.outbound = config.default_outbound;
  return tenant;
}

absl::StatusOr<ConfigFile> ParseConfig(std::string_view yaml, const ConfigFile& start) {
  return ParseYaml(yaml, [&](const YAML::Node& root) { return ReadConfig(root, start); });
}

std::string FormatConfig(const ConfigFile& config) {
  YAML::Emitter out;
  out << YAML::BeginMap;
  out << YAML::Key << "trust_org_id" << YAML::Value << config.trust_org_id;
  EmitTenantFields(DefaultTenant(config), &out);
  EmitPushRules(*config.default_push_rules, &out);
  EmitScrapeConfigFiles(config.scrape_config_files, &out);
  EmitHostFiles(config.host_files, &out);
  EmitHosts(config.hosts, &out);
  EmitRules(config.rules, &out);
  EmitTenants(config.tenants, config.tenant_push_rules, &out);
  out << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

}  // namespace tidegate::model
