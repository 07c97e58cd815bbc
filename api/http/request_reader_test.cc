#include "api/http/request_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace tidegate::api {
namespace {

using testing::ElementsAre;
using Status = RequestReader::Status;

class RequestReaderTest : public testing::Test {
 protected:
  // Feeds in pieces of `step` bytes until the reader says something else than kNeedMore.
  RequestReader::Progress FeedAll(size_t step = 1 << 20) {
    size_t available = 0;
    while (true) {
      available = std::min(input_.size(), available + step);
      const auto progress = reader_.Feed(std::string_view(input_).substr(0, available));
      input_.erase(0, progress.consumed);
      available -= progress.consumed;
      if (progress.status != Status::kNeedMore) return progress;
      if (available == input_.size()) return progress;
    }
  }

  int ErrorFor(std::string_view input) {
    reader_.Reset();
    input_ = input;
    const auto progress = FeedAll();
    return progress.status == Status::kError ? progress.error_status : 0;
  }

  RequestReader reader_{1024};
  std::string input_;
};

TEST_F(RequestReaderTest, ReadsAHeadByteByByte) {
  input_ = "GET /api/v1/query?query=up HTTP/1.1\r\nHost: a\r\nX-Scope-OrgID: t\r\n\r\n";
  ASSERT_EQ(FeedAll(1).status, Status::kHead);
  EXPECT_EQ(reader_.request().method, HttpMethod::kGet);
  EXPECT_THAT(reader_.request().segments, ElementsAre("api", "v1", "query"));
  EXPECT_EQ(reader_.request().query.Get("query"), "up");
  EXPECT_EQ(reader_.request().headers.Get("x-scope-orgid"), "t");
  EXPECT_TRUE(reader_.keep_alive());
  reader_.AllowBody(0);
  EXPECT_EQ(FeedAll().status, Status::kComplete);
  EXPECT_EQ(reader_.request().body, "");
}

TEST_F(RequestReaderTest, LeavesTheNextRequestAlone) {
  input_ = "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n";
  ASSERT_EQ(FeedAll().status, Status::kHead);
  reader_.AllowBody(0);
  ASSERT_EQ(FeedAll().status, Status::kComplete);
  reader_.Reset();
  ASSERT_EQ(FeedAll().status, Status::kHead);
  EXPECT_EQ(reader_.request().target, "/b");
  EXPECT_EQ(input_, "");
}

TEST_F(RequestReaderTest, ReadsABodyOfKnownLength) {
  input_ = "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET";
  ASSERT_EQ(FeedAll().status, Status::kHead);
  EXPECT_EQ(reader_.content_length(), 5u);
  reader_.AllowBody(10);
  ASSERT_EQ(FeedAll(2).status, Status::kComplete);
  EXPECT_EQ(reader_.request().body, "hello");
  EXPECT_EQ(input_, "GET");
}

TEST_F(RequestReaderTest, BodyCanBeReadIntoItsPlace) {
  input_ = "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe";
  ASSERT_EQ(FeedAll().status, Status::kHead);
  EXPECT_TRUE(reader_.BodySpace().empty());
  reader_.AllowBody(10);
  ASSERT_EQ(FeedAll().status, Status::kNeedMore);
  ASSERT_EQ(reader_.BodySpace().size(), 3u);
  std::memcpy(reader_.BodySpace().data(), "llo", 3);
  reader_.BodyFilled(3);
  ASSERT_EQ(reader_.Feed("").status, Status::kComplete);
  EXPECT_EQ(reader_.request().body, "hello");
}

TEST_F(RequestReaderTest, ReadsChunks) {
  const std::string wire =
      "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n1;ext=1\r\n \r\n5\r\nworld\r\n0\r\nTrailer: x\r\n\r\nGET";
  for (size_t step : {1, 3, 1000}) {
    reader_.Reset();
    input_ = wire;
    ASSERT_EQ(FeedAll(step).status, Status::kHead);
    EXPECT_TRUE(reader_.chunked());
    EXPECT_FALSE(reader_.content_length());
    reader_.AllowBody(100);
    ASSERT_EQ(FeedAll(step).status, Status::kComplete) << step;
    EXPECT_EQ(reader_.request().body, "hello world");
    EXPECT_EQ(input_, "GET");
  }
}

TEST_F(RequestReaderTest, ChunksBeyondTheLimitGet413) {
  input_ =
      "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n";
  ASSERT_EQ(FeedAll().status, Status::kHead);
  reader_.AllowBody(9);
  EXPECT_EQ(FeedAll().error_status, 413);
}

TEST_F(RequestReaderTest, BrokenChunksGet400) {
  input_ = "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n";
  ASSERT_EQ(FeedAll().status, Status::kHead);
  reader_.AllowBody(9);
  EXPECT_EQ(FeedAll().error_status, 400);
}

TEST_F(RequestReaderTest, RefusesWhatIsNotHttp) {
  EXPECT_EQ(ErrorFor("\x16\x03\x01 hello\r\n\r\n"), 400);
  EXPECT_EQ(ErrorFor("GET /\r\n\r\n"), 400);
  EXPECT_EQ(ErrorFor("GET / HTTP/1.1\r\nNo colon\r\n\r\n"), 400);
  EXPECT_EQ(ErrorFor("GET / HTTP/1.1\r\n\r\n"), 400);  // Host is missing.
  EXPECT_EQ(ErrorFor("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(ErrorFor("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
}

TEST_F(RequestReaderTest, RefusesOtherVersions) {
  EXPECT_EQ(ErrorFor("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
}

TEST_F(RequestReaderTest, RefusesAmbiguousLengths) {
  EXPECT_EQ(
      ErrorFor("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n"),
      400);
  EXPECT_EQ(ErrorFor("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n"),
            400);
  EXPECT_EQ(ErrorFor("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"), 400);
}

TEST_F(RequestReaderTest, RefusesLargeHeads) {
  EXPECT_EQ(ErrorFor("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'x')), 431);
}

TEST_F(RequestReaderTest, OldClientsCloseTheirConnections) {
  input_ = "GET / HTTP/1.0\r\n\r\n";
  ASSERT_EQ(FeedAll().status, Status::kHead);
  EXPECT_FALSE(reader_.http11());
  EXPECT_FALSE(reader_.keep_alive());
}

TEST_F(RequestReaderTest, ClientsMayAskForTheClose) {
  input_ = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  ASSERT_EQ(FeedAll().status, Status::kHead);
  EXPECT_FALSE(reader_.keep_alive());
}

TEST_F(RequestReaderTest, SeesExpectations) {
  input_ = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n";
  ASSERT_EQ(FeedAll().status, Status::kHead);
  EXPECT_TRUE(reader_.expects_continue());
}

}  // namespace
}  // namespace tidegate::api
