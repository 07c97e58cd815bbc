// What the configuration file says about what is scraped, and about hosts.
#ifndef TIDEGATE_MODEL_CONFIG_DISCOVERY_CONFIG_H_
#define TIDEGATE_MODEL_CONFIG_DISCOVERY_CONFIG_H_

#include <yaml-cpp/yaml.h>

#include <string>
#include <vector>

#include "model/config/yaml_fields.h"
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

// Read one of the sections each, in place of what is there.
YamlReader YamlScrapeConfigFiles(std::vector<ScrapeConfigFile>* files);
YamlReader YamlHostFiles(std::vector<HostFile>* files);
YamlReader YamlHosts(std::vector<Host>* hosts);

// The sections, as keys of an open map.
void EmitScrapeConfigFiles(const std::vector<ScrapeConfigFile>& files, YAML::Emitter* out);
void EmitHostFiles(const std::vector<HostFile>& files, YAML::Emitter* out);
void EmitHosts(const std::vector<Host>& hosts, YAML::Emitter* out);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_DISCOVERY_CONFIG_H_
