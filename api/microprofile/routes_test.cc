// What the test kit of MicroProfile Metrics 1.1 asks over REST, as far as it is not about a virtual
// machine or a bean of its own; the metrics of its bean are made here by hand.
#include "api/microprofile/routes.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <sstream>

#include "api/http/target.h"
#include "model/config/config_tenant_registry.h"

namespace tidegate::api {
namespace {

namespace json = boost::json;

class Recorder final : public ResponseWriter {
 public:
  void AddHeader(std::string, std::string) override {}
  void Send(HttpResponse response) override { answer = std::move(response); }
  void Begin(HttpResponse) override {}
  bool Write(std::string_view) override { return true; }
  void End() override {}

  HttpResponse answer;
};

class MicroProfileTest : public testing::Test {
 protected:
  MicroProfileTest() {
    AddMicroProfileRoutes(&resolver_, registry_, {{"tier", "integration"}}, &router_);
  }

  HttpResponse Ask(HttpMethod method, std::string_view path, std::string_view accept) {
    HttpRequest request;
    request.method = method;
    request.target = path;
    request.segments = DecodePath(path).value();
    if (!accept.empty()) request.headers.Add("Accept", accept);
    const RouteMatch match = router_.Find(method, request.segments);
    HttpResponse none;
    none.status = match.status;
    if (match.route == nullptr) return none;
    request.path = match.path;
    Recorder recorder;
    match.route->handler(request, recorder);
    return recorder.answer;
  }

  HttpResponse Get(std::string_view path, std::string_view accept = "text/plain") {
    return Ask(HttpMethod::kGet, path, accept);
  }

  json::object Json(HttpMethod method, std::string_view path) {
    const HttpResponse answer = Ask(method, path, "application/json");
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_EQ(answer.content_type, "application/json");
    return json::parse(answer.body).as_object();
  }

  // As the kit's bean has them, where prometheus-cpp's names allow it.
  void SetUpApplicationMetrics() {
    prometheus::BuildCounter().Name("greenCount").Help("").Register(*registry_).Add({});
    prometheus::BuildCounter()
        .Name("purple")
        .Help("")
        .Register(*registry_)
        .Add({{"app", "myShop"}});
    prometheus::BuildGauge().Name("cost_bytes").Help("").Register(*registry_).Add({}).Set(19);
    auto& histogram = registry_->AddHistogram("test_histogram", "", {1});
    for (int i = 0; i < 500; ++i) {
      histogram.Observe(i);
      histogram.Observe(999 - i);
    }
    registry_->AddMeter("meterMeA", "").Mark(1);
    registry_->AddTimer("test_timer_seconds", "", {1}).Observe(0.25);
  }

