// What Grafana's Loki data source and Logs Drilldown ask, over a socket, and the fields that they
// read of the answers. The engine is a fake: this is about the door.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <memory>
#include <string>

#include "api/gateway.h"
#include "api/testing/fake_ingester.h"
#include "api/testing/fake_log_query_service.h"
#include "api/testing/fake_tenants.h"
#include "api/testing/raw_client.h"
#include "model/metrics/metrics_registry.h"

namespace tidegate::api {
namespace {

namespace json = boost::json;

class GrafanaLogs : public testing::Test {
 protected:
  GrafanaLogs() {
    clock_.SetMs(1'700'000'000'000);
    GatewayDependencies parts;
    parts.ingester = &ingester_;
    parts.log_queries = &logs_;
    parts.tenants = &tenants_;
    parts.clock = &clock_;
    parts.metrics = std::make_shared<model::MetricsRegistry>();
    parts.ready = [] { return absl::OkStatus(); };
    GatewayOptions options;
    options.address = "127.0.0.1:0";
    auto gateway = StartGateway(options, parts);
    EXPECT_TRUE(gateway.ok()) << gateway.status();
    gateway_ = *std::move(gateway);
    client_ = std::make_unique<RawClient>(gateway_->address());
  }

  json::value Ask(std::string_view target, std::string_view headers = {}) {
    const RawResponse response = client_->Ask("GET", target, {}, headers);
    EXPECT_EQ(response.status, 200) << target << ": " << response.body;
    boost::system::error_code error;
    json::value value = json::parse(response.body, error);
    EXPECT_FALSE(error) << response.body;
    return value;
  }

