#include "api/rules/ruler_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "api/testing/fake_tenants.h"
#include "api/testing/recorded_response.h"

namespace tidegate::api {
namespace {

using query::RuleLanguage;
using testing::HasSubstr;

// One text per group, behind the same texts of errors.
class MapStore final : public control::RuleStore {
 public:
  absl::StatusOr<std::string> List(const model::RequestContext& context, RuleLanguage language,
                                   const std::string& rule_namespace) override {
    std::string text;
    for (const auto& [key, value] : groups_) {
      if (key.find(Prefix(context, language, rule_namespace)) == 0) text += value;
    }
    if (text.empty()) return absl::NotFoundError("no rule groups found");
    return text;
  }
  absl::StatusOr<std::string> Get(const model::RequestContext& context, RuleLanguage language,
                                  const std::string& rule_namespace,
                                  const std::string& group) override {
    const auto found = groups_.find(Prefix(context, language, rule_namespace) + "/" + group);
    if (found == groups_.end()) return absl::NotFoundError("group does not exist");
    return found->second;
  }
  absl::Status Set(const model::RequestContext& context, RuleLanguage language,
                   const std::string& rule_namespace, const std::string& yaml) override {
    if (yaml == "bad") return absl::InvalidArgumentError("1:1: Groupname must not be empty");
    groups_[Prefix(context, language, rule_namespace) + "/g"] = yaml;
    return absl::OkStatus();
  }
  absl::Status DeleteGroup(const model::RequestContext& context, RuleLanguage language,
                           const std::string& rule_namespace, const std::string& group) override {
    if (groups_.erase(Prefix(context, language, rule_namespace) + "/" + group) > 0) {
      return absl::OkStatus();
    }
    return absl::NotFoundError("group does not exist");
  }
  absl::StatusOr<uint64_t> Count(const model::RequestContext&) override { return groups_.size(); }
  absl::Status DeleteNamespace(const model::RequestContext& context, RuleLanguage language,
                               const std::string& rule_namespace) override {
    return DeleteGroup(context, language, rule_namespace, "g");
  }

 private:
  static std::string Prefix(const model::RequestContext& context, RuleLanguage language,
                            const std::string& rule_namespace) {
    return context.tenant + (language == RuleLanguage::kLogQl ? "/logql" : "/promql") +
           (rule_namespace.empty() ? "" : "/" + rule_namespace);
  }

  std::map<std::string, std::string> groups_;
};

class RulerConfigTest : public testing::Test {
 protected:
  RulerConfigTest() { AddRulerConfigRoutes(&resolver_, &store_, /*audit=*/nullptr, &router_); }

  RecordedResponse Call(HttpMethod method, std::vector<std::string> segments,
                        std::string_view body = "") {
    RouteMatch match = router_.Find(method, segments);
    RecordedResponse response;
    response.status = match.status;
    if (match.route == nullptr) return response;
    HttpRequest request;
    request.method = method;
    request.path = match.path;
    request.body = body;
    match.route->handler(request, response);
    return response;
  }

  FakeTenants tenants_;
  TenantResolver resolver_{&tenants_, /*trust_org_id=*/false};
  MapStore store_;
  Router router_;
};

using Path = std::vector<std::string>;

TEST_F(RulerConfigTest, SetsGetsAndDeletes) {
  const Path root = {"prometheus", "config", "v1", "rules"};
  const Path space = {"prometheus", "config", "v1", "rules", "a/b"};
  const Path group = {"prometheus", "config", "v1", "rules", "a/b", "g"};
  const RecordedResponse set = Call(HttpMethod::kPost, space, "name: g\n");
  EXPECT_EQ(set.status, 202);
  EXPECT_EQ(set.body, R"({"status":"success","data":null,"errorType":"","error":""})");
  for (const Path& path : {root, space, group}) {
    const RecordedResponse got = Call(HttpMethod::kGet, path);
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.content_type, "application/yaml");
    EXPECT_EQ(got.body, "name: g\n");
  }
  EXPECT_EQ(Call(HttpMethod::kDelete, group).status, 202);
  const RecordedResponse none = Call(HttpMethod::kGet, group);
  EXPECT_EQ(none.status, 404);
  EXPECT_THAT(none.body, HasSubstr("group does not exist"));
  EXPECT_THAT(Call(HttpMethod::kGet, root).body, HasSubstr("no rule groups found"));
  EXPECT_EQ(Call(HttpMethod::kDelete, space).status, 404);
}

TEST_F(RulerConfigTest, EachPrefixHasItsLanguage) {
  for (const Path& prefix : {Path{"loki", "api", "v1", "rules"}, Path{"api", "prom", "rules"}}) {
    Path space = prefix;
    space.push_back("ns");
    EXPECT_EQ(Call(HttpMethod::kPost, space, "logs").status, 202);
    EXPECT_EQ(Call(HttpMethod::kGet, prefix).body, "logs");
    EXPECT_EQ(Call(HttpMethod::kGet, {"config", "v1", "rules"}).status, 404);
    EXPECT_EQ(Call(HttpMethod::kDelete, space).status, 202);
  }
}

TEST_F(RulerConfigTest, MistakesAreToldAsText) {
  const RecordedResponse bad = Call(HttpMethod::kPost, {"config", "v1", "rules", "ns"}, "bad");
  EXPECT_EQ(bad.status, 400);
  EXPECT_THAT(bad.body, HasSubstr("Groupname must not be empty"));
  EXPECT_EQ(Call(HttpMethod::kPost, {"config", "v1", "rules"}).status, 405);
}

TEST_F(RulerConfigTest, ChangesNeedAnAdministrator) {
  model::ApiKey key;
  key.id = "k";
  key.digest = model::DigestOf("secret");
  key.permissions.Add(model::Permission::kRead);
  tenants_.AddKey("default", key);
  EXPECT_EQ(Call(HttpMethod::kGet, {"config", "v1", "rules"}).status, 401);
  EXPECT_EQ(Call(HttpMethod::kPost, {"config", "v1", "rules", "ns"}, "x").status, 401);
}

}  // namespace
}  // namespace tidegate::api
