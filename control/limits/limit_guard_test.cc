#include "control/limits/limit_guard.h"

#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include "model/config/config_tenant_registry.h"

namespace tidegate::control {
namespace {

TEST(LimitGuardTest, FollowsReloadsAndCounts) {
  model::ConfigTenantRegistry tenants(
      *model::ParseConfig("tenants: [{name: a, limits: {max_scrape_jobs: 3}}]"));
  prometheus::Registry metrics;
  LimitGuard guard(&tenants, &metrics);
  EXPECT_EQ(guard.Of("a").max_scrape_jobs, 3u);
  EXPECT_EQ(guard.Of("unknown").max_scrape_jobs, 1000u);
  EXPECT_EQ(LimitsOf(nullptr, "a").max_scrape_jobs, 1000u);
  tenants.Replace(*model::ParseConfig("tenants: [{name: a, limits: {max_scrape_jobs: 4}}]"));
  EXPECT_EQ(guard.Of("a").max_scrape_jobs, 4u);
  guard.CountRefused("a", "max_scrape_jobs");
  CountRefused(&guard, "a", "max_scrape_jobs");
  CountRefused(nullptr, "a", "max_scrape_jobs");
  const auto families = metrics.Collect();
  ASSERT_EQ(families.size(), 1u);
  ASSERT_EQ(families[0].metric.size(), 1u);
  EXPECT_EQ(families[0].metric[0].counter.value, 2);
}

}  // namespace
}  // namespace tidegate::control
