#include "model/config/discovery_config.h"

#include <utility>

#include "fmt/format.h"
#include "model/ip_range.h"

namespace tidegate::model {
namespace {

// A list of {tenant, file}.
template <typename TenantFile>
YamlReader YamlTenantFiles(std::vector<TenantFile>* files) {
  return [files](const YAML::Node& list, const std::string& name) {
    files->clear();
    return ReadYamlList(list, name, [files](const YAML::Node& one, const std::string& path) {
      TenantFile& file = files->emplace_back();
      absl::Status status = ReadYamlFields(
          one, path, {{"tenant", YamlString(&file.tenant)}, {"file", YamlString(&file.file)}});
      if (!status.ok()) return status;
      if (!IsValidTenantName(file.tenant)) {
        return YamlError(one, path, "tenant is not a tenant's name");
      }
      if (file.file.empty()) return YamlError(one, path, "file is missing");
      return absl::OkStatus();
    });
  };
}

template <typename TenantFile>
void EmitTenantFiles(const char* name, const std::vector<TenantFile>& files, YAML::Emitter* out) {
  *out << YAML::Key << name << YAML::Value << YAML::BeginSeq;
  for (const TenantFile& file : files) {
    *out << YAML::Flow << YAML::BeginMap << YAML::Key << "tenant" << YAML::Value << file.tenant;
    *out << YAML::Key << "file" << YAML::Value << file.file << YAML::EndMap;
  }
  *out << YAML::EndSeq;
}

absl::Status CheckHost(const YAML::Node& node, const std::string& path, Host* host,
                       const std::vector<Host>& others) {
  if (!IsValidTenantName(host->tenant)) {
    return YamlError(node, path, "tenant is not a tenant's name");
  }
  if (host->id.empty()) return YamlError(node, path, "id is missing");
  if (host->name.empty()) host->name = host->id;
  if (!IpAddress::Parse(host->address).ok()) {
    return YamlError(node, path, "address must be an IPv4 or IPv6 address");
  }
  for (const Host& other : others) {
    if (&other != host && other.tenant == host->tenant && other.id == host->id) {
      return YamlError(node, path, fmt::format("the id {} is there twice", host->id));
    }
  }
  return absl::OkStatus();
}

absl::Status ReadHost(const YAML::Node& node, const std::string& path, std::vector<Host>* hosts) {
  Host& host = hosts->emplace_back();
  absl::Status status = ReadYamlFields(node, path,
                                       {{"tenant", YamlString(&host.tenant)},
                                        {"id", YamlString(&host.id)},
                                        {"name", YamlString(&host.name)},
                                        {"address", YamlString(&host.address)},
                                        {"instance_id", YamlString(&host.instance_id)},
                                        {"region", YamlString(&host.region)}});
  return status.ok() ? CheckHost(node, path, &host, *hosts) : status;
}

}  // namespace

YamlReader YamlScrapeConfigFiles(std::vector<ScrapeConfigFile>* files) {
  return YamlTenantFiles(files);
}

YamlReader YamlHostFiles(std::vector<HostFile>* files) { return YamlTenantFiles(files); }

YamlReader YamlHosts(std::vector<Host>* hosts) {
  return [hosts](const YAML::Node& list, const std::string& path) {
    hosts->clear();
    return ReadYamlList(list, path, [hosts](const YAML::Node& one, const std::string& inner) {
      return ReadHost(one, inner, hosts);
    });
  };
}

void EmitScrapeConfigFiles(const std::vector<ScrapeConfigFile>& files, YAML::Emitter* out) {
  EmitTenantFiles("scrape_config_files", files, out);
}

void EmitHostFiles(const std::vector<HostFile>& files, YAML::Emitter* out) {
  EmitTenantFiles("host_files", files, out);
}

void EmitHosts(const std::vector<Host>& hosts, YAML::Emitter* out) {
  *out << YAML::Key << "hosts" << YAML::Value << YAML::BeginSeq;
  for (const Host& host : hosts) {
    *out << YAML::Flow << YAML::BeginMap;
    const std::pair<const char*, const std::string*> fields[] = {
        {"tenant", &host.tenant},   {"id", &host.id},         {"name", &host.name},
        {"address", &host.address}, {"region", &host.region}, {"instance_id", &host.instance_id}};
    for (const auto& [key, value] : fields) *out << YAML::Key << key << YAML::Value << *value;
    *out << YAML::EndMap;
  }
  *out << YAML::EndSeq;
}

}  // namespace tidegate::model
