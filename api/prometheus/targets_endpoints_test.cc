#include "api/prometheus/targets_endpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/api_call.h"

namespace tidegate::api {
namespace {

using testing::HasSubstr;
using testing::Not;

// Two targets of pool a, one of them never scraped; one that pool b drops.
class SomeTargets final : public control::Targets {
 public:
  absl::StatusOr<control::TargetList> List(const model::RequestContext& context) override {
    if (context.tenant != "default") return absl::UnavailableError("not here");
    control::TargetList list;
    list.pools = {"b", "a"};
    control::TargetStatus down;
    down.pool = "a";
    down.discovered = model::Labels{{"__address__", "h:1"}};
    down.labels = model::Labels{{"instance", "h:1"}, {"job", "a"}};
    down.url = "http://h:1/metrics";
    down.interval = absl::Seconds(15);
    down.timeout = absl::Seconds(10);
    down.scraped = true;
    down.result = control::ScrapeResult::kTimeout;
    down.last_error = "too slow";
    down.last_scrape = absl::FromUnixMillis(1'700'000'000'500);
    down.last_duration = absl::Milliseconds(250);
    control::TargetStatus fresh = down;
    fresh.scraped = false;
    fresh.last_error = "";
    fresh.last_duration = absl::ZeroDuration();
    list.active = {down, fresh};
    list.dropped = {{"b", model::Labels{{"__address__", "h:2"}}}};
    list.dropped_by_pool = {{"a", 0}, {"b", 7}};
    return list;
  }
  absl::StatusOr<std::vector<control::TargetMetadata>> Metadata(
      const model::RequestContext&, const std::string& metric) override {
    std::vector<control::TargetMetadata> all;
    for (const char* job : {"a", "b"}) {
      for (const char* family : {"x", "y"}) {
        if (!metric.empty() && metric != family) continue;
        all.push_back({model::Labels{{"job", job}},
                       {family, model::MetricType::kCounter, "Help.", "seconds"}});
      }
    }
    return all;
  }
  absl::StatusOr<std::vector<control::RelabelStep>> RelabelSteps(
      const model::RequestContext&, const std::string& pool, const model::Labels& labels) override {
    if (pool != "a") return absl::InvalidArgumentError("there is no such job");
    control::RelabelStep step;
    step.rule.source_labels = {"x"};
    step.rule.action = model::RelabelAction::kDrop;
    step.output = labels;
    return std::vector<control::RelabelStep>{step, {{}, {}, false}};
  }
};

class TargetsEndpointsTest : public testing::Test {
 protected:
  ApiCall Targets() { return ApiCall(TargetsEndpoint(&targets_)); }
  ApiCall Metadata() { return ApiCall(TargetMetadataEndpoint(&targets_)); }

