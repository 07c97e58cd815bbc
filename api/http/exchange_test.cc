#include "api/http/exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidegate::api {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Keeps what was transmitted; can lose its client after a number of pieces.
class RecordingTransport : public ResponseTransport {
 public:
  bool Transmit(std::string bytes) override {
    ++pieces;
    if (pieces > pieces_until_gone) return false;
    largest_piece = std::max(largest_piece, bytes.size());
    wire += bytes;
    return true;
  }
  void Finish(std::string head, std::string body, bool close) override {
    wire += head + body;
    ++finished;
    closed = close;
  }
  void Abort() override { aborted = true; }

  std::string Body() const { return wire.substr(wire.find("\r\n\r\n") + 4); }
  std::string Dechunked() const {
    std::string rest = Body();
    std::string out;
    while (!rest.empty()) {
      const size_t line = rest.find("\r\n");
      const size_t size = std::stoul(rest.substr(0, line), nullptr, 16);
      out += rest.substr(line + 2, size);
      rest = rest.substr(line + 2 + size + 2);
    }
    return out;
  }

  std::string wire;
  size_t largest_piece = 0;
  int pieces = 0;
  int pieces_until_gone = 1 << 30;
  int finished = 0;
  bool closed = false;
  bool aborted = false;
};

class ExchangeTest : public testing::Test {
 protected:
  Exchange& Start() {
    options_.stream_buffer_bytes = 100;
    exchange_ = std::make_unique<Exchange>(options_, &transport_);
    return *exchange_;
  }

  HttpResponse Json(std::string body) {
    HttpResponse response;
    response.content_type = "application/json";
    response.body = std::move(body);
    return response;
  }

  ExchangeOptions options_;
  RecordingTransport transport_;
  std::unique_ptr<Exchange> exchange_;
};

