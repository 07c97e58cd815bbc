#include "query/service/tenant_use.h"

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace tidegate::query {
namespace {

class TenantUseTest : public testing::Test {
 protected:
  TenantUse::Tenant* Enter(const std::string& name) { return use_.Enter(name, now_); }
  void Charge(TenantUse::Tenant* tenant, absl::Duration cpu) { use_.Charge(tenant, cpu, now_); }
  void Leave(TenantUse::Tenant* tenant) { use_.Leave(tenant, now_); }
  bool IsExcessive(const TenantUse::Tenant* tenant) { return use_.IsExcessive(*tenant, 2, now_); }

  TenantUse use_;
  absl::Time now_ = absl::UnixEpoch() + absl::Hours(500'000);
};

TEST_F(TenantUseTest, NobodyIsExcessiveAlone) {
  TenantUse::Tenant* const a = Enter("a");
  Charge(a, absl::Seconds(100));
  EXPECT_FALSE(IsExcessive(a));
}

TEST_F(TenantUseTest, TwiceAsMuchAsAnotherAndMoreThanHalfOfAnEvenShareIs) {
  TenantUse::Tenant* const a = Enter("a");
  TenantUse::Tenant* const b = Enter("b");
  Charge(a, absl::Milliseconds(499));
  EXPECT_FALSE(IsExcessive(a));  // Half of an even share of two processors is half a second.
  Charge(a, absl::Milliseconds(502));
  EXPECT_TRUE(IsExcessive(a));
  EXPECT_FALSE(IsExcessive(b));
  Charge(b, absl::Milliseconds(500));
  EXPECT_TRUE(IsExcessive(a));
  Charge(b, absl::Milliseconds(1));
  EXPECT_FALSE(IsExcessive(a));
}

TEST_F(TenantUseTest, WhatWasUsedDecaysForAllAlike) {
  TenantUse::Tenant* const a = Enter("a");
  TenantUse::Tenant* const b = Enter("b");
  Charge(a, absl::Seconds(1));
  now_ += absl::Seconds(2);
  Charge(b, absl::Milliseconds(134));  // 1 s is 135 ms two seconds later.
  EXPECT_TRUE(TenantUse::UsedLess(*b, *a));
  Charge(b, absl::Milliseconds(2));
  EXPECT_TRUE(TenantUse::UsedLess(*a, *b));
}

TEST_F(TenantUseTest, WhoLeftAsksForAMomentLonger) {
  TenantUse::Tenant* const a = Enter("a");
  Leave(Enter("b"));
  Charge(a, absl::Seconds(2));
  now_ += absl::Milliseconds(200);
  EXPECT_TRUE(IsExcessive(a));
  now_ += absl::Milliseconds(1);
  EXPECT_FALSE(IsExcessive(a));
}

TEST_F(TenantUseTest, WhatWasUsedIsRememberedWhenATenantComesBack) {
  TenantUse::Tenant* a = Enter("a");
  Charge(a, absl::Seconds(8));
  Leave(a);
  now_ += absl::Seconds(1);
  a = Enter("a");
  Enter("b");
  EXPECT_TRUE(IsExcessive(a));
  Leave(a);
  now_ += absl::Seconds(11);
  Enter("c");  // Forgets on the way.
  EXPECT_EQ(use_.size(), 2);
  EXPECT_FALSE(IsExcessive(Enter("a")));
}

TEST_F(TenantUseTest, SeveralQueriesOfATenantAreOneTenant) {
  TenantUse::Tenant* const a = Enter("a");
  EXPECT_EQ(Enter("a"), a);
  Leave(a);
  now_ += absl::Seconds(20);
  Charge(a, absl::Seconds(2));
  TenantUse::Tenant* const b = Enter("b");
  EXPECT_TRUE(IsExcessive(a));
  EXPECT_FALSE(IsExcessive(b));
  EXPECT_EQ(use_.size(), 2);
}

// What a query costs does not depend on how many other tenants there are.
TEST_F(TenantUseTest, ThousandsOfTenantsCostAQueryNoMore) {
  const auto cost_of_queries = [&](int tenants) {
    TenantUse use;
    absl::Time now = now_;
    for (int i = 0; i < tenants; ++i) {
      TenantUse::Tenant* const one = use.Enter("tenant " + std::to_string(i), now);
      use.Charge(one, absl::Microseconds(i + 1), now);
      use.Leave(one, now);
    }
    EXPECT_EQ(use.size(), tenants);
    const absl::Time begin = absl::Now();
    int excessive = 0;
    for (int i = 0; i < 20'000; ++i) {
      now += absl::Microseconds(5);
      TenantUse::Tenant* const query = use.Enter("asks", now);
      use.Charge(query, absl::Microseconds(100), now);
      excessive += use.IsExcessive(*query, 2, now) ? 1 : 0;
      use.Leave(query, now);
    }
    EXPECT_GT(excessive, 0);
    return absl::Now() - begin;
  };
  cost_of_queries(2);
  const absl::Duration few = cost_of_queries(2);
  const absl::Duration many = cost_of_queries(5000);
  // A walk over all of them would be a thousand times slower.
  EXPECT_LT(many, 20 * few + absl::Milliseconds(50));
}

TEST_F(TenantUseTest, ThousandsOfTenantsAreForgottenInPieces) {
  for (int i = 0; i < 5000; ++i) Leave(Enter(std::to_string(i)));
  now_ += absl::Seconds(11);
  TenantUse::Tenant* const a = Enter("a");
  EXPECT_GT(use_.size(), 4000);  // Not all at once.
  for (int i = 0; i < 100; ++i) IsExcessive(a);
  EXPECT_EQ(use_.size(), 1);
}

}  // namespace
}  // namespace tidegate::query
