#include "api/remote_read/read_handler.h"

#include <gtest/gtest.h>
#include <snappy.h>

#include <string>
#include <string_view>
#include <vector>

#include "api/testing/fake_series_source.h"
#include "api/testing/fake_tenants.h"
#include "api/testing/recorded_response.h"
#include "proto/prometheus/remote.pb.h"

namespace tidegate::api {
namespace {

class ReadHandlerTest : public testing::Test {
 protected:
  ReadHandlerTest() {
    AddRemoteReadRoutes(&resolver_, &source_, &router_);
    source_.Add({{"__name__", "up"}, {"job", "b"}}, {1000, 2000}, {1, 0});
    source_.Add({{"__name__", "up"}, {"job", "a"}}, {1000, 3000}, {1, 2});
    source_.Add({{"__name__", "down"}}, {1000}, {5});
  }

  static prompb::ReadRequest Ask(int64_t start, int64_t end, const std::string& name) {
    prompb::ReadRequest request;
    prompb::Query* const query = request.add_queries();
    query->set_start_timestamp_ms(start);
    query->set_end_timestamp_ms(end);
    prompb::LabelMatcher* const matcher = query->add_matchers();
    matcher->set_name("__name__");
    matcher->set_value(name);
    return request;
  }

  RecordedResponse PostBody(std::string_view body) {
    HttpRequest http;
    http.method = HttpMethod::kPost;
    http.body = body;
    RecordedResponse response;
    router_.Find(HttpMethod::kPost, {"api", "v1", "read"}).route->handler(http, response);
    return response;
  }
  RecordedResponse Post(const prompb::ReadRequest& request) {
    const std::string bytes = request.SerializeAsString();
    std::string body;
    snappy::Compress(bytes.data(), bytes.size(), &body);
    return PostBody(body);
  }

  FakeTenants tenants_;
  TenantResolver resolver_{&tenants_, false};
  FakeSeriesSource source_;
  Router router_;
};

TEST_F(ReadHandlerTest, SamplesComeSortedInOneMessage) {
  prompb::ReadRequest request = Ask(1000, 2000, "up");
  *request.add_queries() = Ask(0, 5000, "down").queries(0);
  const RecordedResponse response = Post(request);
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.content_type, "application/x-protobuf");
  EXPECT_EQ(response.headers.at("Content-Encoding"), "snappy");
  std::string bytes;
  ASSERT_TRUE(snappy::Uncompress(response.body.data(), response.body.size(), &bytes));
  prompb::ReadResponse read;
  ASSERT_TRUE(read.ParseFromString(bytes));
  ASSERT_EQ(read.results_size(), 2);
  const prompb::QueryResult& up = read.results(0);
  ASSERT_EQ(up.timeseries_size(), 2);
  EXPECT_EQ(up.timeseries(0).labels(1).value(), "a");
  ASSERT_EQ(up.timeseries(0).samples_size(), 1);  // 3000 is outside.
  ASSERT_EQ(up.timeseries(1).samples_size(), 2);
  EXPECT_EQ(up.timeseries(1).samples(1).timestamp(), 2000);
  EXPECT_EQ(up.timeseries(1).samples(0).value(), 1);
  EXPECT_EQ(read.results(1).timeseries_size(), 1);
}

TEST_F(ReadHandlerTest, ChunksComeInFrames) {
  prompb::ReadRequest request = Ask(0, 5000, "up");
  request.add_accepted_response_types(prompb::ReadRequest::STREAMED_XOR_CHUNKS);
  request.add_accepted_response_types(prompb::ReadRequest::SAMPLES);
  const RecordedResponse response = Post(request);
  EXPECT_EQ(response.content_type,
            "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse");
  EXPECT_EQ(response.answers, 1);
  // Two short frames: one byte of size, four of checksum.
  std::vector<prompb::ChunkedReadResponse> frames;
  for (std::string_view rest = response.body; !rest.empty();) {
    const size_t size = static_cast<uint8_t>(rest[0]);
    ASSERT_LT(size, 128u);
    ASSERT_TRUE(frames.emplace_back().ParseFromArray(rest.data() + 5, static_cast<int>(size)));
    rest.remove_prefix(5 + size);
  }
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].chunked_series(0).labels(1).value(), "a");
  const prompb::Chunk& chunk = frames[1].chunked_series(0).chunks(0);
  EXPECT_EQ(chunk.type(), prompb::Chunk::XOR);
  EXPECT_EQ(chunk.min_time_ms(), 1000);
  EXPECT_EQ(chunk.max_time_ms(), 2000);
}

TEST_F(ReadHandlerTest, NothingFoundIsAnAnswer) {
  prompb::ReadRequest request = Ask(0, 5000, "none");
  EXPECT_EQ(Post(request).status, 200);
  request.add_accepted_response_types(prompb::ReadRequest::STREAMED_XOR_CHUNKS);
  const RecordedResponse response = Post(request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.answers, 1);
}

TEST_F(ReadHandlerTest, RefusesWhatItCannotRead) {
  EXPECT_EQ(PostBody("").status, 400);
  EXPECT_EQ(PostBody("\xff\xff\xff\xff\x0f").status, 400);
  std::string garbage;
  snappy::Compress("garbage", 7, &garbage);
  EXPECT_EQ(PostBody(garbage).status, 400);
  prompb::ReadRequest request = Ask(0, 1, "(");
  request.mutable_queries(0)->mutable_matchers(0)->set_type(prompb::LabelMatcher::RE);
  EXPECT_EQ(Post(request).status, 400);
}

TEST_F(ReadHandlerTest, LimitsAndFailuresHaveTheirCodes) {
  model::TenantLimits limits;
  limits.max_query_samples = 3;
  tenants_.Add("default", limits);
  const RecordedResponse response = Post(Ask(0, 5000, "up"));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, "exceeded sample limit (3)\n");
  source_.Fail(absl::UnavailableError("the store is away"));
  EXPECT_EQ(Post(Ask(0, 5000, "up")).status, 503);
}

TEST_F(ReadHandlerTest, SeriesAreLimitedToo) {
  model::TenantLimits limits;
  limits.max_query_series = 1;
  tenants_.Add("default", limits);
  EXPECT_EQ(Post(Ask(0, 5000, "down")).status, 200);
  EXPECT_EQ(Post(Ask(0, 5000, "up")).body, "exceeded series limit (1)\n");
}

// Each query fits, all of them together do not.
TEST_F(ReadHandlerTest, ManyQueriesDoNotAddUpToAnyAnswer) {
  model::TenantLimits limits;
  limits.max_query_bytes = 2000;
  tenants_.Add("default", limits);
  prompb::ReadRequest request = Ask(0, 5000, "up");
  EXPECT_EQ(Post(request).status, 200);
  for (int i = 0; i < 40; ++i) *request.add_queries() = request.queries(0);
  const RecordedResponse response = Post(request);
  EXPECT_EQ(response.status, 400);
  EXPECT_NE(response.body.find("more than 2000 bytes"), std::string::npos) << response.body;
  request.add_accepted_response_types(prompb::ReadRequest::STREAMED_XOR_CHUNKS);
  EXPECT_EQ(Post(request).status, 200);  // One query at a time.
}

}  // namespace
}  // namespace tidegate::api