  model::ConfigTenantRegistry tenants_{model::ConfigFile()};
  TenantResolver resolver_{&tenants_, false};
  std::shared_ptr<model::MetricsRegistry> registry_ = std::make_shared<model::MetricsRegistry>();
  Router router_;
};

TEST_F(MicroProfileTest, ContentTypesFollowAccept) {
  EXPECT_EQ(Get("/metrics", "application/json").content_type, "application/json");
  EXPECT_EQ(Get("/metrics", "application/json").status, 200);
  for (const char* accept : {"text/plain", "", "*/*", "text/plain;q=0.5, application/json;q=0.4",
                             "application/openmetrics-text;q=0.9,text/plain;version=0.0.4;q=0.5"}) {
    const HttpResponse answer = Get("/metrics", accept);
    EXPECT_EQ(answer.status, 200) << accept;
    EXPECT_EQ(answer.content_type, "text/plain; version=0.0.4; charset=utf-8") << accept;
  }
}

TEST_F(MicroProfileTest, NothingAcceptableIs406) {
  EXPECT_EQ(Get("/metrics", "image/png").status, 406);
  EXPECT_EQ(Get("/metrics/base", "text/html").status, 406);
  EXPECT_EQ(Ask(HttpMethod::kOptions, "/metrics", "text/plain").status, 406);
  EXPECT_EQ(Ask(HttpMethod::kOptions, "/metrics/base/thread.count", "text/plain").status, 406);
  EXPECT_EQ(Ask(HttpMethod::kOptions, "/metrics", "").status, 200);
}

TEST_F(MicroProfileTest, BadSubTreesAre404) {
  EXPECT_EQ(Get("/metrics/bad-tree").status, 404);
  EXPECT_EQ(Get("/metrics/base/nothing.like.it").status, 404);
  EXPECT_EQ(Get("/metrics/base/thread.count/more").status, 404);
  EXPECT_EQ(Ask(HttpMethod::kOptions, "/metrics/bad-tree", "application/json").status, 404);
  EXPECT_EQ(Ask(HttpMethod::kOptions, "/metrics/base/nothing", "application/json").status, 404);
}

TEST_F(MicroProfileTest, OtherMethodsAre405) {
  for (const char* path : {"/metrics", "/metrics/base", "/metrics/base/thread.count"}) {
    EXPECT_EQ(Ask(HttpMethod::kPost, path, "").status, 405) << path;
    EXPECT_EQ(Ask(HttpMethod::kDelete, path, "").status, 405) << path;
    EXPECT_EQ(Ask(HttpMethod::kHead, path, "").status, 200) << path;
  }
}

TEST_F(MicroProfileTest, AScopeWithoutMetricsIs204) {
  EXPECT_EQ(Get("/metrics/application").status, 204);
  EXPECT_EQ(Ask(HttpMethod::kOptions, "/metrics/vendor", "application/json").status, 204);
  EXPECT_EQ(Get("/metrics/application/a").status, 404);
}

TEST_F(MicroProfileTest, AllScopesAreListedThatHaveMetrics) {
  json::object tree = Json(HttpMethod::kGet, "/metrics");
  EXPECT_TRUE(tree.contains("base"));
  EXPECT_FALSE(tree.contains("application"));
  SetUpApplicationMetrics();
  tree = Json(HttpMethod::kGet, "/metrics");
  EXPECT_GT(tree.at("application").as_object().size(), 0u);
  EXPECT_GT(Json(HttpMethod::kOptions, "/metrics").at("base").as_object().size(), 5u);
}

TEST_F(MicroProfileTest, BaseMetricsAreThere) {
  EXPECT_GE(Json(HttpMethod::kGet, "/metrics/base").at("thread.max.count").to_number<int>(), 1);
  const json::object one = Json(HttpMethod::kGet, "/metrics/base/thread.max.count");
  EXPECT_EQ(one.size(), 1u);
  EXPECT_GE(one.at("thread.max.count").to_number<int>(), 1);
  for (const char* path : {"/metrics/base", "/metrics/base/thread.max.count"}) {
    const std::string text = Get(path).body;
    EXPECT_NE(text.find("# TYPE base:thread_max_count counter\n"), std::string::npos) << path;
    EXPECT_NE(text.find("base:thread_max_count{tier=\"integration\"} "), std::string::npos) << path;
  }
}

TEST_F(MicroProfileTest, BaseMetadata) {
  const json::object metadata = Json(HttpMethod::kOptions, "/metrics/base");
  const json::object values = Json(HttpMethod::kGet, "/metrics/base");
  EXPECT_EQ(metadata.size(), values.size());
  for (const auto& [name, about] : metadata) {
    EXPECT_TRUE(values.contains(name)) << name;
    const json::object one = Json(HttpMethod::kOptions, "/metrics/base/" + std::string(name));
    EXPECT_EQ(one.at(name).at("type"), about.at("type")) << name;
    EXPECT_EQ(one.at(name).at("unit"), about.at("unit")) << name;
    EXPECT_NE(std::string(about.at("tags").as_string()).find("tier=integration"),
              std::string::npos);
  }
  EXPECT_EQ(metadata.at("memory.usedHeap").at("unit"), "bytes");
  EXPECT_EQ(metadata.at("jvm.uptime").at("unit"), "milliseconds");
}

TEST_F(MicroProfileTest, TextHasNoBadCharacters) {
  SetUpApplicationMetrics();
  std::istringstream lines(Get("/metrics").body);
  size_t samples = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#")) continue;
    const std::string name = line.substr(0, line.find_first_of("{ "));
    EXPECT_EQ(name.find_first_of("-."), std::string::npos) << line;
    EXPECT_EQ(line.find("__"), std::string::npos) << line;
    EXPECT_EQ(line.find(' '), line.rfind(' ')) << line;
    ++samples;
  }
  EXPECT_GT(samples, 30u);
}

TEST_F(MicroProfileTest, TypesInTextAreThoseOfTheMetadata) {
  const std::string text = Get("/metrics/base").body;
  const std::map<std::string, std::string> wanted = {
      {"thread_count", "counter"},         {"memory_used_heap_bytes", "gauge"},
      {"memory_max_heap_bytes", "gauge"},  {"cpu_available_processors", "gauge"},
      {"jvm_uptime_seconds", "gauge"},     {"cpu_process_cpu_load_percent", "gauge"},
      {"cpu_system_load_average", "gauge"}};
  for (const auto& [name, type] : wanted) {
    EXPECT_NE(text.find("# TYPE base:" + name + " " + type + "\n"), std::string::npos) << name;
  }
}

TEST_F(MicroProfileTest, ApplicationMetricsInJson) {
  SetUpApplicationMetrics();
  const json::object values = Json(HttpMethod::kGet, "/metrics/application");
  EXPECT_EQ(values.at("greenCount").to_number<int>(), 0);
  EXPECT_EQ(values.at("cost").to_number<int>(), 19);
  const json::object& histogram = values.at("test.histogram").as_object();
  const std::map<std::string, double> wanted = {
      {"count", 1000}, {"max", 999}, {"mean", 499.5}, {"min", 0},   {"p50", 499},
      {"p75", 749},    {"p95", 949}, {"p98", 979},    {"p99", 989}, {"p999", 998}};
  // A second may begin between two values, which shifts weights a little.
  for (const auto& [key, value] : wanted) {
    EXPECT_NEAR(histogram.at(key).to_number<double>(), value, 16) << key;
  }
  EXPECT_TRUE(histogram.contains("stddev"));
  EXPECT_EQ(values.at("meterMeA").at("count").to_number<int>(), 1);
  EXPECT_EQ(values.at("test.timer").at("max").to_number<double>(), 250000000);
}

TEST_F(MicroProfileTest, TagsOfAMetric) {
  SetUpApplicationMetrics();
  const json::object about = Json(HttpMethod::kOptions, "/metrics/application/purple.myShop");
  EXPECT_EQ(about.at("purple.myShop").at("tags"), "tier=integration,app=myShop");
  EXPECT_NE(Get("/metrics/application/purple.myShop")
                .body.find("{tier=\"integration\",app=\"myShop\"} 0\n"),
            std::string::npos);
}

TEST_F(MicroProfileTest, ConvertsToBaseUnits) {
  SetUpApplicationMetrics();
  EXPECT_NE(Get("/metrics/application").body.find("# TYPE application:cost_bytes gauge\n"),
            std::string::npos);
  EXPECT_EQ(Json(HttpMethod::kOptions, "/metrics/application/cost").at("cost").at("unit"), "bytes");
}

TEST_F(MicroProfileTest, ATimersUnitIsNanoseconds) {
  SetUpApplicationMetrics();
  const json::object about = Json(HttpMethod::kOptions, "/metrics/application/test.timer");
  EXPECT_EQ(about.at("test.timer").at("unit"), "nanoseconds");
  EXPECT_EQ(about.at("test.timer").at("type"), "timer");
}

TEST(ParseTags, NamesAndValues) {
  EXPECT_EQ(*ParseTags("tier=integration,app=a=b"),
            (Tags{{"tier", "integration"}, {"app", "a=b"}}));
  EXPECT_EQ(*ParseTags(""), Tags());
  for (const char* broken : {"a", "=b", "a=", "a=b,", ",a=b"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseTags(broken).status())) << broken;
  }
}

}  // namespace
}  // namespace tidegate::api
