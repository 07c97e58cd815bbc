#include "model/config/config_tenant_registry.h"

#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace tidegate::model {
namespace {

uint64_t FirstBytes(const KeyDigest& digest) {
  uint64_t first = 0;
  std::memcpy(&first, digest.data(), sizeof(first));
  return first;
}

}  // namespace

std::shared_ptr<const ConfigTenantRegistry::Content> ConfigTenantRegistry::content() const {
  absl::MutexLock lock(&mutex_);
  return content_;
}

std::shared_ptr<const TenantConfig> ConfigTenantRegistry::Find(std::string_view tenant) const {
  const auto content = this->content();
  const auto found = content->tenants.find(absl::string_view(tenant.data(), tenant.size()));
  if (found != content->tenants.end()) return found->second;
  if (!content->openness.any_name || !IsValidTenantName(tenant)) return nullptr;
  if (content->openness.blocked.contains(absl::string_view(tenant.data(), tenant.size()))) {
    return nullptr;
  }
  auto config = std::make_shared<TenantConfig>(content->unlisted);
  config->name = tenant;
  return config;
}

std::shared_ptr<const PushRules> ConfigTenantRegistry::FindPushRules(
    std::string_view tenant) const {
  const auto content = this->content();
  const auto found = content->push_rules.find(absl::string_view(tenant.data(), tenant.size()));
  return found == content->push_rules.end() ? content->default_push_rules : found->second;
}

absl::Status ConfigTenantRegistry::Ready() const { return content()->openness.ready; }

bool ConfigTenantRegistry::RequiresKeys() const {
  const auto content = this->content();
  return content->openness.requires_keys || !content->openness.ready.ok();
}

std::optional<KeyHolder> ConfigTenantRegistry::FindKey(const KeyDigest& digest) const {
  const auto content = this->content();
  if (!content->openness.ready.ok()) return KeyHolder();
  const auto found = content->keys.find(FirstBytes(digest));
  if (found == content->keys.end()) return std::nullopt;
  for (const KeyHolder& holder : found->second) {
    if (EqualInConstantTime(holder.key->digest, digest)) return holder;
  }
  return std::nullopt;
}

void ConfigTenantRegistry::Replace(const ConfigFile& config) {
  Openness openness;
  openness.any_name = config.trust_org_id && config.tenants.empty();
  Replace(config, std::move(openness));
}

void ConfigTenantRegistry::Replace(const ConfigFile& config, Openness openness) {
  auto content = std::make_shared<Content>();
  content->unlisted.limits = config.default_limits;
  content->unlisted.retention = config.default_retention;
  content->unlisted.outbound = config.default_outbound;
  content->default_push_rules = config.default_push_rules;
  content->push_rules.insert(config.tenant_push_rules.begin(), config.tenant_push_rules.end());
  auto fallback = std::make_shared<TenantConfig>(content->unlisted);
  fallback->name = kDefaultTenant;
  content->tenants.emplace(fallback->name, fallback);
  for (const TenantConfig& tenant : config.tenants) {
    const auto shared = std::make_shared<const TenantConfig>(tenant);
    content->tenants[tenant.name] = shared;
    for (const ApiKey& key : shared->keys) {
      content->keys[FirstBytes(key.digest)].push_back({shared, &key});
    }
  }
  content->openness = std::move(openness);
  if (!content->keys.empty()) content->openness.requires_keys = true;
  absl::MutexLock lock(&mutex_);
  content_ = std::move(content);
}

}  // namespace tidegate::model