TEST_F(ExchangeTest, SendsAWholeAnswer) {
  Start().Send(Json("{}"));
  EXPECT_THAT(transport_.wire, StartsWith("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                          "Content-Length: 2\r\nDate: "));
  EXPECT_EQ(transport_.Body(), "{}");
  EXPECT_FALSE(transport_.closed);
  EXPECT_EQ(exchange_->status(), 200);
}

TEST_F(ExchangeTest, NoContentHasNoLength) {
  HttpResponse response;
  response.status = 204;
  Start().Send(std::move(response));
  EXPECT_THAT(transport_.wire, StartsWith("HTTP/1.1 204 No Content\r\nDate: "));
  EXPECT_THAT(transport_.wire, Not(HasSubstr("Content-Length")));
}

TEST_F(ExchangeTest, HeadKeepsTheLengthAndDropsTheBody) {
  options_.head_only = true;
  Start().Send(Json("{\"a\":1}"));
  EXPECT_THAT(transport_.wire, HasSubstr("Content-Length: 7\r\n"));
  EXPECT_EQ(transport_.Body(), "");
}

TEST_F(ExchangeTest, ClosesWhenTheClientDoesNotKeepTheConnection) {
  options_.keep_alive = false;
  Start().Send(Json("{}"));
  EXPECT_THAT(transport_.wire, HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(transport_.closed);
}

TEST_F(ExchangeTest, AddedHeadersComeAlong) {
  Start().AddHeader("Retry-After", "2");
  exchange_->Send(Json("{}"));
  EXPECT_THAT(transport_.wire, HasSubstr("\r\nRetry-After: 2\r\n"));
}

TEST_F(ExchangeTest, FieldsCannotSplitTheAnswer) {
  Start().AddHeader("X", "a\r\nSet-Cookie: b");
  exchange_->Send(Json("{}"));
  EXPECT_THAT(transport_.wire, Not(HasSubstr("Set-Cookie")));
}

TEST_F(ExchangeTest, CompressesLargeText) {
  options_.coding = ContentCoding::kGzip;
  Start().Send(Json(std::string(5000, 'a')));
  EXPECT_THAT(transport_.wire, HasSubstr("Content-Encoding: gzip\r\n"));
  EXPECT_THAT(transport_.wire, HasSubstr("Vary: Accept-Encoding\r\n"));
  EXPECT_LT(transport_.Body().size(), 200u);
}

TEST_F(ExchangeTest, TinyBodiesStayPlain) {
  options_.coding = ContentCoding::kGzip;
  Start().Send(Json("{}"));
  EXPECT_THAT(transport_.wire, Not(HasSubstr("Content-Encoding")));
}

TEST_F(ExchangeTest, SmallStreamsGoOutWhole) {
  Start().Begin(Json("["));
  EXPECT_TRUE(exchange_->Write("1,2"));
  EXPECT_TRUE(exchange_->Write("]"));
  exchange_->End();
  EXPECT_THAT(transport_.wire, HasSubstr("Content-Length: 5\r\n"));
  EXPECT_EQ(transport_.Body(), "[1,2]");
  EXPECT_EQ(transport_.finished, 1);
}

TEST_F(ExchangeTest, LargeStreamsGoOutInBoundedChunks) {
  std::string expected;
  Start().Begin(Json(""));
  for (int i = 0; i < 100; ++i) {
    const std::string piece(i, static_cast<char>('a' + i % 26));
    expected += piece;
    EXPECT_TRUE(exchange_->Write(piece));
  }
  exchange_->End();
  EXPECT_THAT(transport_.wire, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_EQ(transport_.Dechunked(), expected);
  EXPECT_LE(transport_.largest_piece, 300u);  // The head is the largest.
  EXPECT_EQ(transport_.finished, 1);
}

TEST_F(ExchangeTest, OldClientsGetStreamsUntilTheClose) {
  options_.chunked = false;
  options_.keep_alive = false;
  Start().Begin(Json(""));
  EXPECT_TRUE(exchange_->Write(std::string(250, 'x')));
  exchange_->End();
  EXPECT_EQ(transport_.Body(), std::string(250, 'x'));
  EXPECT_TRUE(transport_.closed);
}

TEST_F(ExchangeTest, CompressedStreamsAreComplete) {
  options_.coding = ContentCoding::kGzip;
  Start().Begin(Json(""));
  EXPECT_TRUE(exchange_->Write(std::string(100'000, 'x')));
  exchange_->End();
  EXPECT_THAT(transport_.wire, HasSubstr("Content-Encoding: gzip\r\n"));
  EXPECT_THAT(transport_.Dechunked(), StartsWith("\x1f\x8b"));
  EXPECT_LT(transport_.wire.size(), 2000u);
}

TEST_F(ExchangeTest, WriterLearnsThatTheClientIsGone) {
  transport_.pieces_until_gone = 2;
  Start().Begin(Json(""));
  EXPECT_TRUE(exchange_->Write(std::string(150, 'x')));
  EXPECT_FALSE(exchange_->Write(std::string(150, 'x')));
  EXPECT_FALSE(exchange_->Write("more"));
  exchange_->Close();
  EXPECT_EQ(transport_.finished, 0);
}

TEST_F(ExchangeTest, UnansweredRequestsGet500) {
  Start().Close();
  EXPECT_THAT(transport_.wire, StartsWith("HTTP/1.1 500 "));
  EXPECT_EQ(exchange_->status(), 500);
}

TEST_F(ExchangeTest, UnfinishedStreamsAreCutOff) {
  Start().Begin(Json(""));
  EXPECT_TRUE(exchange_->Write(std::string(250, 'x')));
  exchange_->Close();
  EXPECT_TRUE(transport_.aborted);
  EXPECT_EQ(transport_.finished, 0);
}

TEST_F(ExchangeTest, UnfinishedStreamsThatNeverLeftBecome500) {
  Start().Begin(Json("["));
  exchange_->Close();
  EXPECT_THAT(transport_.wire, StartsWith("HTTP/1.1 500 "));
}

TEST_F(ExchangeTest, HeadOfALargeStreamIsItsFieldsOnly) {
  options_.head_only = true;
  Start().Begin(Json(""));
  EXPECT_FALSE(exchange_->Write(std::string(250, 'x')));
  exchange_->Close();
  EXPECT_EQ(transport_.Body(), "");
  EXPECT_EQ(transport_.finished, 1);
  EXPECT_FALSE(transport_.aborted);
}

TEST_F(ExchangeTest, SecondAnswersAreIgnored) {
  Start().Send(Json("1"));
  exchange_->Send(Json("2"));
  exchange_->Begin(Json("3"));
  EXPECT_FALSE(exchange_->Write("4"));
  exchange_->End();
  exchange_->Close();
  EXPECT_EQ(transport_.Body(), "1");
  EXPECT_EQ(transport_.finished, 1);
}

}  // namespace
}  // namespace tidegate::api
