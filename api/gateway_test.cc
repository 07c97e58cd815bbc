#include "api/gateway.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "api/testing/fake_ingester.h"
#include "api/testing/fake_query_service.h"
#include "api/testing/fake_tenants.h"
#include "api/testing/raw_client.h"
#include "model/metrics/metrics_registry.h"

namespace tidegate::api {
namespace {

using testing::HasSubstr;

constexpr std::string_view kForm = "Content-Type: application/x-www-form-urlencoded\r\n";
constexpr std::string_view kProtobuf =
    "Content-Type: application/x-protobuf\r\nContent-Encoding: snappy\r\n"
    "X-Prometheus-Remote-Write-Version: 0.1.0\r\n";

// The whole front door over real sockets, with fakes behind it.
class GatewayTest : public testing::Test {
 protected:
  GatewayTest() {
    tenants_.Add("team-a");
    dependencies_.ingester = &ingester_;
    dependencies_.queries = &queries_;
    dependencies_.metadata = [](const model::RequestContext&, const std::string&) {
      return std::vector<model::MetricMetadata>{{"up", model::MetricType::kGauge, "Is it?", ""}};
    };
    dependencies_.tenants = &tenants_;
    dependencies_.clock = &clock_;
    dependencies_.metrics = std::make_shared<model::MetricsRegistry>();
    dependencies_.ready = [this] { return ready_; };
    options_.address = "127.0.0.1:0";
    options_.build = {"0.1.0", "3.14.0", "3.7.0", "abc", "2026-01-01"};
    options_.flags = {{"target", "all"}};
    dependencies_.config_yaml = [] { return "tenants: []\n"; };
  }

  void Start() {
    auto gateway = StartGateway(options_, dependencies_);
    ASSERT_TRUE(gateway.ok()) << gateway.status();
    gateway_ = *std::move(gateway);
    client_ = std::make_unique<RawClient>(gateway_->address());
  }

  RawResponse Get(std::string_view target, std::string_view headers = {}) {
    return client_->Ask("GET", target, {}, headers);
  }
  RawResponse PostForm(std::string_view target, std::string_view form) {
    return client_->Ask("POST", target, form, kForm);
  }

  void AnswerWithScalar(const std::string& query, double value, model::TimestampMs time) {
    query::QueryResult result;
    result.value = query::ScalarResult{{time, value}};
    queries_.WillAnswer(query, std::move(result));
  }

  FakeIngester ingester_;
  FakeQueryService queries_;
  FakeTenants tenants_;
  model::ManualClock clock_;
  absl::Status ready_;
  GatewayDependencies dependencies_;
  GatewayOptions options_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<RawClient> client_;
};

// --- What Grafana's Prometheus data source does, in its order ---

TEST_F(GatewayTest, GrafanaSavesAndTestsItsDataSource) {
  AnswerWithScalar("1+1", 2, 4000);
  Start();
  const RawResponse health = PostForm("/api/v1/query", "query=1%2B1&time=4");
  EXPECT_EQ(health.status, 200);
  EXPECT_EQ(health.headers.at("content-type"), "application/json");
  EXPECT_EQ(health.body, R"({"status":"success","data":{"resultType":"scalar","result":[4,"2"]}})");
  const RawResponse build = Get("/api/v1/status/buildinfo");
  EXPECT_THAT(build.body, HasSubstr(R"("version":"3.14.0")"));
  EXPECT_EQ(build.body.find("features"), std::string::npos);
  // Grafana only looks whether there is a ruler; this gateway has none behind it.
  EXPECT_EQ(Get("/api/v1/rules").status, 404);
}

TEST_F(GatewayTest, GrafanaAsksForExemplarsWithMillisecondsAtStart) {
  Start();
  const RawResponse response = PostForm("/prometheus/api/v1/query_exemplars",
                                        "query=test&start=1700000000000&end=1700003600000");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"status":"success","data":[]})");
}

TEST_F(GatewayTest, GrafanaDrawsAPanel) {
  query::ResultSeries series;
  series.labels = model::Labels({{"__name__", "up"}, {"job", "node"}});
  series.floats = {{1'700'000'000'000, 1}, {1'700'000'015'000, 0.5}};
  query::QueryResult result;
  result.value = query::MatrixResult{{series}};
  queries_.WillAnswer("rate(up[5m])", result);
  Start();
  const RawResponse response = client_->Ask(
      "POST", "/api/v1/query_range",
      "query=rate(up%5B5m%5D)&start=1700000000&end=1700000015.5&step=15&timeout=60s",
      "Content-Type: application/x-www-form-urlencoded\r\nX-Dashboard-UID: d\r\nX-Panel-Id: 2\r\n");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body,
            R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":)"
            R"({"__name__":"up","job":"node"},"values":[[1700000000,"1"],[1700000015,"0.5"]]}]}})");
  EXPECT_EQ(queries_.asked().range.end, 1'700'000'015'500);
}

