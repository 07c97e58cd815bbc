#include "control/limits/limit_guard.h"

#include <prometheus/registry.h>

namespace tidegate::control {

LimitGuard::LimitGuard(const model::TenantRegistry* tenants, prometheus::Registry* metrics)
    : tenants_(*tenants) {
  if (metrics == nullptr) return;
  refused_ = &prometheus::BuildCounter()
                  .Name("tidegate_control_rejected_total")
                  .Help("What limits on jobs, targets, scrapes, rules and monitors refused.")
                  .Register(*metrics);
}

model::ControlLimits LimitGuard::Of(std::string_view tenant) const {
  const auto config = tenants_.Find(tenant);
  return config != nullptr ? config->limits.control : model::ControlLimits();
}

void LimitGuard::CountRefused(const std::string& tenant, std::string_view limit) {
  if (refused_ == nullptr) return;
  refused_->Add({{"tenant", tenant}, {"reason", std::string(limit)}}).Increment();
}

model::ControlLimits LimitsOf(const LimitGuard* guard, std::string_view tenant) {
  return guard != nullptr ? guard->Of(tenant) : model::ControlLimits();
}

void CountRefused(LimitGuard* guard, const std::string& tenant, std::string_view limit) {
  if (guard != nullptr) guard->CountRefused(tenant, limit);
}

}  // namespace tidegate::control
