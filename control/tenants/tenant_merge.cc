#include "control/tenants/tenant_merge.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "model/config/tenant_definition.h"

namespace tidegate::control {
namespace {

class Merging {
 public:
  Merging(const model::ConfigFile& file, const StoredTenants& stored) {
    merged_.config = file;
    merged_.openness.any_name = file.trust_org_id && file.tenants.empty();
    for (const auto& [name, tenant] : stored.tenants) {
      for (const auto& [digest, id] : tenant.revoked) Revoke(digest);
    }
    for (const model::TenantConfig& tenant : merged_.config.tenants) {
      for (const model::ApiKey& key : tenant.keys) digests_.insert(key.digest);
    }
  }

  void Add(const std::string& name, const StoredTenant& stored) {
    if (!stored.keys.empty()) merged_.openness.requires_keys = true;
    if (stored.deleted_at.has_value()) {
      std::erase_if(merged_.config.tenants,
                    [&](const model::TenantConfig& tenant) { return tenant.name == name; });
      merged_.openness.blocked.insert(name);
      return;
    }
    model::TenantConfig* tenant = Find(name);
    if (tenant == nullptr) tenant = Define(name, stored);
    if (tenant == nullptr) return;
    for (const model::ApiKey& key : stored.keys) AddKey(key, tenant);
  }

  void Unreadable(const std::string& document) {
    merged_.openness.requires_keys = true;
    merged_.complaints.push_back(fmt::format("the document {} cannot be read", document));
  }

  MergedTenants Take() { return std::move(merged_); }

 private:
  // Wherever the file has it. Authentication stays on when it was the last key.
  void Revoke(const model::KeyDigest& digest) {
    merged_.openness.requires_keys = true;
    for (model::TenantConfig& tenant : merged_.config.tenants) {
      const auto key = std::find_if(
          tenant.keys.begin(), tenant.keys.end(),
          [&](const model::ApiKey& one) { return model::EqualInConstantTime(one.digest, digest); });
      if (key == tenant.keys.end()) continue;
      merged_.complaints.push_back(
          fmt::format("the key {} of tenant {} was revoked: take it out of the configuration file",
                      key->id, tenant.name));
      tenant.keys.erase(key);
    }
  }

  model::TenantConfig* Find(std::string_view name) {
    auto& tenants = merged_.config.tenants;
    const auto found =
        std::find_if(tenants.begin(), tenants.end(),
                     [&](const model::TenantConfig& tenant) { return tenant.name == name; });
    return found == tenants.end() ? nullptr : &*found;
  }

  // nullptr when nobody defines it: keys of a tenant that has left the file.
  model::TenantConfig* Define(const std::string& name, const StoredTenant& stored) {
    if (!stored.definition.has_value() && name != model::kDefaultTenant) return nullptr;
    auto definition = model::ParseTenant(stored.definition.value_or(""), name, merged_.config);
    if (!definition.ok()) {
      const absl::string_view text = definition.status().message();
      merged_.complaints.push_back(fmt::format("the definition of tenant {} cannot be read: {}",
                                               name, std::string_view(text.data(), text.size())));
      return nullptr;
    }
    merged_.config.tenant_push_rules[name] = std::move(definition->push_rules);
    merged_.config.tenants.push_back(std::move(definition->tenant));
    return &merged_.config.tenants.back();
  }

  void AddKey(const model::ApiKey& key, model::TenantConfig* tenant) {
    const bool same_id =
        std::any_of(tenant->keys.begin(), tenant->keys.end(),
                    [&](const model::ApiKey& other) { return other.id == key.id; });
    if (same_id || !digests_.insert(key.digest).second) {
      merged_.complaints.push_back(fmt::format(
          "the key {} of tenant {} is left out: its id or secret is in use", key.id, tenant->name));
      return;
    }
    tenant->keys.push_back(key);
  }

  MergedTenants merged_;
  std::set<model::KeyDigest> digests_;
};

}  // namespace

MergedTenants Merge(const model::ConfigFile& file, const StoredTenants& stored) {
  Merging merging(file, stored);
  for (const auto& [name, tenant] : stored.tenants) merging.Add(name, tenant);
  for (const std::string& document : stored.unreadable) merging.Unreadable(document);
  return merging.Take();
}

}  // namespace tidegate::control
