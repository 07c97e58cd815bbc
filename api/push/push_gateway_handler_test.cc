#include "api/push/push_gateway_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "api/http/target.h"
#include "api/testing/fake_tenants.h"
#include "api/testing/recorded_response.h"

namespace tidegate::api {
namespace {

using control::PushLabels;
using testing::HasSubstr;

// Keeps one gauge per group.
class FakeGroups final : public control::PushGroups {
 public:
  absl::Status Push(const model::RequestContext&, const PushLabels& labels,
                    control::PushGroupFormat format, std::string_view body,
                    bool replace_all) override {
    if (!failure_.ok()) return failure_;
    control::PushGroup& group = groups_[labels];
    group.labels = labels;
    group.pushed = 1'700'000'000'500;
    if (replace_all) group.families.clear();
    control::PushedFamily& family = group.families[std::string(body)];
    family.metadata.type = model::MetricType::kGauge;
    family.metadata.help = format == control::PushGroupFormat::kText ? "text" : "protobuf";
    family.series.push_back(
        {.labels = {{"l", "v"}}, .name = std::string(body), .value = 7, .histogram = std::nullopt});
    return absl::OkStatus();
  }
  absl::Status Delete(const model::RequestContext&, const PushLabels& labels) override {
    groups_.erase(labels);
    return failure_;
  }
  absl::StatusOr<std::vector<control::PushGroup>> List(const model::RequestContext&) override {
    std::vector<control::PushGroup> groups;
    for (const auto& [labels, group] : groups_) groups.push_back(group);
    return groups;
  }
  absl::StatusOr<uint64_t> Count(const model::RequestContext&) override { return groups_.size(); }

  std::map<PushLabels, control::PushGroup> groups_;
  absl::Status failure_;
};

class PushGatewayTest : public testing::Test {
 protected:
  PushGatewayTest() { AddPushGatewayRoutes(&resolver_, &groups_, &router_); }

  RecordedResponse Call(HttpMethod method, const std::string& path, std::string_view body = "") {
    HttpRequest request;
    request.method = method;
    request.segments = *DecodePath(path);
    request.body = body;
    if (!type_.empty()) request.headers.Add("Content-Type", type_);
    const RouteMatch match = router_.Find(method, request.segments);
    RecordedResponse response;
    if (match.route == nullptr) {
      response.status = match.status;
    } else {
      match.route->handler(request, response);
    }
    return response;
  }

  FakeTenants tenants_;
  TenantResolver resolver_{&tenants_, /*trust_org_id=*/true};
  FakeGroups groups_;
  Router router_;
  std::string type_;
};

TEST_F(PushGatewayTest, PathsAreGroupingKeys) {
  EXPECT_EQ(Call(HttpMethod::kPut, "/metrics/job/a", "m").status, 200);
  EXPECT_EQ(Call(HttpMethod::kPost, "/metrics/job/a/instance/b%2Fc/zone/z", "m").status, 200);
  EXPECT_EQ(Call(HttpMethod::kPut, "/metrics/job@base64/YS9i/path@base64/L3Zhci90bXA", "m").status,
            200);
  EXPECT_EQ(Call(HttpMethod::kPut, "/metrics/job/a/x@base64/=", "m").status, 200);
  EXPECT_EQ(groups_.groups_.size(), 3u);
  EXPECT_TRUE(groups_.groups_.contains({{"job", "a"}}));
  EXPECT_TRUE(groups_.groups_.contains({{"instance", "b/c"}, {"job", "a"}, {"zone", "z"}}));
  EXPECT_TRUE(groups_.groups_.contains({{"job", "a/b"}, {"path", "/var/tmp"}}));
}

TEST_F(PushGatewayTest, WrongPathsAreRefused) {
  for (const char* path :
       {"/metrics/job/a/job/b", "/metrics/job/a/__name__/b", "/metrics/job@base64/***",
        "/metrics/job@base64/=", "/metrics/job/a/odd", "/metrics/other/a", "/metrics/job",
        "/metrics/job/a/1/1/2/2/3/3/4/4/5/5/6/6/7/7/8/8/9/9/10/10/11/11"}) {
    EXPECT_EQ(Call(HttpMethod::kPut, path, "m").status, 400) << path;
  }
  EXPECT_EQ(Call(HttpMethod::kGet, "/metrics/job/a").status, 405);
  EXPECT_FALSE(ReadGroupingKey({"metrics", "job"}).ok());
  EXPECT_FALSE(ReadGroupingKey({"metrics", "other", "a"}).ok());
}

TEST_F(PushGatewayTest, DeletesAreAccepted) {
  Call(HttpMethod::kPut, "/metrics/job/a", "m");
  EXPECT_EQ(Call(HttpMethod::kDelete, "/metrics/job/a").status, 202);
  EXPECT_TRUE(groups_.groups_.empty());
  EXPECT_EQ(Call(HttpMethod::kDelete, "/metrics/job/a").status, 202);
}

TEST_F(PushGatewayTest, GroupsAreListed) {
  type_ = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily";
  Call(HttpMethod::kPut, "/metrics/job/a", "m");
  const RecordedResponse response = Call(HttpMethod::kGet, "/api/v1/metrics");
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_THAT(response.body, HasSubstr(R"({"status":"success","data":[{"labels":{"job":"a"},)"
                                       R"("last_push_successful":true,"push_time_seconds":)"));
  EXPECT_THAT(response.body, HasSubstr(R"("m":{"time_stamp":)"));
  EXPECT_THAT(response.body, HasSubstr(R"("type":"GAUGE","help":"protobuf","metrics":[{"labels":)"
                                       R"({"job":"a","l":"v"},"value":"7"}])"));
}

TEST_F(PushGatewayTest, FailuresHaveTheirCodes) {
  groups_.failure_ = absl::InvalidArgumentError("text format parsing error");
  EXPECT_EQ(Call(HttpMethod::kPut, "/metrics/job/a", "m").status, 400);
  groups_.failure_ = absl::UnavailableError("away");
  EXPECT_EQ(Call(HttpMethod::kPut, "/metrics/job/a", "m").status, 503);
  groups_.failure_ = absl::OutOfRangeError("large");
  EXPECT_EQ(Call(HttpMethod::kPut, "/metrics/job/a", "m").status, 413);
}

}  // namespace
}  // namespace tidegate::api
