#include "api/web/session_endpoint.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/testing/fake_tenants.h"
#include "api/testing/recorded_response.h"
#include "model/clock.h"
#include "storage/testing/documents_in_memory.h"

namespace tidegate::api {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

class SessionEndpointTest : public testing::Test {
 protected:
  SessionEndpointTest() {
    tenants_.Add("team-a");
    sessions_ = control::OpenSessions({}, &documents_, &clock_);
    resolver_ = std::make_unique<TenantResolver>(&tenants_, false, nullptr, sessions_.get());
    api_.resolver = resolver_.get();
    api_.tenants = &tenants_;
    api_.sessions = sessions_.get();
    api_.lifetime = absl::Hours(12);
  }

  void AddKey(std::vector<model::Permission> permissions, std::string_view allow_ips = "") {
    model::ApiKey key;
    key.id = "k1";
    key.digest = model::DigestOf("s3cret");
    key.read_tenants = {"team-b"};
    for (model::Permission permission : permissions) key.permissions.Add(permission);
    if (!allow_ips.empty()) key.allow_ips = {model::IpRange::Parse(allow_ips).value()};
    tenants_.AddKey("team-a", key);
  }

  RecordedResponse Ask(HttpMethod method, const Fields& fields = {}) {
    Router router;
    AddSessionRoutes(api_, &router);
    HttpRequest request = Request(method, fields);
    RecordedResponse response;
    router.Find(method, {"ui", "session"}).route->handler(request, response);
    EXPECT_EQ(response.headers["Cache-Control"], "no-store");
    return response;
  }

  static HttpRequest Request(HttpMethod method, const Fields& fields) {
    HttpRequest request;
    request.method = method;
    request.target = "/ui/session";
    request.peer = "127.0.0.1:1";
    for (const auto& [name, value] : fields) request.headers.Add(name, value);
    return request;
  }

  // The cookie as a browser sends it back.
  std::string LogIn() {
    const RecordedResponse response = Ask(HttpMethod::kPost, {{"X-Api-Key", "s3cret"}});
    EXPECT_EQ(response.status, 204) << response.body;
    const std::string field = response.headers.at("Set-Cookie");
    return field.substr(0, field.find(';'));
  }

  // Whose a request with these fields is, or the code.
  std::string Resolve(const Fields& fields, HttpMethod method = HttpMethod::kGet) {
    const HttpRequest request = Request(method, fields);
    const auto tenant = resolver_->Resolve(request, model::Permission::kRead);
    return tenant.ok() ? (*tenant)->name : absl::StatusCodeToString(tenant.status().code());
  }

