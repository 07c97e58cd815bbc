#include "api/auth/tenant_resolver.h"

#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "api/auth/caller.h"
#include "api/testing/fake_tenants.h"
#include "model/config/config_tenant_registry.h"

namespace tidegate::api {
namespace {

class TenantResolverTest : public testing::Test {
 protected:
  TenantResolverTest() { tenants_.Add("team-a"); }

  // The tenant's name, or the status code.
  std::string Resolve(bool trust) { return Resolve(trust, model::Permission::kRead); }
  std::string Resolve(bool trust, model::Permission needed) {
    const auto tenant = TenantResolver(&tenants_, trust).Resolve(request_, needed);
    if (tenant.ok()) return (*tenant)->name;
    return absl::StatusCodeToString(tenant.status().code());
  }

  // Gives team-a a key with the secret "s3cret".
  void SwitchOnAuthentication(std::initializer_list<model::Permission> permissions,
                              std::string_view allow_ips = "") {
    model::ApiKey key;
    key.id = "k1";
    key.digest = model::DigestOf("s3cret");
    for (model::Permission permission : permissions) key.permissions.Add(permission);
    if (!allow_ips.empty()) key.allow_ips = {model::IpRange::Parse(allow_ips).value()};
    tenants_.AddKey("team-a", key);
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

TEST_F(TenantResolverTest, TheKeyDecides) {
  SwitchOnAuthentication({model::Permission::kRead});
  EXPECT_EQ(Resolve(false), "UNAUTHENTICATED");
  request_.headers.Add("X-Api-Key", "s3cret");
  EXPECT_EQ(Resolve(false), "team-a");
  EXPECT_EQ(Resolve(true), "team-a");
}

TEST_F(TenantResolverTest, AWrongKeyIsNeverAnonymous) {
  SwitchOnAuthentication({model::Permission::kRead});
  request_.headers.Add("X-Api-Key", "guess");
  request_.headers.Add("X-Scope-OrgID", "team-a");
  EXPECT_EQ(Resolve(true), "UNAUTHENTICATED");
  request_.headers.Clear();
  request_.headers.Add("Authorization", "Negotiate abc");
  request_.headers.Add("X-Scope-OrgID", "team-a");
  EXPECT_EQ(Resolve(true), "UNAUTHENTICATED");
}

TEST_F(TenantResolverTest, PermissionsAreOneByOne) {
  SwitchOnAuthentication({model::Permission::kWrite});
  request_.headers.Add("X-Auth-Token", "s3cret");
  EXPECT_EQ(Resolve(false, model::Permission::kWrite), "team-a");
  EXPECT_EQ(Resolve(false, model::Permission::kRead), "PERMISSION_DENIED");
  EXPECT_EQ(Resolve(false, model::Permission::kAdmin), "PERMISSION_DENIED");
}

TEST_F(TenantResolverTest, AKeyMayBeBoundToAddresses) {
  SwitchOnAuthentication({model::Permission::kRead}, "10.0.0.0/8");
  request_.headers.Add("X-TC-APP-KEY", "s3cret");
  request_.peer = "10.1.2.3:4567";
  EXPECT_EQ(Resolve(false), "team-a");
  request_.peer = "192.0.2.1:4567";
  EXPECT_EQ(Resolve(false), "PERMISSION_DENIED");
  request_.peer = "nonsense";
  EXPECT_EQ(Resolve(false), "PERMISSION_DENIED");
}

TEST_F(TenantResolverTest, AKeyDoesNotOpenAnotherTenant) {
  SwitchOnAuthentication({model::Permission::kRead});
  request_.headers.Add("X-Api-Key", "s3cret");
  request_.headers.Add("X-Scope-OrgID", "default");
  EXPECT_EQ(Resolve(true), "PERMISSION_DENIED");
  EXPECT_EQ(Resolve(false), "PERMISSION_DENIED");
}

TEST_F(TenantResolverTest, TheUserOfBasicHasToFit) {
  SwitchOnAuthentication({model::Permission::kRead});
  request_.headers.Add("Authorization", "Basic dGVhbS1hOnMzY3JldA==");  // team-a:s3cret
  EXPECT_EQ(Resolve(false), "team-a");
  request_.headers.Clear();
  request_.headers.Add("Authorization", "Basic dGVhbS1iOnMzY3JldA==");  // team-b:s3cret
  EXPECT_EQ(Resolve(false), "UNAUTHENTICATED");
}

TEST_F(TenantResolverTest, ATrustedProxyMayReadAndWriteWithoutAKey) {
  SwitchOnAuthentication({model::Permission::kRead});
  request_.headers.Add("X-Scope-OrgID", "team-a");
  EXPECT_EQ(Resolve(true, model::Permission::kWrite), "team-a");
  EXPECT_EQ(Resolve(true, model::Permission::kAdmin), "PERMISSION_DENIED");
  EXPECT_EQ(Resolve(false, model::Permission::kRead), "UNAUTHENTICATED");
}

TEST_F(TenantResolverTest, RefusalsHaveTheRightCodes) {
  EXPECT_EQ(TenantRefusal(absl::PermissionDeniedError("no")).status, 403);
  const HttpResponse challenged = TenantRefusal(absl::UnauthenticatedError("who?"));
  ASSERT_EQ(challenged.headers.size(), 1u);
  EXPECT_EQ(challenged.headers[0].first, "WWW-Authenticate");

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

TEST_F(TenantResolverTest, SeveralTenantsWhereTheRequestCanBeAboutThem) {
  tenants_.Add("team-b");
  const TenantResolver resolver(&tenants_, true);
  const auto resolve = [&](std::string_view org_id, TenantChoice choice) {
    HttpRequest request;
    request.headers.Add("X-Scope-OrgID", org_id);
    const auto tenant = resolver.Resolve(request, model::Permission::kRead, choice);
    return tenant.ok() ? (*tenant)->name : absl::StatusCodeToString(tenant.status().code());
  };
  EXPECT_EQ(resolve("team-b|team-a|team-b", TenantChoice::kSeveral), "team-a|team-b");
  EXPECT_EQ(resolve("team-b|team-a", TenantChoice::kOne), "INVALID_ARGUMENT");
  EXPECT_EQ(resolve("team-a|team-a", TenantChoice::kOne), "team-a");
  EXPECT_EQ(resolve("team-a|nobody", TenantChoice::kSeveral), "NOT_FOUND");
  EXPECT_EQ(resolve("team-a|", TenantChoice::kSeveral), "UNAUTHENTICATED");
  EXPECT_EQ(resolve("team-a|../x", TenantChoice::kSeveral), "UNAUTHENTICATED");
}

TEST_F(TenantResolverTest, SoManyTenantsInOneQuery) {
  model::TenantLimits limits;
  limits.max_tenants_per_query = 2;
  tenants_.Add("team-a", limits);
  tenants_.Add("team-b");
  tenants_.Add("team-c");
  const auto metrics = std::make_shared<prometheus::Registry>();
  const TenantResolver resolver(&tenants_, true, metrics.get());
  request_.headers.Add("X-Scope-OrgID", "team-a|team-b|team-c");
  const auto refused =
      resolver.Resolve(request_, model::Permission::kRead, TenantChoice::kSeveral).status();
  EXPECT_EQ(refused.message(), "too many tenants, max: 2, actual: 3");
  EXPECT_TRUE(absl::IsInvalidArgument(refused));
  const auto families = metrics->Collect();
  ASSERT_EQ(families.size(), 1u);
  EXPECT_EQ(families[0].metric.size(), 3u) << "counted for each of them";
}

TEST_F(TenantResolverTest, AKeyReadsOthersOnlyIfItSaysSo) {
  tenants_.Add("team-b");
  tenants_.Add("team-c");
  model::ApiKey key;
  key.id = "k1";
  key.digest = model::DigestOf("s3cret");
  key.permissions.Add(model::Permission::kRead);
  key.permissions.Add(model::Permission::kWrite);
  key.read_tenants = {"team-b"};
  tenants_.AddKey("team-a", key);
  const TenantResolver resolver(&tenants_, false);
  const auto resolve = [&](std::string_view org_id, model::Permission needed, TenantChoice choice) {
    HttpRequest request;
    request.headers.Add("X-Api-Key", "s3cret");
    request.headers.Add("X-Scope-OrgID", org_id);
    const auto tenant = resolver.Resolve(request, needed, choice);
    return tenant.ok() ? (*tenant)->name : absl::StatusCodeToString(tenant.status().code());
  };
  constexpr auto kRead = model::Permission::kRead;
  constexpr auto kSeveral = TenantChoice::kSeveral;
  EXPECT_EQ(resolve("team-b|team-a", kRead, kSeveral), "team-a|team-b");
  EXPECT_EQ(resolve("team-a", kRead, kSeveral), "team-a");
  EXPECT_EQ(resolve("team-b", kRead, kSeveral), "team-b");
  EXPECT_EQ(resolve("team-c", kRead, kSeveral), "PERMISSION_DENIED");
  EXPECT_EQ(resolve("team-a|team-c", kRead, kSeveral), "PERMISSION_DENIED");
  EXPECT_EQ(resolve("team-a|", kRead, kSeveral), "PERMISSION_DENIED");
  EXPECT_EQ(resolve("team-b", kRead, TenantChoice::kOne), "PERMISSION_DENIED");
  EXPECT_EQ(resolve("team-b", model::Permission::kWrite, TenantChoice::kOne), "PERMISSION_DENIED");
  EXPECT_EQ(resolve("team-a|team-b", model::Permission::kWrite, TenantChoice::kOne),
            "INVALID_ARGUMENT");
  EXPECT_EQ(resolve("team-a|team-b", model::Permission::kAdmin, kSeveral), "PERMISSION_DENIED");
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

TEST_F(TenantResolverTest, NobodyIsLetInWhileTheKeysAreNotKnown) {
  model::ConfigTenantRegistry::Openness openness;
  openness.ready = absl::UnavailableError("asking the store");
  const model::ConfigTenantRegistry registry({}, openness);
  const TenantResolver resolver(&registry, false);
  EXPECT_TRUE(absl::IsUnavailable(resolver.Resolve(request_, model::Permission::kRead).status()));
  request_.headers.Add("X-Api-Key", "s3cret");
  const absl::Status status = resolver.Resolve(request_, model::Permission::kRead).status();
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_EQ(TenantRefusal(status).status, 503);
  EXPECT_EQ(CallerOf(registry, request_).key_id, "");
}

TEST_F(TenantResolverTest, KnowsTheCallerWhateverItMayDo) {
  EXPECT_EQ(CallerOf(tenants_, request_).key_id, "");
  SwitchOnAuthentication({model::Permission::kRead});
  request_.headers.Add("X-Api-Key", "s3cret");
  EXPECT_EQ(CallerOf(tenants_, request_).key_id, "k1");
  EXPECT_EQ(CallerOf(tenants_, request_).tenant, "team-a");
}

}  // namespace
}  // namespace tidegate::api
