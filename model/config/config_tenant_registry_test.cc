#include "model/config/config_tenant_registry.h"

#include <gtest/gtest.h>

#include <string>

namespace tidegate::model {
namespace {

TEST(ConfigTenantRegistry, KnowsDefaultAndWhoIsListed) {
  ConfigTenantRegistry registry(*ParseConfig("tenants: [{name: a}]"));
  EXPECT_NE(registry.Find("default"), nullptr);
  EXPECT_NE(registry.Find("a"), nullptr);
  EXPECT_EQ(registry.Find("b"), nullptr);
  const auto held = registry.Find("a");
  registry.Replace(*ParseConfig("tenants: [{name: b}]"));
  EXPECT_EQ(registry.Find("a"), nullptr);
  EXPECT_EQ(held->name, "a");
}

TEST(ConfigTenantRegistry, TrustWithoutAListAcceptsEveryValidName) {
  const ConfigTenantRegistry open(*ParseConfig("trust_org_id: true"));
  ASSERT_NE(open.Find("team-1"), nullptr);
  EXPECT_EQ(open.Find("team-1")->name, "team-1");
  EXPECT_EQ(open.Find("a/b"), nullptr);
  EXPECT_EQ(open.Find(""), nullptr);
  const ConfigTenantRegistry closed(*ParseConfig("{trust_org_id: true, tenants: [{name: a}]}"));
  EXPECT_EQ(closed.Find("team-1"), nullptr);
}

ConfigFile WithKeys() {
  ConfigFile config;
  for (const char* name : {"a", "b"}) {
    TenantConfig tenant;
    tenant.name = name;
    ApiKey key;
    key.id = "k1";
    key.digest = DigestOf(std::string("secret of ") + name);
    tenant.keys = {key};
    config.tenants.push_back(tenant);
  }
  return config;
}

TEST(ConfigTenantRegistry, NeedsKeysOnceATenantHasOne) {
  EXPECT_FALSE(ConfigTenantRegistry(*ParseConfig("tenants: [{name: a}]")).RequiresKeys());
  EXPECT_TRUE(ConfigTenantRegistry(WithKeys()).RequiresKeys());
}

TEST(ConfigTenantRegistry, FindsTheHolderOfAKey) {
  const ConfigTenantRegistry registry(WithKeys());
  const auto holder = registry.FindKey(DigestOf("secret of b"));
  ASSERT_TRUE(holder.has_value());
  EXPECT_EQ(holder->tenant->name, "b");
  EXPECT_EQ(holder->key->id, "k1");
  EXPECT_FALSE(registry.FindKey(DigestOf("secret of c")).has_value());
}

TEST(ConfigTenantRegistry, TheSameFirstBytesAreNotTheSameKey) {
  const ConfigTenantRegistry registry(WithKeys());
  KeyDigest digest = DigestOf("secret of a");
  digest.back() ^= 1;
  EXPECT_FALSE(registry.FindKey(digest).has_value());
}

TEST(ConfigTenantRegistry, AReplacedKeyIsGone) {
  ConfigTenantRegistry registry(WithKeys());
  const auto holder = registry.FindKey(DigestOf("secret of a"));
  registry.Replace(*ParseConfig("tenants: [{name: a}]"));
  EXPECT_FALSE(registry.FindKey(DigestOf("secret of a")).has_value());
  EXPECT_FALSE(registry.RequiresKeys());
  EXPECT_EQ(holder->key->id, "k1");  // Who holds it keeps it.
}

}  // namespace
}  // namespace tidegate::model