TEST_F(GatewayTest, GrafanaFillsItsQueryBuilder) {
  queries_.SetSeries({model::Labels({{"__name__", "up"}, {"http.status", "200"}})});
  Start();
  EXPECT_EQ(Get("/api/v1/labels?start=1&end=2&limit=40000").body,
            R"({"status":"success","data":["__name__","http.status"]})");
  EXPECT_EQ(Get("/api/v1/label/__name__/values?match[]={job=\"a\"}&limit=40000").body,
            R"({"status":"success","data":["up"]})");
  EXPECT_EQ(Get("/api/v1/label/U__http_2e_status/values").body,
            R"({"status":"success","data":["200"]})");
  EXPECT_EQ(PostForm("/api/v1/series", "match%5B%5D=up&start=1&end=2").body,
            R"({"status":"success","data":[{"__name__":"up","http.status":"200"}]})");
  EXPECT_EQ(Get("/api/v1/metadata?limit=1000").body,
            R"({"status":"success","data":{"up":[{"type":"gauge","help":"Is it?","unit":""}]}})");
  EXPECT_EQ(PostForm("/api/v1/parse_query", "query=up").status, 200);
  EXPECT_EQ(Get("/api/v1/format_query?query=up").body,
            R"({"status":"success","data":"formatted up"})");
}

// --- The contract ---

TEST_F(GatewayTest, BothPrefixesServeTheSame) {
  Start();
  for (const char* path : {"status/flags", "status/config", "status/buildinfo", "labels"}) {
    const RawResponse plain = Get(std::string("/api/v1/") + path);
    EXPECT_EQ(plain.status, 200) << path;
    EXPECT_EQ(plain.body, Get(std::string("/prometheus/api/v1/") + path).body);
  }
  EXPECT_EQ(Get("/api/v1/status/runtimeinfo").status, 200);
}

TEST_F(GatewayTest, PostsOfJsonTakeParametersFromUrlOrBody) {
  AnswerWithScalar("up", 1, 1'621'894'796'000);
  Start();
  const std::string expected =
      R"({"status":"success","data":{"resultType":"scalar","result":[1621894796,"1"]}})";
  const std::string_view json = "Content-Type: application/json\r\n";
  EXPECT_EQ(client_->Ask("POST", "/prometheus/api/v1/query?query=up", {}, json).body, expected);
  EXPECT_EQ(client_->Ask("POST", "/prometheus/api/v1/query", R"({"query":"up"})", json).body,
            expected);
  EXPECT_EQ(Get("/prometheus/api/v1/query?query=up", json).body, expected);
}

TEST_F(GatewayTest, ErrorsAreJson) {
  Start();
  const RawResponse response = Get("/api/v1/query?query=up&time=now");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body,
            R"({"status":"error","errorType":"bad_data","error":"invalid parameter \"time\": )"
            R"(invalid time value for 'time': cannot parse \"now\" to a valid timestamp"})");
}

TEST_F(GatewayTest, GetOnlyEndpointsRefusePosts) {
  Start();
  const RawResponse response = PostForm("/api/v1/label/job/values", "limit=1");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.headers.at("allow"), "GET, HEAD, OPTIONS");
}

TEST_F(GatewayTest, BrowsersMayAskFromElsewhere) {
  Start();
  const RawResponse preflight =
      client_->Ask("OPTIONS", "/api/v1/query", {}, "Origin: http://grafana\r\n");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.headers.at("access-control-allow-origin"), "http://grafana");
  EXPECT_EQ(preflight.headers.at("access-control-allow-methods"), "GET, POST, OPTIONS");
}

