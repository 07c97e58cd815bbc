#include "api/limits/limits_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/fake_tenants.h"
#include "api/testing/recorded_response.h"

namespace tidegate::api {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(LimitsPage, ShowsLimitsUseAndRefusals) {
  model::TenantConfig tenant;
  tenant.name = "team-a";
  tenant.limits.max_series = 7;
  TenantUse use;
  use.used = {{"max_series", 7}, {"max_concurrent_queries", 1}};
  use.rejected = {{"series_limit", 3}, {"duplicate_timestamp", 2}};
  const std::string page = LimitsPage(tenant, use, {});
  EXPECT_THAT(page, HasSubstr("<h1>Limits of team-a</h1>"));
  EXPECT_THAT(page, HasSubstr("<tr class=\"full\"><td><code>max_series</code></td>"
                              "<td class=\"n\">7</td><td class=\"n\">7</td>"
                              "<td>series_limit: 3</td>"));
  EXPECT_THAT(page, HasSubstr("<tr><td><code>max_concurrent_queries</code></td>"
                              "<td class=\"n\">20</td><td class=\"n\">1</td><td></td>"));
  EXPECT_THAT(page, HasSubstr("<code>max_monitors</code>"));
  EXPECT_THAT(page, HasSubstr("Refused for other reasons: duplicate_timestamp: 2."));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<a ")));
}

TEST(LimitsPage, NothingBecomesMarkup) {
  model::TenantConfig tenant;
  tenant.limits.logs.enforced_labels = {"<b>"};
  TenantUse use;
  use.rejected = {{"<i>", 1}};
  const std::string page = LimitsPage(tenant, use, {"a'b"});
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<b>")), Not(HasSubstr("<i>")), Not(HasSubstr("a'b"))));
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;"));
}

class LimitsRouteTest : public testing::Test {
 protected:
  LimitsRouteTest() {
    tenants_.Add("a");
    tenants_.Add("b");
    AddKey("a", "reader", model::Permission::kRead);
    AddKey("default", "root", model::Permission::kAdmin);
    AddLimitsPageRoute(&resolver_, &tenants_, nullptr, {}, &router_);
  }
  void AddKey(const std::string& tenant, const std::string& secret, model::Permission permission) {
    model::ApiKey key;
    key.id = secret;
    key.digest = model::DigestOf(secret);
    key.permissions.Add(permission);
    tenants_.AddKey(tenant, key);
  }
  RecordedResponse Get(const std::string& secret, const std::string& tenant = "") {
    HttpRequest request;
    if (!secret.empty()) request.headers.Add("X-Api-Key", secret);
    if (!tenant.empty()) request.query.Add("tenant", tenant);
    RecordedResponse response;
    const auto match = router_.Find(HttpMethod::kGet, {"tenant-limits"});
    match.route->handler(request, response);
    return response;
  }

  FakeTenants tenants_;
  TenantResolver resolver_{&tenants_, false};
  Router router_;
};

TEST_F(LimitsRouteTest, ATenantSeesItself) {
  EXPECT_EQ(Get("").status, 401);
  const RecordedResponse own = Get("reader");
  EXPECT_EQ(own.status, 200);
  EXPECT_THAT(own.body, HasSubstr("Limits of a<"));
  EXPECT_THAT(own.headers.at("Content-Security-Policy"),
              HasSubstr("default-src 'none'; style-src 'sha256-"));
  EXPECT_EQ(Get("reader", "a").status, 200);
  EXPECT_EQ(Get("reader", "b").status, 403);
  EXPECT_EQ(Get("reader", "nobody").status, 403) << "does not tell who there is";
}

TEST_F(LimitsRouteTest, AnAdministratorSeesAll) {
  EXPECT_THAT(Get("root").body, HasSubstr("Limits of default<"));
  EXPECT_THAT(Get("root", "b").body, HasSubstr("Limits of b<"));
  EXPECT_EQ(Get("root", "nobody").status, 404);
}

}  // namespace
}  // namespace tidegate::api
