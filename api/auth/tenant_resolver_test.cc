#include "api/auth/tenant_resolver.h"

#include <gtest/gtest.h>

#include "api/testing/fake_tenants.h"

namespace tidegate::api {
namespace {

class TenantResolverTest : public testing::Test {
 protected:
  TenantResolverTest() { tenants_.Add("team-a"); }

  // The tenant's name, or the status code.
  std::string Resolve(bool trust) {
    const auto tenant = TenantResolver(&tenants_, trust).Resolve(request_);
    if (tenant.ok()) return (*tenant)->name;
    return absl::StatusCodeToString(tenant.status().code());
  }

  FakeTenants tenants_;
  HttpRequest request_;
};

TEST_F(TenantResolverTest, EverythingIsDefaultWithoutAField) {
  EXPECT_EQ(Resolve(false), "default");
  EXPECT_EQ(Resolve(true), "default");
}

TEST_F(TenantResolverTest, TheFieldCountsOnlyWhereItIsTrusted) {
  request_.headers.Add("x-scope-orgid", "team-a");
  EXPECT_EQ(Resolve(true), "team-a");
  EXPECT_EQ(Resolve(false), "default");
}

TEST_F(TenantResolverTest, RefusesBadAndUnknownNames) {
  request_.headers.Add("X-Scope-OrgID", "team-b");
  EXPECT_EQ(Resolve(true), "NOT_FOUND");
  request_.headers.Clear();
  request_.headers.Add("X-Scope-OrgID", "a/b");
  EXPECT_EQ(Resolve(true), "UNAUTHENTICATED");
  request_.headers.Clear();
  request_.headers.Add("X-Scope-OrgID", "");
  EXPECT_EQ(Resolve(true), "UNAUTHENTICATED");
}

TEST_F(TenantResolverTest, RefusalsHaveTheRightCodes) {
  EXPECT_EQ(TenantRefusal(absl::UnauthenticatedError("who?")).status, 401);
  EXPECT_EQ(TenantRefusal(absl::NotFoundError("no")).status, 404);
  EXPECT_EQ(TenantRefusal(absl::NotFoundError("no")).body, "no\n");
}

TEST_F(TenantResolverTest, ContextSharesTheCancellation) {
  const model::RequestContext context = ContextFor(request_, *tenants_.Find("team-a"));
  EXPECT_EQ(context.tenant, "team-a");
  EXPECT_FALSE(context.IsCancelled());
  request_.cancelled->store(true);
  EXPECT_TRUE(context.IsCancelled());
}

TEST_F(TenantResolverTest, RequestIdsAreTakenOverOrMade) {
  const model::TenantConfig tenant = *tenants_.Find("default");
  EXPECT_NE(ContextFor(request_, tenant).request_id, ContextFor(request_, tenant).request_id);
  request_.headers.Add("X-Request-Id", "abc");
  EXPECT_EQ(ContextFor(request_, tenant).request_id, "abc");
  request_.headers.Clear();
  request_.headers.Add("X-Request-Id", "two\nlines");
  EXPECT_NE(ContextFor(request_, tenant).request_id, "two\nlines");
}

}  // namespace
}  // namespace tidegate::api