TEST_F(GatewayTest, LargeResultsAreStreamedAndCompressed) {
  query::MatrixResult matrix;
  for (int s = 0; s < 200; ++s) {
    query::ResultSeries series;
    series.labels = model::Labels({{"s", std::to_string(s)}});
    for (int i = 0; i < 500; ++i) series.floats.push_back({i * 1000, i * 0.5});
    matrix.series.push_back(std::move(series));
  }
  query::QueryResult result;
  result.value = std::move(matrix);
  queries_.WillAnswer("big", std::move(result));
  Start();
  const RawResponse plain = Get("/api/v1/query?query=big");
  EXPECT_EQ(plain.headers.at("transfer-encoding"), "chunked");
  EXPECT_GT(plain.body.size(), 1'000'000u);
  EXPECT_THAT(plain.body, testing::EndsWith("[499,\"249.5\"]]}]}}"));
  const RawResponse zipped = Get("/api/v1/query?query=big", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(zipped.headers.at("content-encoding"), "gzip");
  std::string inflated(plain.body.size() + 1, '\0');
  z_stream stream = {};
  ASSERT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zipped.body.data()));
  stream.avail_in = static_cast<uInt>(zipped.body.size());
  stream.next_out = reinterpret_cast<Bytef*>(inflated.data());
  stream.avail_out = static_cast<uInt>(inflated.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  inflated.resize(stream.total_out);
  inflateEnd(&stream);
  EXPECT_TRUE(inflated == plain.body);
}

TEST_F(GatewayTest, PushesReachTheIngester) {
  Start();
  for (const char* path : {"/api/v1/push", "/api/v1/write"}) {
    const RawResponse response = client_->Ask("POST", path, "snappy", kProtobuf);
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(response.body, "");
  }
  ASSERT_EQ(ingester_.pushed().size(), 2u);
  EXPECT_EQ(ingester_.pushed()[1].body, "snappy");
  EXPECT_EQ(Get("/api/v1/push").status, 405);
}

TEST_F(GatewayTest, PushFailuresKeepTheConnection) {
  Start();
  ingester_.Fail(absl::UnavailableError("no space left"));
  const RawResponse response = client_->Ask("POST", "/api/v1/push", "x", kProtobuf);
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.headers.at("retry-after"), "1");
  EXPECT_EQ(response.body, "no space left\n");
  ingester_.Fail(absl::OkStatus());
  EXPECT_EQ(client_->Ask("POST", "/api/v1/push", "x", kProtobuf).status, 204);
}

TEST_F(GatewayTest, PushesThatAreTooLargeAreRefusedUnread) {
  model::TenantLimits limits;
  limits.max_body_bytes = 10;
  tenants_.Add("default", limits);
  Start();
  EXPECT_EQ(client_->Ask("POST", "/api/v1/push", std::string(11, 'x'), kProtobuf).status, 413);
  EXPECT_TRUE(ingester_.pushed().empty());
}

TEST_F(GatewayTest, TenantsAreToldApartWhereTheFieldIsTrusted) {
  options_.trust_org_id = true;
  AnswerWithScalar("up", 1, 0);
  Start();
  EXPECT_EQ(Get("/api/v1/query?query=up", "X-Scope-OrgID: team-a\r\n").status, 200);
  EXPECT_EQ(queries_.asked().context.tenant, "team-a");
  EXPECT_EQ(Get("/api/v1/query?query=up", "X-Scope-OrgID: team-b\r\n").status, 404);
  EXPECT_EQ(Get("/api/v1/query?query=up", "X-Scope-OrgID: a/b\r\n").status, 401);
  // Several tenants: all of them have to be there.
  EXPECT_EQ(Get("/api/v1/query?query=up", "X-Scope-OrgID: team-a|b\r\n").status, 404);
}

TEST_F(GatewayTest, AskForAKeyOnceThereIsOne) {
  model::ApiKey key;
  key.id = "dashboards";
  key.digest = model::DigestOf("s3cret");
  key.permissions.Add(model::Permission::kRead);
  tenants_.AddKey("team-a", key);
  AnswerWithScalar("up", 1, 0);
  Start();
  const RawResponse anonymous = Get("/api/v1/query?query=up");
  EXPECT_EQ(anonymous.status, 401);
  EXPECT_THAT(anonymous.body, HasSubstr("\"errorType\":\"unauthorized\""));
  EXPECT_EQ(anonymous.headers.at("www-authenticate"), "Bearer realm=\"tidegate\"");
  EXPECT_EQ(Get("/api/v1/query?query=up", "X-Api-Key: s3cret\r\n").status, 200);
  EXPECT_EQ(queries_.asked().context.tenant, "team-a");

  const std::string push_head = std::string(kProtobuf) + "X-Auth-Token: s3cret\r\n";
  EXPECT_EQ(client_->Ask("POST", "/api/v1/push", "body", kProtobuf).status, 401);
  client_ = std::make_unique<RawClient>(gateway_->address());  // Refused unread: the door closes.
  EXPECT_EQ(client_->Ask("POST", "/api/v1/push", "body", push_head).status, 403);
  client_ = std::make_unique<RawClient>(gateway_->address());
  EXPECT_TRUE(ingester_.pushed().empty());
}

