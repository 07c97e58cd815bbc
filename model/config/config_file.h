// The configuration file (YAML): tenants, their keys, retention and limits.
// deploy/tidegate.example.yaml explains every key.
#ifndef TIDEGATE_MODEL_CONFIG_CONFIG_FILE_H_
#define TIDEGATE_MODEL_CONFIG_CONFIG_FILE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "model/config/rules_config.h"
#include "model/tenant.h"

namespace tidegate::model {

// A Prometheus configuration file whose scrape_configs are acted on, and whose series they make.
struct ScrapeConfigFile {
  std::string tenant{kDefaultTenant};
  std::string file;
  friend bool operator==(const ScrapeConfigFile&, const ScrapeConfigFile&) = default;
};

// A machine that a tenant's workspaces and monitors speak of.
struct Host {
  std::string tenant{kDefaultTenant};
  std::string id;       // Unique within the tenant.
  std::string name;     // The id, when nothing else is said.
  std::string address;  // An IPv4 or IPv6 address.
  std::string instance_id;
  std::string region;  // Of the workspaces; empty = every region.
  friend bool operator==(const Host&, const Host&) = default;
};

// A file with hosts in the form of Prometheus' file_sd.
struct HostFile {
  std::string tenant{kDefaultTenant};
  std::string file;  // Its last part may have one *.
  friend bool operator==(const HostFile&, const HostFile&) = default;
};

struct ConfigFile {
  // X-Scope-OrgID names the tenant of a request.
  bool trust_org_id = false;
  // For tenants that are not listed, and the start for those that are.
  TenantLimits default_limits;
  absl::Duration default_retention = absl::InfiniteDuration();
  OutboundRules default_outbound;
  std::vector<TenantConfig> tenants;
  std::vector<ScrapeConfigFile> scrape_config_files;
  std::vector<Host> hosts;
  RulesConfig rules;
  std::vector<HostFile> host_files;
};

// What the file does not say is taken from `start`. InvalidArgument names the line, the key and
// what would be right. Unknown keys are errors: a typing mistake must not silently switch a limit
// off.
absl::StatusOr<ConfigFile> ParseConfig(std::string_view yaml, const ConfigFile& start = {});

// The configuration as YAML, every key written out; of API keys their id, permissions and
// addresses.
std::string FormatConfig(const ConfigFile& config);

// The limits of one tenant as YAML, every one written out.
std::string FormatLimits(const TenantLimits& limits);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_CONFIG_FILE_H_
