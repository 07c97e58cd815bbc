#include "query/service/tenant_use.h"

#include <cmath>
#include <iterator>
#include <limits>

namespace tidegate::query {
namespace {

// The time after which a third (1/e) of what was used still counts.
constexpr absl::Duration kMemory = absl::Seconds(1);
constexpr absl::Duration kPresence = absl::Milliseconds(200);
constexpr absl::Duration kForgotten = absl::Seconds(10);
// Use is known at each pass only, so one that is a little larger means nothing.
constexpr double kFactor = 2;
// How many a call may forget, so that none has to pay for thousands.
constexpr int kForgetAtOnce = 64;

}  // namespace

double TenantUse::SinceOrigin(absl::Time now) const {
  return absl::FDivDuration(now - origin_, kMemory);
}

double TenantUse::Level(double seconds, absl::Time now) const {
  // log(0) is minus infinity: less than anything used at any time.
  return std::log(seconds) + SinceOrigin(now);
}

double TenantUse::SecondsAt(const Tenant& tenant, absl::Time now) const {
  return std::exp(tenant.level - SinceOrigin(now));
}

TenantUse::Tenant* TenantUse::Enter(const std::string& name, absl::Time now) {
  if (origin_ == absl::InfinitePast()) origin_ = now;
  Forget(now);
  const auto [found, is_new] = tenants_.try_emplace(name);
  Tenant* tenant = &found->second;
  if (is_new) {
    tenant->name = &found->first;
    tenant->level = -std::numeric_limits<double>::infinity();
  }
  if (tenant->list != nullptr) {
    tenant->list->erase(tenant->place);
    tenant->list = nullptr;
  }
  ++tenant->queries;
  asking_.emplace(tenant->level, tenant->name);
  return tenant;
}

void TenantUse::Leave(Tenant* tenant, absl::Time now) {
  if (--tenant->queries == 0) {
    tenant->rests_since = now;
    tenant->list = &resting_;
    tenant->place = resting_.insert(resting_.end(), tenant);
  }
  Forget(now);
}

void TenantUse::Charge(Tenant* tenant, absl::Duration cpu, absl::Time now) {
  if (cpu <= absl::ZeroDuration()) return;
  asking_.erase({tenant->level, tenant->name});
  tenant->level = Level(SecondsAt(*tenant, now) + absl::ToDoubleSeconds(cpu), now);
  asking_.emplace(tenant->level, tenant->name);
}

bool TenantUse::IsExcessive(const Tenant& tenant, unsigned processors, absl::Time now) {
  Forget(now);
  auto least = asking_.begin();
  if (least != asking_.end() && least->second == tenant.name) ++least;
  if (least == asking_.end() || least->first + std::log(kFactor) >= tenant.level) return false;
  return SecondsAt(tenant, now) * absl::FDivDuration(absl::Seconds(1), kMemory) >
         static_cast<double>(processors) / (2.0 * static_cast<double>(asking_.size()));
}

bool TenantUse::UsedLess(const Tenant& a, const Tenant& b) { return a.level < b.level; }

void TenantUse::Forget(absl::Time now) {
  for (int i = 0; i < kForgetAtOnce && !resting_.empty(); ++i) {
    Tenant* const tenant = resting_.front();
    if (now - tenant->rests_since <= kPresence) break;
    asking_.erase({tenant->level, tenant->name});
    gone_.splice(gone_.end(), resting_, resting_.begin());
    tenant->list = &gone_;
  }
  for (int i = 0; i < kForgetAtOnce && !gone_.empty(); ++i) {
    Tenant* const tenant = gone_.front();
    if (now - tenant->rests_since <= kForgotten) break;
    gone_.pop_front();
    tenants_.erase(*tenant->name);
  }
}

}  // namespace tidegate::query
