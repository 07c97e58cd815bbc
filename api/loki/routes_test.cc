#include "api/loki/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include <string>

#include "api/http/target.h"
#include "api/testing/fake_log_query_service.h"
#include "api/testing/fake_tenants.h"
#include "api/testing/recorded_response.h"
#include "model/metrics/metrics_registry.h"

namespace tidegate::api {
namespace {

using testing::HasSubstr;

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kNow = 1'700'000'000 * kSecond;
constexpr int64_t kHour = 3600 * kSecond;

class LokiApiTest : public testing::Test {
 protected:
  LokiApiTest() {
    clock_.SetMs(kNow / 1'000'000);
    LokiApi api;
    api.resolver = &resolver_;
    api.logs = &logs_;
    api.clock = &clock_;
    api.journal = &journal_;
    api.build = {"3.7.0", "revision", "date"};
    AddLokiRoutes(api, &router_);
  }

  RecordedResponse Get(std::string_view path,
                       std::initializer_list<std::pair<std::string, std::string>> parameters = {}) {
    request_.query = Parameters();
    for (const auto& [name, value] : parameters) request_.query.Add(name, value);
    const RouteMatch match = router_.Find(request_.method, *DecodePath(path));
    RecordedResponse response;
    if (match.route == nullptr) {
      response.status = match.status;
      return response;
    }
    request_.path = match.path;
    match.route->handler(request_, response);
    EXPECT_EQ(response.answers, 1);
    return response;
  }

