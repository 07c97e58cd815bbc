#include "api/push/metric_push_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/http/target.h"
#include "api/testing/fake_ingester.h"
#include "api/testing/fake_tenants.h"
#include "api/testing/recorded_response.h"

namespace tidegate::api {
namespace {

using ingest::PushEncoding;
using ingest::PushFormat;
using testing::HasSubstr;

class MetricPushTest : public testing::Test {
 protected:
  MetricPushTest() {
    AddMetricPushRoutes(&resolver_, &ingester_, &router_);
    request_.method = HttpMethod::kPost;
    request_.body = "bytes";
  }

  void UseType(std::string_view type, std::string_view encoding = "") {
    request_.headers.Clear();
    request_.headers.Add("Content-Type", type);
    if (!encoding.empty()) request_.headers.Add("Content-Encoding", encoding);
  }
  RecordedResponse Push(std::string_view path = "/otlp/v1/metrics") {
    const RouteMatch match = router_.Find(request_.method, *DecodePath(path));
    RecordedResponse response;
    match.route->handler(request_, response);
    EXPECT_EQ(response.answers, 1);
    return response;
  }

  FakeTenants tenants_;
  FakeIngester ingester_;
  TenantResolver resolver_{&tenants_, /*trust_org_id=*/true};
  Router router_;
  HttpRequest request_;
};

TEST_F(MetricPushTest, OtlpAnswersInTheEncodingOfTheRequest) {
  UseType("application/json; charset=utf-8");
  RecordedResponse response = Push("/api/v1/otlp/v1/metrics");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body, "{}");
  EXPECT_EQ(ingester_.pushed()[0].format, PushFormat::kOtlpMetricsJson);
  UseType("application/x-protobuf", "gzip");
  response = Push();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(ingester_.pushed()[1].format, PushFormat::kOtlpMetricsProtobuf);
}

TEST_F(MetricPushTest, WhatWasRefusedIsAPartialSuccess) {
  ingester_.Reject(absl::InvalidArgumentError("two \"points\""));
  UseType("application/json");
  EXPECT_EQ(Push().body,
            R"({"partialSuccess":{"rejectedDataPoints":"2","errorMessage":"two \"points\""}})");
  UseType("application/x-protobuf");
  const RecordedResponse response = Push();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, std::string("\x0a\x10\x08\x02\x12\x0ctwo \"points\""));
}

TEST_F(MetricPushTest, FailuresAreStatusesThatExportersUnderstand) {
  UseType("application/json");
  const struct {
    absl::Status failure;
    int status;
    bool retry_after;
  } kCases[] = {
      {absl::InvalidArgumentError("no"), 400, false},  {absl::OutOfRangeError("no"), 413, false},
      {absl::ResourceExhaustedError("no"), 429, true}, {absl::UnavailableError("no"), 503, true},
      {absl::InternalError("no"), 503, true},
  };
  for (const auto& expected : kCases) {
    ingester_.Fail(expected.failure);
    const RecordedResponse response = Push();
    EXPECT_EQ(response.status, expected.status);
    EXPECT_EQ(response.headers.count("Retry-After") > 0, expected.retry_after);
    EXPECT_THAT(response.body, HasSubstr("\"message\":\"no\""));
  }
}

TEST_F(MetricPushTest, OtherTypesAreRefusedBeforeTheBodyIsRead) {
  UseType("text/plain");
  EXPECT_EQ(Push().status, 415);
  EXPECT_EQ(router_.Find(HttpMethod::kPost, {"otlp", "v1", "metrics"})
                .route->admit(request_)
                .refusal->status,
            415);
  EXPECT_TRUE(ingester_.pushed().empty());
}

TEST_F(MetricPushTest, ImportTakesEveryExposition) {
  const std::string path = "/api/v1/import/prometheus";
  EXPECT_EQ(Push(path).status, 204);
  UseType("application/openmetrics-text; version=1.0.0");
  EXPECT_EQ(Push(path).status, 204);
  UseType("application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily", "gzip");
  EXPECT_EQ(Push(path).status, 204);
  EXPECT_EQ(ingester_.pushed()[0].format, PushFormat::kPrometheusText);
  EXPECT_EQ(ingester_.pushed()[1].format, PushFormat::kOpenMetrics);
  EXPECT_EQ(ingester_.pushed()[2].format, PushFormat::kPrometheusProtobuf);
  UseType("text/plain", "br");
  EXPECT_EQ(Push(path).status, 415);
}

TEST_F(MetricPushTest, ImportTakesLabelsAndATime) {
  request_.query.Add("extra_label", "a=b");
  request_.query.Add("extra_label", "c=d=e");
  request_.query.Add("timestamp", "12345");
  EXPECT_EQ(Push("/api/v1/import/prometheus").status, 204);
  const auto pushed = ingester_.pushed()[0];
  EXPECT_EQ(pushed.time, 12345);
  EXPECT_EQ(pushed.labels,
            (std::vector<std::pair<std::string, std::string>>{{"a", "b"}, {"c", "d=e"}}));
  request_.query.Add("extra_label", "nothing");
  EXPECT_EQ(Push("/api/v1/import/prometheus").status, 400);
}

TEST_F(MetricPushTest, PartlyRefusedImportsAre400) {
  ingester_.Reject(absl::InvalidArgumentError("some"));
  EXPECT_EQ(Push("/api/v1/import/prometheus").status, 400);
}

}  // namespace
}  // namespace tidegate::api
