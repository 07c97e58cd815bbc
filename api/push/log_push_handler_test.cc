#include "api/push/log_push_handler.h"

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

class LogPushTest : public testing::Test {
 protected:
  LogPushTest() {
    AddLogPushRoutes(&resolver_, &ingester_, &router_);
    ingester_.SetLogStreams(1);
    request_.method = HttpMethod::kPost;
    request_.headers.Add("Content-Type", "application/json");
    request_.body = "{}";
  }

  RecordedResponse Push(std::string_view path = "/loki/api/v1/push") {
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

TEST_F(LogPushTest, StoredPushesAnswer204WithoutABody) {
  for (const char* path : {"/loki/api/v1/push", "/api/prom/push", "/otlp/v1/logs"}) {
    const RecordedResponse response = Push(path);
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(response.body, "");
  }
  const auto pushed = ingester_.pushed();
  ASSERT_EQ(pushed.size(), 3u);
  EXPECT_EQ(pushed[0].format, PushFormat::kLokiJson);
  EXPECT_EQ(pushed[1].format, PushFormat::kLokiLegacyJson);
  EXPECT_EQ(pushed[2].format, PushFormat::kOtlpLogsJson);
}

TEST_F(LogPushTest, APushWithoutAStreamIsAMistake) {
  ingester_.SetLogStreams(0);
  EXPECT_EQ(Push().status, 422);
  EXPECT_EQ(Push().body, "error at least one valid stream is required for ingestion\n");
}

TEST_F(LogPushTest, RefusalsHaveLokisCodes) {
  ingester_.Reject(absl::InvalidArgumentError("a line is too long"));
  EXPECT_EQ(Push().status, 400);
  EXPECT_EQ(Push().body, "a line is too long\n");
  ingester_.Reject(absl::ResourceExhaustedError("too many streams"));
  EXPECT_EQ(Push().status, 429);
}

TEST_F(LogPushTest, FailuresHaveTheirCodes) {
  const struct {
    absl::Status failure;
    int status;
    int otlp_status;
  } kCases[] = {
      {absl::InvalidArgumentError("corrupt"), 400, 400},
      {absl::OutOfRangeError("too large"), 413, 413},
      {absl::ResourceExhaustedError("rate"), 429, 429},
      {absl::FailedPreconditionError("blocked"), 260, 260},
      {absl::UnavailableError("disk full"), 503, 503},
      {absl::InternalError("bug"), 500, 503},
  };
  for (const auto& expected : kCases) {
    ingester_.Fail(expected.failure);
    const RecordedResponse response = Push();
    EXPECT_EQ(response.status, expected.status);
    EXPECT_THAT(response.body, HasSubstr(std::string(expected.failure.message())));
    EXPECT_EQ(Push("/otlp/v1/logs").status, expected.otlp_status);
  }
  ingester_.Fail(absl::OutOfRangeError("9 bytes"));
  EXPECT_EQ(Push().body, "request body too large: 9 bytes\n");
}

TEST_F(LogPushTest, OtlpFailuresAreStatusMessages) {
  ingester_.Fail(absl::InvalidArgumentError("bad"));
  const RecordedResponse response = Push("/otlp/v1/logs");
  EXPECT_EQ(response.body,
            "\x08\x90\x03\x12\x03"
            "bad");
  EXPECT_EQ(response.content_type, "application/octet-stream");
}

TEST_F(LogPushTest, BadHeadsAreRefusedBeforeTheBodyIsRead) {
  request_.headers.Clear();
  const Route* route = router_.Find(HttpMethod::kPost, *DecodePath("/loki/api/v1/push")).route;
  EXPECT_EQ(route->admit(request_).refusal->status, 400);
  EXPECT_EQ(route->admit(request_).refusal->body, "mime: no media type\n");
  EXPECT_EQ(Push().status, 400);
}

std::string Read(std::string_view type, std::string_view encoding) {
  const auto read = ReadLokiMediaType(type, encoding, false);
  if (!read.ok()) return std::string(read.status().message());
  return std::to_string(static_cast<int>(read->format)) + "/" +
         std::to_string(static_cast<int>(read->encoding));
}

std::string Of(PushFormat format, PushEncoding encoding) {
  return std::to_string(static_cast<int>(format)) + "/" +
         std::to_string(static_cast<int>(encoding));
}

TEST(ReadLokiMediaType, JsonAndProtobuf) {
  EXPECT_EQ(Read("application/json", ""), Of(PushFormat::kLokiJson, PushEncoding::kIdentity));
  EXPECT_EQ(Read("application/json; charset=utf-8", "gzip"),
            Of(PushFormat::kLokiJson, PushEncoding::kGzip));
  EXPECT_EQ(Read("application/json", "zstd"), Of(PushFormat::kLokiJson, PushEncoding::kZstd));
  EXPECT_EQ(Read("application/x-protobuf", ""),
            Of(PushFormat::kLokiProtobuf, PushEncoding::kSnappyBlock));
  EXPECT_EQ(Read("application/x-protobuf", "snappy"),
            Of(PushFormat::kLokiProtobuf, PushEncoding::kSnappyBlock));
  EXPECT_EQ(Read("text/plain", "deflate"), Of(PushFormat::kLokiProtobuf, PushEncoding::kDeflate));
}

TEST(ReadLokiMediaType, Mistakes) {
  EXPECT_EQ(Read("", ""), "mime: no media type");
  EXPECT_EQ(Read("application/json; charsetutf-8", ""), "mime: invalid media parameter");
  EXPECT_EQ(Read("application/json", "br"), "Content-Encoding \"br\" not supported");
  EXPECT_EQ(Read("application/json", "snappy"), "Content-Encoding \"snappy\" not supported");
}

TEST(ReadOtlpMediaType, ItsOwnRules) {
  EXPECT_EQ(ReadOtlpMediaType("application/x-protobuf", "lz4")->encoding, PushEncoding::kLz4);
  EXPECT_EQ(ReadOtlpMediaType("application/json", "")->format, PushFormat::kOtlpLogsJson);
  EXPECT_EQ(ReadOtlpMediaType("text/plain", "").status().message(),
            "content type: text/plain is not supported");
  EXPECT_EQ(ReadOtlpMediaType("application/json", "deflate").status().message(),
            "unsupported content encoding deflate: only gzip, lz4 and zstd are supported");
}

}  // namespace
}  // namespace tidegate::api
