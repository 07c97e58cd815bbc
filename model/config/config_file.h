// The configuration file (YAML): tenants, their keys, retention and limits.
// deploy/tidegate.example.yaml explains every key.
#ifndef TIDEGATE_MODEL_CONFIG_CONFIG_FILE_H_
#define TIDEGATE_MODEL_CONFIG_CONFIG_FILE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "model/config/discovery_config.h"
#include "model/config/rules_config.h"
#include "model/config/tenant_yaml.h"
#include "model/push_rules.h"
#include "model/tenant.h"

namespace tidegate::model {

struct ConfigFile {
  // X-Scope-OrgID names the tenant of a request.
  bool trust_org_id = false;
  // For tenants that are not listed, and the start for those that are.
  TenantLimits default_limits;
  absl::Duration default_retention = absl::InfiniteDuration();
  OutboundRules default_outbound;
  std::vector<TenantConfig> tenants;
  // Of tenants that say nothing of their own, and of those that do.
  std::shared_ptr<const PushRules> default_push_rules = std::make_shared<PushRules>();
  TenantPushRules tenant_push_rules;
  std::vector<ScrapeConfigFile> scrape_config_files;
  std::vector<Host> hosts;
  RulesConfig rules;
  std::vector<HostFile> host_files;
};

// What an unlisted tenant has, without a name: what the listed ones start from.
TenantConfig DefaultTenant(const ConfigFile& config);

// What the file does not say is taken from `start`. InvalidArgument names the line, the key and
// what would be right. Unknown keys are errors: a typing mistake must not silently switch a limit
// off.
absl::StatusOr<ConfigFile> ParseConfig(std::string_view yaml, const ConfigFile& start = {});

// The configuration as YAML, every key written out; of API keys their id, permissions and
// addresses.
std::string FormatConfig(const ConfigFile& config);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_CONFIG_FILE_H_