  SomeTargets targets_;
};

constexpr char kDropped[] =
    R"("droppedTargets":[{"discoveredLabels":{"__address__":"h:2"},"scrapePool":"b"}])";

TEST_F(TargetsEndpointsTest, EverythingAboutATarget) {
  const std::string body = Targets().Body();
  EXPECT_THAT(
      body,
      HasSubstr(
          R"({"discoveredLabels":{"__address__":"h:1"},"labels":{"instance":"h:1","job":"a"},)"
          R"("scrapePool":"a","scrapeUrl":"http://h:1/metrics","globalUrl":"http://h:1/metrics",)"
          R"("lastError":"too slow","lastScrape":"2023-11-14T22:13:20.5Z",)"
          R"("lastScrapeDuration":0.25,"health":"down","scrapeInterval":"15s",)"
          R"("scrapeTimeout":"10s"})"));
  EXPECT_THAT(body, HasSubstr(R"("lastScrape":"0001-01-01T00:00:00Z","lastScrapeDuration":0,)"
                              R"("health":"unknown")"));
  EXPECT_THAT(body, HasSubstr(kDropped));
  EXPECT_THAT(body, HasSubstr(R"("droppedTargetCounts":{"a":0,"b":7})"));
}

TEST_F(TargetsEndpointsTest, StateChooses) {
  const std::string active = Targets().With("state", "Active").Body();
  EXPECT_THAT(active, HasSubstr(R"("health":"down")"));
  EXPECT_THAT(active, HasSubstr(R"("droppedTargets":[],"droppedTargetCounts":null)"));
  const std::string dropped = Targets().With("state", "dropped").Body();
  EXPECT_THAT(dropped, HasSubstr(R"("activeTargets":[])"));
  EXPECT_THAT(dropped, HasSubstr(kDropped));
  EXPECT_EQ(Targets().With("state", "any").Body(), Targets().Body());
}

TEST_F(TargetsEndpointsTest, APoolChooses) {
  const std::string body = Targets().With("scrapePool", "b").Body();
  EXPECT_THAT(body, HasSubstr(R"("activeTargets":[])"));
  EXPECT_THAT(body, HasSubstr(kDropped));
  EXPECT_THAT(body, HasSubstr(R"("droppedTargetCounts":{"b":7})"));
}

TEST_F(TargetsEndpointsTest, MetadataByTargetAndMetric) {
  const std::string body = Metadata().With("match_target", "{job=\"a\"}").Body();
  EXPECT_THAT(body, HasSubstr(R"({"target":{"job":"a"},"metric":"x","type":"counter",)"
                              R"("help":"Help.","unit":"seconds"})"));
  EXPECT_THAT(body, Not(HasSubstr(R"("job":"b")")));
  EXPECT_THAT(Metadata().With("metric", "y").Body(),
              HasSubstr(R"([{"target":{"job":"a"},"type":"counter")"));
  EXPECT_EQ(Metadata().With("metric", "y").With("limit", "1").Body(),
            R"({"status":"success","data":[{"target":{"job":"a"},"type":"counter",)"
            R"("help":"Help.","unit":"seconds"}]})");
  EXPECT_EQ(Metadata().With("limit", "x").Get().status, 400);
  EXPECT_EQ(Metadata().With("match_target", "{").Get().status, 400);
}

TEST_F(TargetsEndpointsTest, StepsOfRelabelling) {
  const auto steps = [this](const std::string& pool, const std::string& labels) {
    return ApiCall(RelabelStepsEndpoint(&targets_))
        .With("scrapePool", pool)
        .With("labels", labels)
        .Get();
  };
  EXPECT_EQ(
      steps("a", R"({"__address__":"h:1","x":""})").body,
      R"j({"status":"success","data":{"steps":[{"rule":{"sourceLabels":["x"],"separator":";",)j"
      R"j("regex":"(.*)","replacement":"$1","action":"drop"},"output":{"__address__":"h:1"},)j"
      R"j("keep":true},{"rule":{"separator":";","regex":"(.*)","replacement":"$1",)j"
      R"j("action":"replace"},"output":{},"keep":false}]}})j");
  EXPECT_THAT(steps("", "{}").body, HasSubstr("no scrapePool parameter provided"));
  EXPECT_THAT(steps("a", "").body, HasSubstr("no labels parameter provided"));
  EXPECT_THAT(steps("a", "[1]").body, HasSubstr("error parsing labels"));
  EXPECT_THAT(steps("a", R"({"x":1})").body, HasSubstr("every value must be a text"));
  EXPECT_EQ(steps("b", R"({"x":"1"})").status, 400);
}

TEST_F(TargetsEndpointsTest, PoolsAreSorted) {
  EXPECT_EQ(ApiCall(ScrapePoolsEndpoint(&targets_)).Body(),
            R"({"status":"success","data":{"scrapePools":["a","b"]}})");
}

TEST_F(TargetsEndpointsTest, WhoCannotTellDoesNotClaimThatThereAreNone) {
  auto call = Targets();
  call.tenants().Add("other");
  EXPECT_EQ(call.Header("X-Scope-OrgID", "other").Get().status, 503);
}

}  // namespace
}  // namespace tidegate::api