  FakeTenants tenants_;
  storage::DocumentsInMemory documents_;
  model::SystemClock clock_;
  std::unique_ptr<control::Sessions> sessions_;
  std::unique_ptr<TenantResolver> resolver_;
  SessionApi api_;
};

TEST_F(SessionEndpointTest, ASessionIsAsGoodAsItsKey) {
  AddKey({model::Permission::kRead});
  const std::string cookie = LogIn();
  EXPECT_EQ(Resolve({{"Cookie", cookie}}), "team-a");
  EXPECT_EQ(Resolve({}), "UNAUTHENTICATED");
  EXPECT_EQ(Resolve({{"Cookie", cookie + "x"}}), "UNAUTHENTICATED");
  EXPECT_EQ(Resolve({{"Cookie", cookie}, {"X-Api-Key", "wrong"}}), "UNAUTHENTICATED")
      << "a key that is shown decides";
}

TEST_F(SessionEndpointTest, TheCookieIsOutOfReach) {
  AddKey({model::Permission::kRead});
  const Fields key = {{"X-Api-Key", "s3cret"}};
  std::string field = Ask(HttpMethod::kPost, key).headers.at("Set-Cookie");
  EXPECT_NE(field.find("; HttpOnly; SameSite=Strict"), field.npos);
  EXPECT_EQ(field.find("Secure"), field.npos);
  api_.over_tls = true;
  field = Ask(HttpMethod::kPost, key).headers.at("Set-Cookie");
  EXPECT_NE(field.find("; Secure"), field.npos);
  api_.over_tls = false;
  field = Ask(HttpMethod::kPost, {key[0], {"X-Forwarded-Proto", "https"}}).headers.at("Set-Cookie");
  EXPECT_NE(field.find("; Secure"), field.npos);
}

TEST_F(SessionEndpointTest, LoggingOutEndsTheSession) {
  AddKey({model::Permission::kRead});
  const std::string cookie = LogIn();
  const RecordedResponse response = Ask(HttpMethod::kDelete, {{"Cookie", cookie}});
  EXPECT_EQ(response.status, 204);
  EXPECT_NE(response.headers.at("Set-Cookie").find("tidegate_session=; Path=/; Max-Age=0"),
            std::string::npos);
  EXPECT_EQ(Resolve({{"Cookie", cookie}}), "UNAUTHENTICATED");
  EXPECT_EQ(Ask(HttpMethod::kDelete).status, 204);
}

TEST_F(SessionEndpointTest, ARevokedKeyEndsItsSessions) {
  AddKey({model::Permission::kRead});
  const std::string cookie = LogIn();
  model::ApiKey other;
  other.id = "k2";
  other.digest = model::DigestOf("other");
  tenants_.AddKey("team-a", other);  // In place of k1.
  EXPECT_EQ(Resolve({{"Cookie", cookie}}), "UNAUTHENTICATED");
}

TEST_F(SessionEndpointTest, BadKeysGetNoSession) {
  AddKey({model::Permission::kRead});
  EXPECT_EQ(Ask(HttpMethod::kPost).status, 401);
  EXPECT_EQ(Ask(HttpMethod::kPost, {{"X-Api-Key", "wrong"}}).status, 401);
  EXPECT_EQ(Ask(HttpMethod::kPost, {{"X-Api-Key", "wrong"}}).headers.count("Set-Cookie"), 0u);
  const std::string cookie = LogIn();
  EXPECT_EQ(Ask(HttpMethod::kPost, {{"Cookie", cookie}}).status, 401) << "a session is no key";
}

TEST_F(SessionEndpointTest, TheKeysRulesHold) {
  AddKey({model::Permission::kWrite});
  EXPECT_EQ(Ask(HttpMethod::kPost, {{"X-Api-Key", "s3cret"}}).status, 403);
}

TEST_F(SessionEndpointTest, TheKeysAddressesHold) {
  AddKey({model::Permission::kRead}, "10.0.0.0/8");
  EXPECT_EQ(Ask(HttpMethod::kPost, {{"X-Api-Key", "s3cret"}}).status, 403);
}

TEST_F(SessionEndpointTest, PagesOfOtherOriginsGetNothing) {
  AddKey({model::Permission::kRead});
  const Fields elsewhere = {{"Sec-Fetch-Site", "same-site"}, {"X-Api-Key", "s3cret"}};
  EXPECT_EQ(Ask(HttpMethod::kPost, elsewhere).status, 403);
  const std::string cookie = LogIn();
  const Fields other_port = {
      {"Cookie", cookie}, {"Origin", "http://localhost:8080"}, {"Host", "localhost:9009"}};
  EXPECT_EQ(Resolve(other_port), "PERMISSION_DENIED");
  EXPECT_EQ(Resolve({{"Cookie", cookie}}, HttpMethod::kPost), "PERMISSION_DENIED");
  EXPECT_EQ(Ask(HttpMethod::kDelete, other_port).status, 403);
  EXPECT_EQ(Resolve({{"Cookie", cookie}, {"Sec-Fetch-Site", "same-origin"}}, HttpMethod::kPost),
            "team-a");
}

TEST_F(SessionEndpointTest, ItSaysWhoIsLoggedIn) {
  EXPECT_EQ(Ask(HttpMethod::kGet).body,
            R"({"authentication":false,"authenticated":false,"trust_org_id":false})");
  AddKey({model::Permission::kRead, model::Permission::kAdmin});
  EXPECT_EQ(Ask(HttpMethod::kGet).body,
            R"({"authentication":true,"authenticated":false,"trust_org_id":false})");
  const RecordedResponse response = Ask(HttpMethod::kGet, {{"Cookie", LogIn()}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body,
            R"({"authentication":true,"authenticated":true,"trust_org_id":false,"tenant":"team-a",)"
            R"("key":"k1","permissions":["read","admin"],"read_tenants":["team-b"]})");
}

TEST_F(SessionEndpointTest, WhomAProxyLetsInNeedsNoKey) {
  AddKey({model::Permission::kRead});
  resolver_ = std::make_unique<TenantResolver>(&tenants_, true, nullptr, sessions_.get());
  api_.resolver = resolver_.get();
  api_.trust_org_id = true;
  EXPECT_EQ(Ask(HttpMethod::kGet, {{"X-Scope-OrgID", "team-a"}}).body,
            R"({"authentication":true,"authenticated":true,"trust_org_id":true})");
}

TEST_F(SessionEndpointTest, WithoutKeysThereIsNothingToLogInTo) {
  EXPECT_EQ(Ask(HttpMethod::kPost, {{"X-Api-Key", "s3cret"}}).status, 400);
}

TEST_F(SessionEndpointTest, TheStoreIsNeeded) {
  AddKey({model::Permission::kRead});
  documents_.Fail(absl::UnavailableError("store: away"));
  EXPECT_EQ(Ask(HttpMethod::kPost, {{"X-Api-Key", "s3cret"}}).status, 503);
}

}  // namespace
}  // namespace tidegate::api
