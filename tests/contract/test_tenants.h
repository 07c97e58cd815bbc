// Tenants that exist because a test names them.
#ifndef TIDEGATE_TESTS_CONTRACT_TEST_TENANTS_H_
#define TIDEGATE_TESTS_CONTRACT_TEST_TENANTS_H_

#include <memory>
#include <string>

#include "model/request_context.h"
#include "model/tenant.h"

namespace tidegate::contract {

// Knows every tenant, with the limits given. Immutable.
class TestTenants final : public model::TenantRegistry {
 public:
  explicit TestTenants(model::TenantLimits limits = {}) : limits_(limits) {}

  std::shared_ptr<const model::TenantConfig> Find(std::string_view tenant) const override {
    auto config = std::make_shared<model::TenantConfig>();
    config->name = std::string(tenant);
    config->limits = limits_;
    return config;
  }

 private:
  const model::TenantLimits limits_;
};

inline model::RequestContext ContextOf(const std::string& tenant) {
  model::RequestContext context;
  context.tenant = tenant;
  return context;
}

}  // namespace tidegate::contract

#endif  // TIDEGATE_TESTS_CONTRACT_TEST_TENANTS_H_
