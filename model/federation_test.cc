#include "model/federation.h"

#include <map>

#include "gtest/gtest.h"

namespace tidegate::model {
namespace {

using Names = std::vector<std::string>;

class SomeTenants final : public TenantRegistry {
 public:
  TenantConfig& operator[](const std::string& name) {
    tenants_[name].name = name;
    return tenants_[name];
  }
  std::shared_ptr<const TenantConfig> Find(std::string_view tenant) const override {
    const auto found = tenants_.find(std::string(tenant));
    if (found == tenants_.end()) return nullptr;
    return std::make_shared<TenantConfig>(found->second);
  }

 private:
  std::map<std::string, TenantConfig> tenants_;
};

TEST(FederationTest, NamesAreSortedAndOnce) {
  EXPECT_TRUE(IsFederated("a|b"));
  EXPECT_FALSE(IsFederated("a"));
  EXPECT_EQ(FederatedTenants("b|a|b"), (Names{"a", "b"}));
  EXPECT_EQ(FederatedTenants("a|"), (Names{"", "a"})) << "checked by who knows the tenants";
  EXPECT_EQ(JoinTenants({"a", "b"}), "a|b");
  EXPECT_EQ(JoinTenants({"a"}), "a");
  EXPECT_FALSE(IsValidTenantName("a|b"));
}

TEST(FederationTest, TheStrictestLimitHolds) {
  SomeTenants tenants;
  tenants["a"].limits.max_query_samples = 10;
  tenants["b"].limits.max_query_samples = 5;
  tenants["a"].limits.max_query_series = 0;
  tenants["b"].limits.max_query_series = 7;
  tenants["a"].limits.max_concurrent_queries = 3;
  tenants["b"].limits.max_concurrent_queries = 0;
  tenants["b"].limits.logs.max_query_length = absl::Hours(1);
  tenants["a"].retention = absl::Hours(1);
  const auto both = FindForQueries(tenants, "b|a");
  ASSERT_NE(both, nullptr);
  EXPECT_EQ(both->name, "a|b");
  EXPECT_EQ(both->limits.max_query_samples, 5u);
  EXPECT_EQ(both->limits.max_query_series, 7u);
  EXPECT_EQ(both->limits.max_concurrent_queries, 3u);
  EXPECT_EQ(both->limits.logs.max_query_length, absl::Hours(1));
  EXPECT_EQ(both->retention, absl::InfiniteDuration());
  EXPECT_EQ(FindForQueries(tenants, "a")->limits.max_query_series, 0u);
  EXPECT_EQ(FindForQueries(tenants, "a|c"), nullptr);
  EXPECT_EQ(FindForQueries(tenants, "a|"), nullptr);
}

}  // namespace
}  // namespace tidegate::model
