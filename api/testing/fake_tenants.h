// A registry that knows the tenants it was told, or any.
#ifndef TIDEGATE_API_TESTING_FAKE_TENANTS_H_
#define TIDEGATE_API_TESTING_FAKE_TENANTS_H_

#include <map>
#include <memory>
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

 private:
  std::map<std::string, std::shared_ptr<const model::TenantConfig>, std::less<>> tenants_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_TESTING_FAKE_TENANTS_H_
