// A registry that knows the tenants it was told, or any.
#ifndef TIDEGATE_API_TESTING_FAKE_TENANTS_H_
#define TIDEGATE_API_TESTING_FAKE_TENANTS_H_

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "model/tenant.h"

namespace tidegate::api {

// Filled before use, then thread safe.
class FakeTenants : public model::TenantRegistry {
 public:
  FakeTenants() { Add(std::string(model::kDefaultTenant)); }

  void Add(std::string name, model::TenantLimits limits = {}) {
    auto config = std::make_shared<model::TenantConfig>();
    config->name = name;
    config->limits = limits;
    tenants_[std::move(name)] = std::move(config);
  }

  std::shared_ptr<const model::TenantConfig> Find(std::string_view tenant) const override {
    const auto found = tenants_.find(tenant);
    return found == tenants_.end() ? nullptr : found->second;
  }

  // The tenant must not have keys yet.
  void AddKey(const std::string& tenant, model::ApiKey key) {
    auto config = std::make_shared<model::TenantConfig>(*tenants_.at(tenant));
    config->keys = {std::move(key)};
    tenants_[tenant] = std::move(config);
  }

  bool RequiresKeys() const override {
    return std::any_of(tenants_.begin(), tenants_.end(),
                       [](const auto& tenant) { return !tenant.second->keys.empty(); });
  }

  std::optional<model::KeyHolder> FindKey(const model::KeyDigest& digest) const override {
    for (const auto& [name, tenant] : tenants_) {
      for (const model::ApiKey& key : tenant->keys) {
        if (key.digest == digest) return model::KeyHolder{tenant, &key};
      }
    }
    return std::nullopt;
  }

 private:
  std::map<std::string, std::shared_ptr<const model::TenantConfig>, std::less<>> tenants_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_TESTING_FAKE_TENANTS_H_
