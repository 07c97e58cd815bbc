#include "control/rule_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/limits/limit_guard.h"
#include "model/config/config_tenant_registry.h"
#include "storage/testing/documents_in_memory.h"

namespace tidegate::control {
namespace {

using query::RuleLanguage;
using testing::HasSubstr;

constexpr RuleLanguage kPromQl = RuleLanguage::kPromQl;

class RuleStoreTest : public testing::Test {
 protected:
  static model::RequestContext As(const std::string& tenant) {
    model::RequestContext context;
    context.tenant = tenant;
    return context;
  }

  static std::string Group(const std::string& name, int rules = 1) {
    std::string yaml = "name: " + name + "\nrules:\n";
    for (int i = 0; i < rules; ++i)
      yaml += "  - record: r" + std::to_string(i) + "\n    expr: up\n";
    return yaml;
  }

  storage::DocumentsInMemory documents_;
  const std::unique_ptr<RuleStore> store_ =
      CreateRuleStore({.max_groups = 3, .max_rules_per_group = 2}, &documents_);
};

TEST_F(RuleStoreTest, KeepsGroups) {
  ASSERT_TRUE(store_->Set(As("a"), kPromQl, "ns/1 %2F", Group("g/1")).ok());
  ASSERT_TRUE(store_->Set(As("a"), kPromQl, "ns2", Group("g")).ok());
  EXPECT_EQ(*store_->Get(As("a"), kPromQl, "ns/1 %2F", "g/1"), Group("g/1"));
  EXPECT_EQ(*store_->List(As("a"), kPromQl, "ns2"),
            "ns2:\n  - name: g\n    rules:\n      - record: r0\n        expr: up\n");
  EXPECT_THAT(*store_->List(As("a"), kPromQl, ""), HasSubstr("ns/1 %2F:\n"));
  EXPECT_THAT(*store_->List(As("a"), kPromQl, ""), HasSubstr("ns2:\n"));
}

TEST_F(RuleStoreTest, TenantsAndLanguagesAreApart) {
  ASSERT_TRUE(store_->Set(As("a"), kPromQl, "ns", Group("g")).ok());
  for (const auto& [tenant, language] :
       {std::pair("b", kPromQl), std::pair("a", RuleLanguage::kLogQl)}) {
    EXPECT_EQ(store_->List(As(tenant), language, "").status(),
              absl::NotFoundError("no rule groups found"));
    EXPECT_EQ(store_->Get(As(tenant), language, "ns", "g").status(),
              absl::NotFoundError("group does not exist"));
    EXPECT_EQ(store_->DeleteGroup(As(tenant), language, "ns", "g"),
              absl::NotFoundError("group does not exist"));
    EXPECT_EQ(store_->DeleteNamespace(As(tenant), language, "ns"),
              absl::NotFoundError("group namespace does not exist"));
  }
  EXPECT_TRUE(store_->Get(As("a"), kPromQl, "ns", "g").ok());
}

TEST_F(RuleStoreTest, Replaces) {
  ASSERT_TRUE(store_->Set(As("a"), kPromQl, "ns", Group("g")).ok());
  ASSERT_TRUE(store_->Set(As("a"), kPromQl, "ns", Group("g", 2)).ok());
  EXPECT_EQ(*store_->Get(As("a"), kPromQl, "ns", "g"), Group("g", 2));
}

TEST_F(RuleStoreTest, Deletes) {
  ASSERT_TRUE(store_->Set(As("a"), kPromQl, "ns", Group("g")).ok());
  ASSERT_TRUE(store_->Set(As("a"), kPromQl, "ns", Group("h")).ok());
  ASSERT_TRUE(store_->Set(As("a"), kPromQl, "ns2", Group("g")).ok());
  ASSERT_TRUE(store_->DeleteGroup(As("a"), kPromQl, "ns2", "g").ok());
  EXPECT_FALSE(store_->List(As("a"), kPromQl, "ns2").ok());
  ASSERT_TRUE(store_->DeleteNamespace(As("a"), kPromQl, "ns").ok());
  EXPECT_FALSE(store_->List(As("a"), kPromQl, "").ok());
}

TEST_F(RuleStoreTest, RefusesMistakesAndTooMany) {
  EXPECT_THAT(store_->Set(As("a"), kPromQl, "ns", "rules: []").message(),
              HasSubstr("Groupname must not be empty"));
  EXPECT_THAT(store_->Set(As("a"), kPromQl, "ns", "name: [").message(), HasSubstr("line 1"));
  EXPECT_THAT(store_->Set(As("a"), kPromQl, "ns", Group("g", 3)).message(),
              HasSubstr("rules per rule group limit (limit: 2 actual: 3)"));
  for (const char* name : {"a", "b", "c"}) {
    ASSERT_TRUE(store_->Set(As("a"), kPromQl, "ns", Group(name)).ok());
  }
  EXPECT_THAT(store_->Set(As("a"), kPromQl, "ns", Group("d")).message(),
              HasSubstr("rule groups limit (limit: 3 actual: 4)"));
  EXPECT_TRUE(store_->Set(As("a"), kPromQl, "ns", Group("c", 2)).ok());
}

TEST_F(RuleStoreTest, SaysWhenItCannotRead) {
  documents_.Fail(absl::UnavailableError("away"));
  EXPECT_TRUE(absl::IsUnavailable(store_->List(As("a"), kPromQl, "").status()));
  EXPECT_TRUE(absl::IsUnavailable(store_->Get(As("a"), kPromQl, "ns", "g").status()));
  EXPECT_TRUE(absl::IsUnavailable(store_->Set(As("a"), kPromQl, "ns", Group("g"))));
}

TEST_F(RuleStoreTest, TheTenantsLimitsCountBothLanguages) {
  model::ConfigTenantRegistry tenants(*model::ParseConfig(
      "tenants: [{name: a, limits: {max_rule_groups: 2, max_rules_per_group: 1}}, {name: b}]"));
  LimitGuard limits(&tenants, nullptr);
  const auto store = CreateRuleStore({.limits = &limits}, &documents_);
  EXPECT_EQ(store->Set(As("a"), kPromQl, "n", Group("g", 2)).message(),
            "per-user rules per rule group limit (limit: 1 actual: 2) exceeded");
  EXPECT_TRUE(store->Set(As("b"), kPromQl, "n", Group("g", 2)).ok());
  const std::string logs = "name: l\nrules:\n  - record: r\n    expr: rate({a=\"b\"}[1m])\n";
  ASSERT_TRUE(store->Set(As("a"), kPromQl, "n", Group("g")).ok());
  ASSERT_TRUE(store->Set(As("a"), query::RuleLanguage::kLogQl, "n", logs).ok());
  EXPECT_EQ(store->Set(As("a"), kPromQl, "n", Group("h")).message(),
            "per-user rule groups limit (limit: 2 actual: 3) exceeded");
  EXPECT_TRUE(store->Set(As("a"), kPromQl, "n", Group("g")).ok()) << "it is there already";
  EXPECT_EQ(*store->Count(As("a")), 2u);
  EXPECT_EQ(*store->Count(As("b")), 1u);
}

}  // namespace
}  // namespace tidegate::control