  model::ManualClock clock_;
  model::MetricsRegistry registry_;
  QueryJournal journal_{{}, &clock_, &registry_};
  FakeTenants tenants_;
  TenantResolver resolver_{&tenants_, /*trust_org_id=*/true};
  FakeLogQueryService logs_;
  Router router_;
  HttpRequest request_;
};

TEST_F(LokiApiTest, DrilldownTakesPartsOfWideAnswers) {
  const std::pair<std::string_view, bool> tags[] = {{"", false},
                                                    {"Source=logvolhist", false},
                                                    {"Source=grafana-lokiexplore-app", true},
                                                    {"a=b, source=Grafana-LokiExplore-App", true}};
  for (const auto& [tag, partial] : tags) {
    request_.headers.Clear();
    request_.headers.Add("X-Query-Tags", tag);
    Get("/loki/api/v1/query_range", {{"query", "{app=\"a\"}"}});
    EXPECT_EQ(logs_.range.partial_series, partial) << tag;
    Get("/loki/api/v1/query", {{"query", "vector(1)"}});
    EXPECT_EQ(logs_.instant.partial_series, partial) << tag;
  }
}

TEST_F(LokiApiTest, QueryRangeAsksAndAnswers) {
  query::LogStream stream;
  stream.labels = stream.stream_labels = model::Labels{{"app", "a"}};
  stream.entries.push_back({5, "line", {}, {}});
  logs_.result.value = query::StreamsResult{{stream}};
  const RecordedResponse response =
      Get("/loki/api/v1/query_range", {{"query", "{app=\"a\"}"}, {"limit", "7"}});
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body,
              HasSubstr(R"({"status":"success","data":{"resultType":"streams",)"
                        R"("result":[{"stream":{"app":"a"},"values":[["5","line"]]}])"));
  EXPECT_EQ(logs_.range.query, "{app=\"a\"}");
  EXPECT_EQ(logs_.range.start, kNow - kHour);
  EXPECT_EQ(logs_.range.limit, 7u);
  EXPECT_EQ(logs_.tenant, "default");
}

TEST_F(LokiApiTest, QueriesAreInTheJournal) {
  logs_.result.value = query::StreamsResult{};
  Get("/loki/api/v1/query_range", {{"query", "{app=\"a\"}"}});
  Get("/loki/api/v1/query", {{"query", "sum(rate({app=\"a\"}[1m]))"}});
  EXPECT_THAT(
      prometheus::TextSerializer().Serialize(registry_.Collect()),
      HasSubstr(
          R"(tidegate_query_requests_total{language="logql",result="ok",tenant="default"} 2)"));
}

TEST_F(LokiApiTest, QueriesThatALimitRefusesAreCounted) {
  model::TenantLimits limits;
  limits.logs.max_entries_limit_per_query = 10;
  limits.logs.max_query_length = absl::Hours(2);
  tenants_.Add("default", limits);
  EXPECT_EQ(Get("/loki/api/v1/query_range", {{"query", "{a=\"b\"}"}, {"limit", "11"}}).status, 400);
  EXPECT_EQ(
      Get("/loki/api/v1/query_range", {{"query", "{a=\"b\"}"}, {"limit", "10"}, {"since", "3h"}})
          .status,
      400);
  const std::string metrics = prometheus::TextSerializer().Serialize(registry_.Collect());
  for (const std::string limit : {"max_entries_limit_per_query", "max_query_length"}) {
    EXPECT_THAT(metrics, HasSubstr("tidegate_query_rejected_total{reason=\"" + limit +
                                   "\",tenant=\"default\"} 1"));
  }
}

TEST_F(LokiApiTest, TheHeaderAsksForCategories) {
  logs_.result.value = query::StreamsResult();
  request_.headers.Add("X-Loki-Response-Encoding-Flags", "categorize-labels");
  EXPECT_THAT(Get("/loki/api/v1/query_range").body,
              HasSubstr(R"("encodingFlags":["categorize-labels"])"));
}

TEST_F(LokiApiTest, ErrorsArePlainText) {
  const struct {
    absl::Status failure;
    int status;
    const char* text;
  } kCases[] = {
      {absl::InvalidArgumentError("parse error : x"), 400, "parse error : x\n"},
      {absl::ResourceExhaustedError("too many series"), 400, "too many series\n"},
      {absl::CancelledError("gone"), 499, "the request was cancelled by the client\n"},
      {absl::DeadlineExceededError("late"), 504, "request timed out, decrease"},
      {absl::UnavailableError("starting"), 503, "starting\n"},
      {absl::InternalError("bug"), 500, "bug\n"},
  };
  for (const auto& expected : kCases) {
    logs_.failure = expected.failure;
    const RecordedResponse response = Get("/loki/api/v1/query");
    EXPECT_EQ(response.status, expected.status);
    EXPECT_THAT(response.body, HasSubstr(expected.text));
    EXPECT_EQ(response.content_type, kTextPlain);
  }
  EXPECT_EQ(Get("/loki/api/v1/query_range", {{"limit", "0"}}).body,
            "limit must be a positive value\n");
}

TEST_F(LokiApiTest, LabelsAreThoseOfSixHours) {
  logs_.strings = {"app", "env"};
  for (const char* path : {"/loki/api/v1/labels", "/loki/api/v1/label"}) {
    EXPECT_EQ(Get(path).body, R"({"status":"success","data":["app","env"]})");
    EXPECT_EQ(logs_.labels.range, (storage::LogRange{kNow - 6 * kHour, kNow}));
    EXPECT_TRUE(logs_.labels.matches.empty());
  }
  EXPECT_EQ(Get("/loki/api/v1/label/app/values", {{"query", "{env=\"x\"}"}}).status, 200);
  EXPECT_EQ(logs_.text, "app");
  EXPECT_EQ(logs_.labels.matches, std::vector<std::string>{"{env=\"x\"}"});
  logs_.strings.clear();
  EXPECT_EQ(Get("/loki/api/v1/labels").body, R"({"status":"success"})");
}

TEST_F(LokiApiTest, Series) {
  logs_.series = {model::Labels{{"app", "a"}}};
  EXPECT_EQ(Get("/loki/api/v1/series", {{"match[]", "{app=\"a\"}"}, {"match", "{b=\"c\"}"}}).body,
            R"({"status":"success","data":[{"app":"a"}]})");
  EXPECT_EQ(logs_.labels.matches.size(), 2u);
  Get("/loki/api/v1/series", {{"match[]", "{}"}});
  EXPECT_TRUE(logs_.labels.matches.empty());
}

TEST_F(LokiApiTest, IndexStats) {
  logs_.stats = {1, 2, 3, 4};
  EXPECT_EQ(Get("/loki/api/v1/index/stats", {{"query", "{app=\"a\"}"}}).body,
            R"({"streams":1,"chunks":2,"bytes":3,"entries":4})");
  EXPECT_EQ(logs_.text, "{app=\"a\"}");
}

TEST_F(LokiApiTest, Volume) {
  logs_.result.value = query::VectorResult();
  EXPECT_EQ(Get("/loki/api/v1/index/volume", {{"query", "{}"},
                                              {"targetLabels", "app,env"},
                                              {"limit", "5000"},
                                              {"aggregateBy", "labels"}})
                .status,
            200);
  EXPECT_EQ(logs_.volume.target_labels, (std::vector<std::string>{"app", "env"}));
  EXPECT_EQ(logs_.volume.limit, 1000u);
  EXPECT_TRUE(logs_.volume.aggregate_by_labels);
  EXPECT_EQ(logs_.volume.step_ns, 0);
  EXPECT_EQ(Get("/loki/api/v1/index/volume_range", {{"step", "60"}}).status, 200);
  EXPECT_EQ(logs_.volume.step_ns, 60 * kSecond);
  EXPECT_EQ(Get("/loki/api/v1/index/volume", {{"aggregateBy", "x"}}).body,
            "invalid aggregation option\n");
}

TEST_F(LokiApiTest, Detected) {
  logs_.detected_labels = {{"app", 3}};
  EXPECT_EQ(Get("/loki/api/v1/detected_labels").body,
            R"({"detectedLabels":[{"label":"app","cardinality":3}]})");
  logs_.detected_fields = {{"status", "int", 2, {"json"}, {"http", "status"}},
                           {"trace_id", "string", 9, {}, {}}};
  EXPECT_EQ(Get("/loki/api/v1/detected_fields", {{"line_limit", "50"}, {"field_limit", "20"}}).body,
            R"({"fields":[{"label":"status","type":"int","cardinality":2,"parsers":["json"],)"
            R"("jsonPath":["http","status"]},{"label":"trace_id","type":"string","cardinality":9,)"
            R"("parsers":null}],"limit":20})");
  EXPECT_EQ(logs_.fields.line_limit, 50u);
  logs_.strings = {"200"};
  EXPECT_EQ(Get("/loki/api/v1/detected_field/status/values", {{"limit", "3"}}).body,
            R"({"values":["200"],"limit":3})");
  EXPECT_EQ(logs_.text, "status");
}

TEST_F(LokiApiTest, Patterns) {
  logs_.patterns = {{"<_> started", "info", {{1'700'000'000, 4}}}};
  EXPECT_EQ(Get("/loki/api/v1/patterns").body,
            R"({"status":"success","data":[{"pattern":"<_> started","level":"info",)"
            R"("samples":[[1700000000,4]]}]})");
}

TEST_F(LokiApiTest, FormatQuery) {
  EXPECT_EQ(Get("/loki/api/v1/format_query", {{"query", "q"}}).body,
            R"({"status":"success","data":"formatted q"})");
  logs_.failure = absl::InvalidArgumentError("parse error : x");
  const RecordedResponse response = Get("/loki/api/v1/format_query", {{"query", "q"}});
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, R"({"status":"invalid-query","error":"parse error : x"})");
}

TEST_F(LokiApiTest, AboutItself) {
  EXPECT_THAT(Get("/loki/api/v1/status/buildinfo").body, HasSubstr(R"("version":"3.7.0")"));
  EXPECT_THAT(Get("/loki/api/v1/drilldown-limits").body,
              testing::AllOf(HasSubstr(R"("pattern_ingester_enabled":true)"),
                             HasSubstr(R"("volume_max_series":1000)")));
  EXPECT_THAT(Get("/config/tenant/v1/limits").body, HasSubstr("discover_log_levels: true"));
}

TEST_F(LokiApiTest, TailingIsForWebSockets) {
  EXPECT_EQ(Get("/loki/api/v1/tail").body, "tailing needs a WebSocket\n");
  const Route& tail = *router_.Find(HttpMethod::kGet, *DecodePath("/loki/api/v1/tail")).route;
  model::TenantLimits limits;
  limits.logs.max_concurrent_tail_requests = 1;
  tenants_.Add("small", limits);
  HttpRequest head;
  head.headers.Add("X-Scope-OrgID", "small");
  const WebSocketAdmission first = tail.web_socket(head);
  EXPECT_FALSE(first.refusal);
  EXPECT_EQ(tail.web_socket(head).refusal->body,
            "max concurrent tail requests limit exceeded, count > limit (2 > 1)\n");
  head.query.Add("delay_for", "6");
  EXPECT_EQ(tail.web_socket(head).refusal->body, "delay_for can't be greater than 5\n");
}

}  // namespace
}  // namespace tidegate::api
