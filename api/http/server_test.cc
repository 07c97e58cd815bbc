#include "api/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include <future>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "api/testing/raw_client.h"
#include "model/metrics/metrics_registry.h"

namespace tidegate::api {
namespace {

using testing::HasSubstr;

constexpr std::string_view kGetEcho = "GET /echo?x=1 HTTP/1.1\r\nHost: a\r\n\r\n";

// Routes: /echo answers with method, query and body; /wait blocks until released or cancelled;
// /stream?n= writes n bytes.
class ServerTest : public testing::Test {
 protected:
  void Start() {
    auto router = std::make_unique<Router>();
    router->AllowCrossOrigin("/api");
    Add(*router, HttpMethod::kGet, "/echo", Echo);
    Add(*router, HttpMethod::kPost, "/echo", Echo);
    Add(*router, HttpMethod::kGet, "/wait",
        [this](const HttpRequest& request, ResponseWriter& response) { Wait(request, response); });
    Add(*router, HttpMethod::kGet, "/stream", Stream);
    Add(*router, HttpMethod::kGet, "/forget", [](const HttpRequest&, ResponseWriter&) {});
    Add(*router, HttpMethod::kGet, "/throw",
        [](const HttpRequest&, ResponseWriter&) { throw std::runtime_error("from a library"); });
    Add(*router, HttpMethod::kGet, "/cut", [](const HttpRequest&, ResponseWriter& response) {
      response.Begin(HttpResponse());
      response.Write(std::string(200'000, 'x'));
    });
    Add(*router, HttpMethod::kPost, "/api/echo", Echo);
    Route alive;
    alive.pattern = "/alive";
    alive.handler = Echo;
    alive.nonblocking = true;
    router->Add(std::move(alive));
    Route guarded;
    guarded.method = HttpMethod::kPost;
    guarded.pattern = "/guarded";
    guarded.handler = Echo;
    guarded.admit = [](const HttpRequest& head) {
      Admission admission;
      admission.max_body_bytes = 10;
      if (head.headers.Get("Key") != "open") admission.refusal = TextResponse(401, "no");
      return admission;
    };
    router->Add(std::move(guarded));
    auto server = HttpServer::Start(options_, std::move(router), &registry_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  void TearDown() override {
    if (!release_.HasBeenNotified()) release_.Notify();
  }

  static void Add(Router& router, HttpMethod method, std::string pattern, HttpHandler handler) {
    Route route;
    route.method = method;
    route.pattern = std::move(pattern);
    route.handler = std::move(handler);
    route.max_body_bytes = 1 << 20;
    router.Add(std::move(route));
  }

  static void Echo(const HttpRequest& request, ResponseWriter& response) {
    response.Send(TextResponse(200, std::string(MethodName(request.method)) + " " +
                                        std::string(request.query.Get("x")) + " " +
                                        std::string(request.body)));
  }

  void Wait(const HttpRequest& request, ResponseWriter& response) {
    waiting_.store(true);
    while (!release_.HasBeenNotified() && !request.cancelled->load()) {
      release_.WaitForNotificationWithTimeout(absl::Milliseconds(1));
    }
    if (request.cancelled->load() && !cancelled_.HasBeenNotified()) cancelled_.Notify();
    response.Send(TextResponse(200, "waited"));
  }

  static void Stream(const HttpRequest& request, ResponseWriter& response) {
    HttpResponse head;
    head.content_type = "application/json";
    response.Begin(std::move(head));
    size_t left = std::stoul(std::string(request.query.Get("n")));
    const std::string piece(1000, 'x');
    while (left > 0) {
      const size_t size = std::min(left, piece.size());
      if (!response.Write(std::string_view(piece).substr(0, size))) return;
      left -= size;
    }
    response.End();
  }

  void AwaitWaiting() {
    while (!waiting_.load()) absl::SleepFor(absl::Milliseconds(1));
  }

  std::string Metrics() { return prometheus::TextSerializer().Serialize(registry_.Collect()); }

  HttpServerOptions options_;
  model::MetricsRegistry registry_;
  std::atomic<bool> waiting_{false};
  absl::Notification release_;
  absl::Notification cancelled_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(ServerTest, AnswersARequest) {
  Start();
  RawClient client(server_->address());
  const RawResponse response = client.Ask("GET", "/echo?x=1");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "GET 1 \n");
  EXPECT_EQ(response.headers.at("content-type"), "text/plain; charset=utf-8");
  EXPECT_THAT(response.headers.at("date"), HasSubstr(" GMT"));
}

TEST_F(ServerTest, KeepsTheConnectionForTenThousandRequests) {
  Start();
  RawClient client(server_->address());
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(client.Ask("POST", "/echo", "b").status, 200) << i;
  EXPECT_THAT(Metrics(),
              HasSubstr("tidegate_http_requests_total{code=\"200\",route=\"/echo\"} 10000"));
  EXPECT_THAT(Metrics(), HasSubstr("tidegate_http_connections 1"));
}

TEST_F(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
  Start();
  RawClient client(server_->address());
  std::string requests;
  for (int i = 0; i < 100; ++i) {
    requests +=
        "POST /echo?x=" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";
  }
  ASSERT_TRUE(client.Say(requests));
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(client.Read().body, "POST " + std::to_string(i) + " hi\n");
  }
}

TEST_F(ServerTest, RequestsMayArriveWhileOthersAreAnswered) {
  Start();
  RawClient client(server_->address());
  ASSERT_TRUE(client.Say("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n"));
  AwaitWaiting();
  ASSERT_TRUE(client.Say("GET /echo?x=2 HTTP/1.1\r\nHost: a\r\n\r\n"));
  absl::SleepFor(absl::Milliseconds(5));  // So that it most likely arrives before the release.
  release_.Notify();
  EXPECT_EQ(client.Read().body, "waited\n");
  EXPECT_EQ(client.Read().body, "GET 2 \n");
  EXPECT_EQ(client.Ask("GET", "/echo?x=3").body, "GET 3 \n");
  EXPECT_EQ(client.Ask("POST", "/echo?x=4", "body").body, "POST 4 body\n");
}

TEST_F(ServerTest, RequestsMayArriveByteByByte) {
  Start();
  RawClient client(server_->address());
  for (char c : std::string("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")) {
    ASSERT_TRUE(client.Say(std::string(1, c)));
  }
  EXPECT_EQ(client.Read().body, "POST  abc\n");
}

TEST_F(ServerTest, LargeBodiesArriveWhole) {
  Start();
  RawClient client(server_->address());
  const std::string body(1 << 20, 'b');
  EXPECT_EQ(client.Ask("POST", "/echo", body).body, "POST  " + body + "\n");
}

TEST_F(ServerTest, ChunkedBodiesArriveWhole) {
  Start();
  RawClient client(server_->address());
  ASSERT_TRUE(
      client.Say("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
  EXPECT_EQ(client.Read().body, "POST  abcde\n");
  EXPECT_EQ(client.Ask("GET", "/echo").status, 200);
}

TEST_F(ServerTest, HeadHasNoBody) {
  Start();
  RawClient client(server_->address());
  const RawResponse head = client.Ask("HEAD", "/echo?x=1");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), "8");  // "HEAD 1 \n"
  EXPECT_EQ(client.Ask("GET", "/echo?x=2").body, "GET 2 \n");
}

TEST_F(ServerTest, UnknownPathsAndMethods) {
  Start();
  RawClient client(server_->address());
  EXPECT_EQ(client.Ask("GET", "/nothing").status, 404);
  const RawResponse wrong = client.Ask("DELETE", "/echo");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.at("allow"), "GET, HEAD, POST");
  EXPECT_EQ(client.Ask("GET", "/echo").status, 200);
}

TEST_F(ServerTest, OtherOriginsMayReadEveryAnswer) {
  Start();
  const auto ask = [this](std::string_view head) {
    RawClient client(server_->address());
    client.Say(std::string(head) + "Host: a\r\nOrigin: http://grafana\r\n\r\n");
    return client.Read();
  };
  const std::pair<std::string_view, int> requests[] = {
      {"OPTIONS /api/echo HTTP/1.1\r\n", 204},
      {"OPTIONS /api/un/known HTTP/1.1\r\n", 204},
      {"POST /api/echo HTTP/1.1\r\n", 200},
      {"GET /api/echo HTTP/1.1\r\n", 405},
      {"GET /api/unknown HTTP/1.1\r\n", 404},
      {"POST /api/unknown HTTP/1.1\r\nContent-Length: 1\r\n", 404},
      {"POST /api/echo HTTP/1.1\r\nContent-Length: 9999999\r\n", 413},
  };
  for (const auto& [head, status] : requests) {
    const RawResponse response = ask(head);
    EXPECT_EQ(response.status, status) << head;
    EXPECT_EQ(response.headers.at("access-control-allow-origin"), "http://grafana") << head;
    EXPECT_EQ(response.headers.at("access-control-expose-headers"), "Date") << head;
    EXPECT_EQ(response.headers.at("vary"), "Origin") << head;
  }
  RawClient client(server_->address());
  EXPECT_EQ(client.Ask("POST", "/api/echo").headers.at("vary"), "Origin");
  EXPECT_EQ(client.Ask("POST", "/api/echo").headers.count("access-control-allow-origin"), 0u);
  EXPECT_EQ(client.Ask("POST", "/echo", "", "Origin: a\r\n").headers.count("vary"), 0u);
}

TEST_F(ServerTest, ExpectContinueIsAnswered) {
  Start();
  RawClient client(server_->address());
  ASSERT_TRUE(client.Say(
      "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"));
  EXPECT_EQ(client.Read(/*head=*/true).status, 100);
  ASSERT_TRUE(client.Say("abc"));
  EXPECT_EQ(client.Read().body, "POST  abc\n");
}

TEST_F(ServerTest, TooLargeBodiesAreRefusedBeforeTheyCome) {
  Start();
  RawClient client(server_->address());
  ASSERT_TRUE(
      client.Say("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                 "Content-Length: 2000000\r\n\r\n"));
  const RawResponse response = client.Read();
  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(response.headers.at("connection"), "close");
  EXPECT_TRUE(client.ReadsEnd());
}

TEST_F(ServerTest, RefusalsReachClientsThatKeepSending) {
  Start();
  RawClient client(server_->address());
  ASSERT_TRUE(client.Say("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n"));
  const std::string body(4'000'000, 'x');
  ASSERT_TRUE(client.Say(body));
  EXPECT_EQ(client.Read().status, 413);
}

TEST_F(ServerTest, ChunkedBodiesAreLimitedToo) {
  Start();
  RawClient client(server_->address());
  ASSERT_TRUE(
      client.Say("POST /guarded HTTP/1.1\r\nHost: a\r\nKey: open\r\n"
                 "Transfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n0\r\n\r\n"));
  EXPECT_EQ(client.Read().status, 413);
}

TEST_F(ServerTest, AdmissionDecidesOnTheHead) {
  Start();
  RawClient refused(server_->address());
  EXPECT_EQ(refused.Ask("POST", "/guarded", "body").status, 401);
  RawClient admitted(server_->address());
  EXPECT_EQ(admitted.Ask("POST", "/guarded", "body", "Key: open\r\n").status, 200);
  EXPECT_EQ(admitted.Ask("POST", "/guarded", "a longer body", "Key: open\r\n").status, 413);
}

TEST_F(ServerTest, AllBodiesTogetherAreBounded) {
  options_.max_buffered_bodies = 100;
  Start();
  RawClient first(server_->address());
  ASSERT_TRUE(first.Say("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 80\r\n\r\nx"));
  RawClient second(server_->address());
  RawResponse response;
  do {  // Until the first head has been seen.
    RawClient probe(server_->address());
    response = probe.Ask("POST", "/echo", std::string(30, 'x'));
  } while (response.status == 200);
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.headers.at("retry-after"), "1");
  ASSERT_TRUE(first.Say(std::string(79, 'x')));
  EXPECT_EQ(first.Read().status, 200);
  EXPECT_EQ(second.Ask("POST", "/echo", std::string(30, 'x')).status, 200);
}

TEST_F(ServerTest, BodiesThatNeverArriveAreForgotten) {
  options_.max_buffered_bodies = 100;
  Start();
  for (int i = 0; i < 10; ++i) {
    RawClient client(server_->address());
    ASSERT_TRUE(client.Say("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 80\r\n\r\nx"));
  }
  int status = 503;
  while (status == 503) {  // Until the last of them is seen to have gone.
    RawClient client(server_->address());
    status = client.Ask("POST", "/echo", std::string(90, 'x')).status;
  }
  EXPECT_EQ(status, 200);
}

TEST_F(ServerTest, LargeHeadersGet431) {
  Start();
  RawClient client(server_->address());
  ASSERT_TRUE(client.Say("GET / HTTP/1.1\r\nX: " + std::string(70'000, 'x')));
  EXPECT_EQ(client.Read().status, 431);
}

TEST_F(ServerTest, BadRequestLinesGet400) {
  Start();
  RawClient client(server_->address());
  ASSERT_TRUE(client.Say("HELLO\r\n\r\n"));
  EXPECT_EQ(client.Read().status, 400);
  EXPECT_TRUE(client.ReadsEnd());
  EXPECT_THAT(Metrics(), HasSubstr("tidegate_http_rejected_total{reason=\"malformed\"} 1"));
}

TEST_F(ServerTest, SlowHeadersGet408) {
  options_.read_timeout = absl::Milliseconds(50);
  Start();
  RawClient client(server_->address());
  ASSERT_TRUE(client.Say("GET /echo HTTP/1.1\r\nHost:"));
  EXPECT_EQ(client.Read().status, 408);
}

TEST_F(ServerTest, SlowBodiesGet408) {
  options_.read_timeout = absl::Milliseconds(50);
  Start();
  RawClient client(server_->address());
  ASSERT_TRUE(client.Say("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"));
  EXPECT_EQ(client.Read().status, 408);
  EXPECT_THAT(Metrics(), HasSubstr("tidegate_http_rejected_total{reason=\"timeout\"} 1"));
}

TEST_F(ServerTest, IdleConnectionsAreClosedSilently) {
  options_.idle_timeout = absl::Milliseconds(50);
  Start();
  RawClient client(server_->address());
  EXPECT_EQ(client.Ask("GET", "/echo").status, 200);
  EXPECT_TRUE(client.ReadsEnd());
}

TEST_F(ServerTest, ClientsThatHangUpCancelTheirRequest) {
  Start();
  RawClient client(server_->address());
  ASSERT_TRUE(client.Say("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n"));
  AwaitWaiting();
  client.Close();
  EXPECT_TRUE(cancelled_.WaitForNotificationWithTimeout(absl::Seconds(5)));
}

TEST_F(ServerTest, ResetsCancelTheRequestToo) {
  Start();
  RawClient client(server_->address());
  ASSERT_TRUE(client.Say("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n"));
  AwaitWaiting();
  client.Close(/*reset=*/true);
  EXPECT_TRUE(cancelled_.WaitForNotificationWithTimeout(absl::Seconds(5)));
}

TEST_F(ServerTest, HangUpsAreSeenBehindPipelinedRequests) {
  Start();
  RawClient client(server_->address());
  ASSERT_TRUE(client.Say("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n"));
  AwaitWaiting();
  ASSERT_TRUE(client.Say(kGetEcho));
  client.Close();
  EXPECT_TRUE(cancelled_.WaitForNotificationWithTimeout(absl::Seconds(5)));
}

TEST_F(ServerTest, HalfClosedClientsStillGetTheirAnswer) {
  Start();
  RawClient client(server_->address());
  ASSERT_TRUE(client.Say(kGetEcho));
  client.HalfClose();
  EXPECT_EQ(client.Read().body, "GET 1 \n");
  EXPECT_TRUE(client.ReadsEnd());
}

TEST_F(ServerTest, FullQueueGets503) {
  options_.worker_threads = 1;
  options_.max_queued_requests = 0;
  Start();
  RawClient busy(server_->address());
  ASSERT_TRUE(busy.Say("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n"));
  AwaitWaiting();
  RawClient client(server_->address());
  const RawResponse response = client.Ask("GET", "/echo");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.headers.at("retry-after"), "1");
  EXPECT_EQ(client.Ask("GET", "/alive").status, 200);  // Needs no worker.
  release_.Notify();
  EXPECT_EQ(busy.Read().status, 200);
  EXPECT_THAT(Metrics(), HasSubstr("tidegate_http_rejected_total{reason=\"queue_full\"} 1"));
}

TEST_F(ServerTest, TooManyConnectionsGet503) {
  options_.max_connections = 1;
  Start();
  RawClient first(server_->address());
  EXPECT_EQ(first.Ask("GET", "/echo").status, 200);
  RawClient second(server_->address());
  const RawResponse refused = second.Read();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.body, "too many connections\n");
  EXPECT_EQ(refused.headers.at("access-control-allow-origin"), "*");
  EXPECT_EQ(first.Ask("GET", "/echo").status, 200);
}

TEST_F(ServerTest, PagesOfOtherOriginsSeeWhyARequestCouldNotBeRead) {
  options_.max_header_bytes = 200;
  Start();
  for (const std::string request : {"GARBAGE\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
                                    "GET /api/echo HTTP/1.1\r\nHost: a\r\nPad: <>\r\n\r\n"}) {
    RawClient client(server_->address());
    std::string text = request;
    if (const size_t pad = text.find("<>"); pad != text.npos) text.replace(pad, 2, 300, 'x');
    ASSERT_TRUE(client.Say(text));
    const RawResponse response = client.Read();
    EXPECT_GE(response.status, 400) << request;
    EXPECT_EQ(response.headers.at("access-control-allow-origin"), "*") << request;
    EXPECT_EQ(response.headers.at("vary"), "Origin") << request;
  }
  // Of a request whose path is known, the path decides.
  RawClient known(server_->address());
  ASSERT_TRUE(known.Say("GET /api/echo HTTP/1.1\r\nOrigin: http://g\r\n\r\n"));
  EXPECT_EQ(known.Read().headers.at("access-control-allow-origin"), "http://g");
  RawClient other(server_->address());
  ASSERT_TRUE(other.Say("GET /echo HTTP/1.1\r\nOrigin: http://g\r\n\r\n"));
  EXPECT_EQ(other.Read().headers.count("access-control-allow-origin"), 0u);
}

TEST_F(ServerTest, StreamsArriveWhole) {
  Start();
  RawClient client(server_->address());
  const RawResponse response = client.Ask("GET", "/stream?n=5000000");
  EXPECT_EQ(response.headers.at("transfer-encoding"), "chunked");
  EXPECT_EQ(response.body, std::string(5'000'000, 'x'));
  EXPECT_EQ(client.Ask("GET", "/stream?n=10").headers.at("content-length"), "10");
}

TEST_F(ServerTest, StreamsAreCompressed) {
  Start();
  RawClient client(server_->address());
  const RawResponse response =
      client.Ask("GET", "/stream?n=5000000", {}, "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(response.headers.at("content-encoding"), "gzip");
  EXPECT_LT(response.body.size(), 100'000u);
}

TEST_F(ServerTest, ClientsThatDoNotReadAreDropped) {
  options_.write_timeout = absl::Milliseconds(100);
  Start();
  RawClient client(server_->address());
  client.ShrinkReceiveBuffer();
  ASSERT_TRUE(client.Say("GET /stream?n=500000000 HTTP/1.1\r\nHost: a\r\n\r\n"));
  // The worker comes back, and the connection is gone.
  while (Metrics().find("code=\"200\",route=\"/stream\"} 1") == std::string::npos ||
         Metrics().find("tidegate_http_connections 0") == std::string::npos) {
    absl::SleepFor(absl::Milliseconds(5));
  }
}

TEST_F(ServerTest, UnfinishedStreamsAreCutOff) {
  Start();
  RawClient client(server_->address());
  EXPECT_EQ(client.Ask("GET", "/cut").status, 0);
}

TEST_F(ServerTest, HandlersThatFailAnswer500) {
  Start();
  RawClient client(server_->address());
  EXPECT_EQ(client.Ask("GET", "/forget").status, 500);
  EXPECT_EQ(client.Ask("GET", "/throw").status, 500);
}

TEST_F(ServerTest, OldClientsAreServed) {
  Start();
  RawClient client(server_->address());
  ASSERT_TRUE(client.Say("GET /echo HTTP/1.0\r\n\r\n"));
  EXPECT_EQ(client.Read().body, "GET  \n");
  EXPECT_TRUE(client.ReadsEnd());
}

TEST_F(ServerTest, ShutdownLetsRunningRequestsEnd) {
  Start();
  RawClient idle(server_->address());
  ASSERT_EQ(idle.Ask("GET", "/echo").status, 200);
  RawClient busy(server_->address());
  ASSERT_TRUE(busy.Say("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n"));
  AwaitWaiting();
  auto stopped = std::async(std::launch::async,
                            [this] { server_->Shutdown(absl::Now() + absl::Seconds(30)); });
  EXPECT_TRUE(idle.ReadsEnd());
  EXPECT_FALSE(RawClient(server_->address()).connected());
  release_.Notify();
  EXPECT_EQ(busy.Read().body, "waited\n");
  stopped.get();
}

TEST_F(ServerTest, ShutdownCancelsAtTheDeadline) {
  Start();
  RawClient busy(server_->address());
  ASSERT_TRUE(busy.Say("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n"));
  AwaitWaiting();
  server_->Shutdown(absl::Now() + absl::Milliseconds(20));
  EXPECT_TRUE(cancelled_.HasBeenNotified());
  EXPECT_EQ(busy.Read().status, 0);
  server_->Shutdown(absl::Now());
}

TEST_F(ServerTest, ServesManyClientsAtOnce) {
  Start();
  std::vector<std::thread> clients;
  std::atomic<int> answered = 0;
  for (int i = 0; i < 16; ++i) {
    clients.emplace_back([&] {
      for (int n = 0; n < 50; ++n) {
        RawClient client(server_->address());
        if (client.Ask("POST", "/echo", "x").status == 200) ++answered;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(answered, 800);
}

TEST(HttpServer, RefusesBadAddresses) {
  model::MetricsRegistry registry;
  HttpServerOptions options;
  for (const char* address : {"nothing", "127.0.0.1:", "127.0.0.1:http-nonsense"}) {
    options.address = address;
    EXPECT_EQ(HttpServer::Start(options, std::make_unique<Router>(), &registry).status().code(),
              absl::StatusCode::kInvalidArgument)
        << address;
  }
}

TEST(HttpServer, SaysWhenThePortIsTaken) {
  model::MetricsRegistry registry;
  HttpServerOptions options;
  const auto first = HttpServer::Start(options, std::make_unique<Router>(), &registry);
  ASSERT_TRUE(first.ok());
  options.address = (*first)->address();
  EXPECT_EQ(HttpServer::Start(options, std::make_unique<Router>(), &registry).status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace tidegate::api