  FakeIngester ingester_;
  FakeLogQueryService logs_;
  FakeTenants tenants_;
  model::ManualClock clock_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<RawClient> client_;
};

TEST_F(GrafanaLogs, SaveAndTest) {
  query::ResultSeries two;
  two.floats = {{4000, 2}};
  logs_.result.value = query::VectorResult{{two}};
  const json::value answer = Ask(
      "/loki/api/v1/query?direction=backward&query=vector%281%29%2Bvector%281%29&time=4000000000");
  EXPECT_EQ(logs_.instant.query, "vector(1)+vector(1)");
  const json::value& data = answer.at("data");
  EXPECT_EQ(data.at("resultType").as_string(), "vector");
  ASSERT_EQ(data.at("result").as_array().size(), 1u);
  EXPECT_EQ(data.at("result").at(0).at("value").at(1).as_string(), "2");
}

TEST_F(GrafanaLogs, ExploreShowsLinesWithCategories) {
  query::LogStream stream;
  stream.labels = model::Labels{{"app", "a"}, {"detected_level", "info"}};
  stream.stream_labels = model::Labels{{"app", "a"}};
  stream.entries.push_back({7, "line", model::Labels{{"detected_level", "info"}}, {}});
  logs_.result.value = query::StreamsResult{{stream}};
  const json::value answer = Ask(
      "/loki/api/v1/query_range?direction=backward&end=1700000000000000000&limit=1000&"
      "query=%7Bapp%3D%22a%22%7D&start=1699996400000000000&step=15000ms",
      "X-Loki-Response-Encoding-Flags: categorize-labels\r\nX-Query-Tags: Source=datasample\r\n");
  EXPECT_EQ(logs_.range.step_ns, 15'000'000'000);
  EXPECT_EQ(logs_.range.limit, 1000u);
  const json::value& data = answer.at("data");
  EXPECT_EQ(data.at("encodingFlags").at(0).as_string(), "categorize-labels");
  const json::value& value = data.at("result").at(0).at("values").at(0);
  EXPECT_EQ(value.at(0).as_string(), "7");
  EXPECT_EQ(value.at(2).at("structuredMetadata").at("detected_level").as_string(), "info");
  EXPECT_TRUE(data.at("stats").at("summary").as_object().contains("totalBytesProcessed"));
}

TEST_F(GrafanaLogs, TheLogVolumePanelIsAMatrix) {
  query::ResultSeries series;
  series.labels = model::Labels{{"detected_level", "error"}};
  series.floats = {{1'700'000'000'000, 3}};
  logs_.result.value = query::MatrixResult{{series}};
  const json::value answer = Ask(
      "/loki/api/v1/query_range?direction=backward&end=1700000000000000000&"
      "query=sum%20by%20%28level%2C%20detected_level%29%20%28count_over_time%28%7Bapp%3D%22a%22%7D"
      "%20%7C%20drop%20__error__%5B1m%5D%29%29&start=1699996400000000000&step=60000ms");
  EXPECT_EQ(logs_.range.query,
            R"(sum by (level, detected_level) (count_over_time({app="a"} | drop __error__[1m])))");
  const json::value& series_json = answer.at("data").at("result").at(0);
  EXPECT_EQ(series_json.at("metric").at("detected_level").as_string(), "error");
  EXPECT_EQ(series_json.at("values").at(0).at(1).as_string(), "3");
}

TEST_F(GrafanaLogs, TheQueryBuilderAsksForLabels) {
  logs_.strings = {"app"};
  EXPECT_EQ(Ask("/loki/api/v1/labels?start=1699996400000000000&end=1700000000000000000")
                .at("data")
                .at(0)
                .as_string(),
            "app");
  Ask("/loki/api/v1/label/app/values?query=%7Benv%3D%22x%22%7D&start=1699996400000000000&"
      "end=1700000000000000000");
  EXPECT_EQ(logs_.labels.matches, std::vector<std::string>{R"({env="x"})"});
  logs_.series = {model::Labels{{"app", "a"}}};
  EXPECT_EQ(Ask("/loki/api/v1/series?match%5B%5D=%7Bapp%3D%22a%22%7D&start=1699996400000000000&"
                "end=1700000000000000000")
                .at("data")
                .at(0)
                .at("app")
                .as_string(),
            "a");
  EXPECT_TRUE(Ask("/loki/api/v1/index/stats?query=%7Bapp%3D%22a%22%7D&start=1&end=2")
                  .as_object()
                  .contains("bytes"));
}

TEST_F(GrafanaLogs, DrilldownAsksWithIsoTimes) {
  const std::string range = "start=2023-11-14T21:13:20.000Z&end=2023-11-14T22:13:20.000Z";
  query::ResultSeries volume;
  volume.labels = model::Labels{{"service_name", "shop"}};
  volume.floats = {{1'700'000'000'000, 1234}};
  logs_.result.value = query::VectorResult{{volume}};
  const json::value volumes =
      Ask("/loki/api/v1/index/volume?query=%7Bservice_name%3D~%22.%2B%22%7D&limit=5000&" + range,
          "X-Query-Tags: Source=grafana-lokiexplore-app\r\n");
  EXPECT_EQ(volumes.at("data").at("result").at(0).at("metric").at("service_name").as_string(),
            "shop");
  EXPECT_EQ(logs_.volume.range.begin, 1'699'996'400'000'000'000);
  logs_.detected_labels = {{"app", 3}};
  EXPECT_EQ(Ask("/loki/api/v1/detected_labels?query=&" + range)
                .at("detectedLabels")
                .at(0)
                .at("label")
                .as_string(),
            "app");
  logs_.detected_fields = {{"status", "int", 2, {"json"}, {"status"}}};
  const json::value fields =
      Ask("/loki/api/v1/detected_fields?query=%7Bapp%3D%22a%22%7D&limit=1000&" + range);
  for (const char* key : {"label", "type", "cardinality", "parsers", "jsonPath"}) {
    EXPECT_TRUE(fields.at("fields").at(0).as_object().contains(key)) << key;
  }
  logs_.strings = {"200"};
  EXPECT_EQ(Ask("/loki/api/v1/detected_field/status/values?query=%7Bapp%3D%22a%22%7D&" + range)
                .at("values")
                .at(0)
                .as_string(),
            "200");
  logs_.patterns = {{"<_> done", "info", {{1'700'000'000, 5}}}};
  const json::value patterns =
      Ask("/loki/api/v1/patterns?query=%7Bapp%3D%22a%22%7D&step=10s&" + range);
  EXPECT_EQ(patterns.at("data").at(0).at("samples").at(0).at(1).as_int64(), 5);
  EXPECT_TRUE(
      Ask("/loki/api/v1/drilldown-limits").at("limits").as_object().contains("retention_period"));
  EXPECT_TRUE(Ask("/loki/api/v1/status/buildinfo").as_object().contains("version"));
}

TEST_F(GrafanaLogs, ErrorsAreReadAsText) {
  logs_.failure = absl::InvalidArgumentError("parse error at line 1, col 1: syntax error");
  const RawResponse response = client_->Ask("GET", "/loki/api/v1/query_range?query=%7B");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, "parse error at line 1, col 1: syntax error\n");
}

}  // namespace
}  // namespace tidegate::api
