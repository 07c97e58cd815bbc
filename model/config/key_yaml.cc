#include "model/config/key_yaml.h"

#include <utility>

#include "fmt/format.h"
#include "model/tenant.h"

namespace tidegate::model {
namespace {

constexpr char kNameRule[] = "must be 1 to 150 of A-Z a-z 0-9 ! - _ . * ' ( )";

absl::Status ReadPermission(const YAML::Node& node, const std::string& path,
                            PermissionSet* permissions) {
  const auto permission = ParsePermission(node.as<std::string>(""));
  if (!permission.ok()) return YamlError(node, path, std::string(permission.status().message()));
  permissions->Add(*permission);
  return absl::OkStatus();
}

YamlReader YamlPermissions(PermissionSet* permissions) {
  return [permissions](const YAML::Node& list, const std::string& path) {
    return ReadYamlList(list, path,
                        [permissions](const YAML::Node& node, const std::string& inner) {
                          return ReadPermission(node, inner, permissions);
                        });
  };
}

YamlReader YamlDigest(KeyDigest* digest, bool* has_digest) {
  return [digest, has_digest](const YAML::Node& node, const std::string& path) {
    const auto parsed = ParseKeyDigest(node.as<std::string>(""));
    if (!parsed.ok()) return YamlError(node, path, std::string(parsed.status().message()));
    *digest = *parsed;
    *has_digest = true;
    return absl::OkStatus();
  };
}

// Names that may not exist (yet): a key reads the tenant from the moment that it does.
YamlReader YamlTenantNames(std::vector<std::string>* names) {
  return [names](const YAML::Node& list, const std::string& path) {
    return ReadYamlList(list, path, [names](const YAML::Node& node, const std::string& inner) {
      names->push_back(node.as<std::string>(""));
      return IsValidTenantName(names->back()) ? absl::OkStatus()
                                              : YamlError(node, inner, kNameRule);
    });
  };
}

absl::Status ReadKeyOfList(const YAML::Node& node, const std::string& path,
                           std::vector<ApiKey>* keys) {
  ApiKey key;
  bool has_digest = false;
  if (absl::Status status = ReadKey(node, path, &key, &has_digest); !status.ok()) return status;
  if (!has_digest) return YamlError(node, path + ".sha256", "is missing");
  for (const ApiKey& other : *keys) {
    if (other.id == key.id) return YamlError(node, path + ".id", "this id was given before");
  }
  keys->push_back(std::move(key));
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadKey(const YAML::Node& node, const std::string& path, ApiKey* key,
                     bool* has_digest) {
  absl::Status status = ReadYamlFields(node, path,
                                       {{"id", YamlString(&key->id)},
                                        {"sha256", YamlDigest(&key->digest, has_digest)},
                                        {"permissions", YamlPermissions(&key->permissions)},
                                        {"allow_ips", YamlAddresses(&key->allow_ips)},
                                        {"read_tenants", YamlTenantNames(&key->read_tenants)}});
  if (!status.ok()) return status;
  if (!IsValidTenantName(key->id)) return YamlError(node, path + ".id", kNameRule);
  if (!key->permissions.empty()) return absl::OkStatus();
  return YamlError(node, path + ".permissions", "at least one is needed");
}

YamlReader YamlKeys(std::vector<ApiKey>* keys) {
  return [keys](const YAML::Node& list, const std::string& path) {
    // An empty value would be "no key is needed".
    if (!list.IsSequence()) return YamlError(list, path, "must be a list");
    return ReadYamlList(list, path, [keys](const YAML::Node& node, const std::string& inner) {
      return ReadKeyOfList(node, inner, keys);
    });
  };
}

YamlReader YamlAddresses(std::vector<IpRange>* ranges) {
  return [ranges](const YAML::Node& list, const std::string& path) {
    // An empty value would be "from anywhere".
    if (!list.IsSequence())
      return YamlError(list, path, "must be a list of addresses or CIDR ranges");
    ranges->clear();
    return ReadYamlList(list, path, [ranges](const YAML::Node& node, const std::string& inner) {
      absl::StatusOr<IpRange> range = IpRange::Parse(node.as<std::string>(""));
      if (!range.ok()) return YamlError(node, inner, std::string(range.status().message()));
      ranges->push_back(*std::move(range));
      return absl::OkStatus();
    });
  };
}

void EmitAddresses(const char* name, const std::vector<IpRange>& ranges, YAML::Emitter* out) {
  *out << YAML::Key << name << YAML::Value << YAML::Flow << YAML::BeginSeq;
  for (const IpRange& range : ranges) *out << range.text();
  *out << YAML::EndSeq;
}

void EmitKey(const ApiKey& key, const std::string& digest, YAML::Emitter* out) {
  *out << YAML::BeginMap << YAML::Key << "id" << YAML::Value << key.id;
  *out << YAML::Key << "sha256" << YAML::Value << digest;
  *out << YAML::Key << "permissions" << YAML::Value << YAML::Flow << YAML::BeginSeq;
  for (Permission permission : {Permission::kRead, Permission::kWrite, Permission::kAdmin}) {
    if (key.permissions.Has(permission)) *out << std::string(PermissionName(permission));
  }
  *out << YAML::EndSeq;
  EmitAddresses("allow_ips", key.allow_ips, out);
  if (!key.read_tenants.empty()) {
    *out << YAML::Key << "read_tenants" << YAML::Value << YAML::Flow << key.read_tenants;
  }
  *out << YAML::EndMap;
}

}  // namespace tidegate::model
