// Limits of tenants on what control does for them, and how often they refused something.
#ifndef TIDEGATE_CONTROL_LIMITS_LIMIT_GUARD_H_
#define TIDEGATE_CONTROL_LIMITS_LIMIT_GUARD_H_

#include <prometheus/counter.h>
#include <prometheus/family.h>

#include <string>
#include <string_view>

#include "model/control_limits.h"
#include "model/tenant.h"

namespace prometheus {
class Registry;
}

namespace tidegate::control {

// Thread safe. Limits are those of the moment: a reload holds at the next call.
class LimitGuard {
 public:
  // The tenants must outlive it, the metrics too; nullptr counts nothing.
  LimitGuard(const model::TenantRegistry* tenants, prometheus::Registry* metrics);

  // The defaults for a tenant that is not known (any more).
  model::ControlLimits Of(std::string_view tenant) const;
  // The limit of this name refused something of the tenant.
  void CountRefused(const std::string& tenant, std::string_view limit);

 private:
  const model::TenantRegistry& tenants_;
  prometheus::Family<prometheus::Counter>* refused_ = nullptr;
};

// Without a guard the defaults hold, and nothing is counted.
model::ControlLimits LimitsOf(const LimitGuard* guard, std::string_view tenant);
void CountRefused(LimitGuard* guard, const std::string& tenant, std::string_view limit);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_LIMITS_LIMIT_GUARD_H_
