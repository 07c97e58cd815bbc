#include "api/push/push_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/http/target.h"
#include "api/testing/fake_ingester.h"
#include "api/testing/fake_tenants.h"
#include "api/testing/recorded_response.h"

namespace tidegate::api {
namespace {

using testing::HasSubstr;

class PushTest : public testing::Test {
 protected:
  PushTest() {
    model::TenantLimits small;
    small.max_body_bytes = 100;
    tenants_.Add("small", small);
    AddPushRoutes(&resolver_, &ingester_, &router_);
    request_.method = HttpMethod::kPost;
    request_.body = "snappy bytes";
  }

  RecordedResponse Push(std::string_view path = "/api/v1/push") {
    const RouteMatch match = router_.Find(request_.method, *DecodePath(path));
    RecordedResponse response;
    match.route->handler(request_, response);
    EXPECT_EQ(response.answers, 1);
    return response;
  }

  Admission Admit() {
    return router_.Find(request_.method, {"api", "v1", "write"}).route->admit(request_);
  }

  FakeTenants tenants_;
  FakeIngester ingester_;
  TenantResolver resolver_{&tenants_, /*trust_org_id=*/true};
  Router router_;
  HttpRequest request_;
};

TEST_F(PushTest, StoredPushesAnswer204WithoutABody) {
  for (const char* path : {"/api/v1/push", "/api/v1/write"}) {
    const RecordedResponse response = Push(path);
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(response.body, "");
  }
  ASSERT_EQ(ingester_.pushed().size(), 2u);
  EXPECT_EQ(ingester_.pushed()[0].tenant, "default");
  EXPECT_EQ(ingester_.pushed()[0].body, "snappy bytes");
}

TEST_F(PushTest, TheFieldNamesTheTenant) {
  request_.headers.Add("X-Scope-OrgID", "small");
  EXPECT_EQ(Push().status, 204);
  EXPECT_EQ(ingester_.pushed()[0].tenant, "small");
}

TEST_F(PushTest, NothingArrivesForUnknownTenants) {
  request_.headers.Add("X-Scope-OrgID", "nobody");
  EXPECT_EQ(Push().status, 404);
  EXPECT_TRUE(ingester_.pushed().empty());
}

TEST_F(PushTest, PartlyRejectedPushesAnswer400AndSayWhy) {
  ingester_.Reject(absl::InvalidArgumentError("out of bounds (2 series)"));
  const RecordedResponse response = Push();
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, "out of bounds (2 series)\n");
}

TEST_F(PushTest, FailuresHaveTheirCodes) {
  const struct {
    absl::Status failure;
    int status;
    bool retry_after;
  } kCases[] = {
      {absl::InvalidArgumentError("corrupt snappy"), 400, false},
      {absl::OutOfRangeError("too large"), 413, false},
      {absl::ResourceExhaustedError("too much in flight"), 429, true},
      {absl::UnavailableError("disk full"), 503, true},
      {absl::DeadlineExceededError("late"), 503, true},
      {absl::CancelledError("gone"), 499, false},
      {absl::InternalError("bug"), 500, false},
      {absl::DataLossError("damaged"), 500, false},
  };
  for (const auto& expected : kCases) {
    ingester_.Fail(expected.failure);
    const RecordedResponse response = Push();
    EXPECT_EQ(response.status, expected.status);
    EXPECT_EQ(response.headers.count("Retry-After") > 0, expected.retry_after) << expected.status;
    EXPECT_THAT(response.body, HasSubstr(std::string(expected.failure.message())));
  }
}

TEST_F(PushTest, OnlyVersion2IsToldWhatWasWritten) {
  EXPECT_EQ(Push().headers.count("X-Prometheus-Remote-Write-Samples-Written"), 0u);
  request_.headers.Add("Content-Type",
                       "application/x-protobuf;proto=io.prometheus.write.v2.Request");
  RecordedResponse response = Push();
  EXPECT_EQ(response.headers["X-Prometheus-Remote-Write-Samples-Written"], "1");
  EXPECT_EQ(response.headers["X-Prometheus-Remote-Write-Histograms-Written"], "0");
  EXPECT_EQ(response.headers["X-Prometheus-Remote-Write-Exemplars-Written"], "0");

  ingester_.Reject(absl::InvalidArgumentError("partly"));
  response = Push();
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.headers["X-Prometheus-Remote-Write-Samples-Written"], "1");

  ingester_.Fail(absl::UnavailableError("disk full"));
  response = Push();
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.headers["X-Prometheus-Remote-Write-Samples-Written"], "0");
}

TEST_F(PushTest, BodiesAreLimitedByTheTenantBeforeTheyAreRead) {
  EXPECT_EQ(Admit().max_body_bytes, model::TenantLimits().max_body_bytes);
  request_.headers.Add("X-Scope-OrgID", "small");
  EXPECT_EQ(Admit().max_body_bytes, 100u);
}

TEST_F(PushTest, BadHeadsAreRefusedBeforeTheBodyIsRead) {
  request_.headers.Add("Content-Encoding", "gzip");
  EXPECT_EQ(Admit().refusal->status, 415);
  EXPECT_EQ(Push().status, 415);
  request_.headers.Clear();
  request_.headers.Add("X-Scope-OrgID", "not a name");
  EXPECT_EQ(Admit().refusal->status, 401);
}

TEST(ReadMediaType, TakesVersion1) {
  EXPECT_TRUE(ReadMediaType("", "").ok());
  EXPECT_TRUE(ReadMediaType("application/x-protobuf", "snappy").ok());
  EXPECT_TRUE(ReadMediaType("Application/X-Protobuf", "Snappy").ok());
  EXPECT_TRUE(ReadMediaType("application/x-protobuf;proto=prometheus.WriteRequest", "").ok());
  EXPECT_TRUE(
      ReadMediaType("application/x-protobuf; charset=x; proto=prometheus.WriteRequest", "").ok());
}

TEST(ReadMediaType, TakesVersion2AndZstd) {
  const auto version_2 =
      ReadMediaType("application/x-protobuf;proto=io.prometheus.write.v2.Request", "snappy");
  ASSERT_TRUE(version_2.ok());
  EXPECT_EQ(version_2->format, ingest::PushFormat::kRemoteWrite2);
  EXPECT_EQ(version_2->encoding, ingest::PushEncoding::kSnappyBlock);
  const auto zstd = ReadMediaType("application/x-protobuf", "zstd");
  ASSERT_TRUE(zstd.ok());
  EXPECT_EQ(zstd->format, ingest::PushFormat::kRemoteWrite1);
  EXPECT_EQ(zstd->encoding, ingest::PushEncoding::kZstd);
}

TEST(ReadMediaType, RefusesTheRest) {
  EXPECT_FALSE(ReadMediaType("application/json", "").ok());
  EXPECT_FALSE(ReadMediaType("application/x-protobuf;proto=", "").ok());
  EXPECT_FALSE(ReadMediaType("application/x-protobuf", "gzip").ok());
  EXPECT_FALSE(ReadMediaType("application/x-protobuf", "snappy, gzip").ok());
}

}  // namespace
}  // namespace tidegate::api