TEST_F(GatewayTest, WhatTellsAboutTheProcessIsForAdministrators) {
  model::ApiKey key;
  key.id = "dashboards";
  key.digest = model::DigestOf("s3cret");
  key.permissions.Add(model::Permission::kRead);
  tenants_.AddKey("team-a", key);
  dependencies_.reload = [] { return absl::OkStatus(); };
  Start();
  for (const char* path : {"/-/metrics", "/metrics", "/metrics/base", "/api/v1/status/config",
                           "/api/v1/status/flags"}) {
    EXPECT_EQ(Get(path, "Authorization: Bearer s3cret\r\n").status, 403) << path;
  }
  EXPECT_EQ(client_->Ask("POST", "/-/flush", {}, "X-Api-Key: s3cret\r\n").status, 403);
  EXPECT_EQ(client_->Ask("POST", "/-/reload", {}, "X-Api-Key: s3cret\r\n").status, 403);
  EXPECT_EQ(Get("/-/ready").status, 200);
}

TEST_F(GatewayTest, ReloadSaysWhatIsWrongWithTheFile) {
  absl::Status answer;
  dependencies_.reload = [&answer] { return answer; };
  Start();
  EXPECT_EQ(client_->Ask("POST", "/-/reload").status, 200);
  answer = absl::InvalidArgumentError("line 3: tenants: must be a list");
  const RawResponse response = client_->Ask("POST", "/-/reload");
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body, HasSubstr("line 3"));
}

TEST_F(GatewayTest, ReadinessAndLiveness) {
  Start();
  EXPECT_EQ(Get("/-/ready").status, 200);
  EXPECT_EQ(client_->Ask("HEAD", "/-/healthy").status, 200);
  ready_ = absl::UnavailableError("replaying the log");
  const RawResponse response = Get("/-/ready");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, "replaying the log\n");
  EXPECT_EQ(Get("/-/healthy").status, 200);
}

TEST_F(GatewayTest, FlushSealsWhatIsOpen) {
  Start();
  EXPECT_EQ(client_->Ask("POST", "/-/flush").status, 204);
  EXPECT_EQ(ingester_.flushes(), 1);
  ingester_.Fail(absl::UnavailableError("the store is away"));
  EXPECT_EQ(client_->Ask("POST", "/-/flush").status, 503);
  EXPECT_EQ(Get("/-/flush").status, 405);
}

TEST_F(GatewayTest, OwnMetrics) {
  Start();
  Get("/-/healthy");
  const RawResponse response = Get("/-/metrics");
  EXPECT_EQ(response.headers.at("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(response.body,
              HasSubstr("tidegate_http_requests_total{code=\"200\",route=\"/-/healthy\"} 1"));
}

TEST_F(GatewayTest, HomePage) {
  Start();
  const RawResponse response = Get("/");
  EXPECT_EQ(response.headers.at("content-type"), "text/html; charset=utf-8");
  EXPECT_THAT(response.body, HasSubstr("--target=all"));
}

TEST_F(GatewayTest, EndpointsOfOtherTargetsSayWhereTheyAre) {
  options_.target = "store";
  dependencies_.ingester = nullptr;
  dependencies_.queries = nullptr;
  Start();
  for (const char* path : {"/api/v1/query", "/prometheus/api/v1/label/job/values"}) {
    const RawResponse response = Get(path);
    EXPECT_EQ(response.status, 404);
    EXPECT_THAT(response.body, HasSubstr("querier"));
  }
  const RawResponse push = client_->Ask("POST", "/api/v1/push");
  EXPECT_EQ(push.status, 404);
  EXPECT_THAT(push.body, HasSubstr("ingester"));
  EXPECT_EQ(Get("/-/ready").status, 200);
}

TEST_F(GatewayTest, NeedsItsDependencies) {
  dependencies_.tenants = nullptr;
  EXPECT_EQ(StartGateway(options_, dependencies_).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(GatewayTest, SaysWhenItCannotListen) {
  Start();
  options_.address = gateway_->address();
  EXPECT_EQ(StartGateway(options_, dependencies_).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(GatewayTest, ShutsDownOnce) {
  Start();
  // A connection that still waits to be accepted is reset by the kernel when listening ends.
  ASSERT_EQ(Get("/-/healthy").status, 200);
  gateway_->Shutdown(absl::Now() + absl::Seconds(5));
  EXPECT_TRUE(client_->ReadsEnd());
  gateway_->Shutdown(absl::Now());
}

}  // namespace
}  // namespace tidegate::api
