#include "api/http/web_socket.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <memory>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "api/http/server.h"
#include "model/metrics/metrics_registry.h"

namespace tidegate::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

class WebSocketTest : public testing::Test {
 protected:
  // Serves `handler` at /talk; /talk?no=1 is refused.
  void Start(WebSocketHandler handler) {
    auto router = std::make_unique<Router>();
    Route route;
    route.pattern = "/talk";
    route.handler = [](const HttpRequest&, ResponseWriter& response) {
      response.Send(TextResponse(400, "only a WebSocket"));
    };
    route.web_socket = [handler](const HttpRequest& head) {
      WebSocketAdmission admission;
      if (head.query.Has("no")) {
        admission.refusal = TextResponse(429, "no");
      } else {
        admission.handler = handler;
      }
      return admission;
    };
    router->Add(std::move(route));
    options_.address = "127.0.0.1:0";
    options_.max_web_sockets = 2;
    auto server = HttpServer::Start(options_, std::move(router), &registry_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  using Stream = websocket::stream<asio::ip::tcp::socket>;

  std::unique_ptr<Stream> Connect(const std::string& target, boost::system::error_code* error) {
    auto stream = std::make_unique<Stream>(context_);
    const std::string address = server_->address();
    const std::string port = address.substr(address.rfind(':') + 1);
    asio::ip::tcp::resolver resolver(context_);
    asio::connect(stream->next_layer(), resolver.resolve("127.0.0.1", port));
    stream->handshake("127.0.0.1", target, *error);
    return stream;
  }
  std::unique_ptr<Stream> Talk() {
    boost::system::error_code error;
    auto stream = Connect("/talk", &error);
    EXPECT_FALSE(error) << error.message();
    return stream;
  }
  static std::string Read(Stream& stream) {
    beast::flat_buffer buffer;
    boost::system::error_code error;
    stream.read(buffer, error);
    if (error) return "closed " + std::to_string(stream.reason().code);
    return beast::buffers_to_string(buffer.data());
  }

  HttpServerOptions options_;
  model::MetricsRegistry registry_;
  asio::io_context context_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(WebSocketTest, MessagesArriveInOrderAndTheEndIsNormal) {
  Start([](WebSocket& socket) {
    socket.Send("one");
    socket.Send("two");
  });
  const auto stream = Talk();
  EXPECT_EQ(Read(*stream), "one");
  EXPECT_EQ(Read(*stream), "two");
  EXPECT_EQ(Read(*stream), "closed 1000");
}

TEST_F(WebSocketTest, TheHandlerGivesTheReason) {
  Start([](WebSocket& socket) { socket.Close(1011, "it broke"); });
  const auto stream = Talk();
  EXPECT_EQ(Read(*stream), "closed 1011");
  EXPECT_EQ(std::string(stream->reason().reason.data(), stream->reason().reason.size()),
            "it broke");
}

TEST_F(WebSocketTest, AHandlerHearsThatTheClientHasGone) {
  std::atomic<bool> gone{false};
  Start([&gone](WebSocket& socket) { gone = socket.WaitClosed(absl::Seconds(20)); });
  Talk()->close(websocket::close_code::normal);
  server_->Shutdown(absl::Now() + absl::Seconds(20));
  EXPECT_TRUE(gone);
}

TEST_F(WebSocketTest, ShutdownClosesWhatIsOpen) {
  Start([](WebSocket& socket) { socket.WaitClosed(absl::InfiniteDuration()); });
  const auto stream = Talk();
  std::thread shutdown([this] { server_->Shutdown(absl::Now() + absl::Seconds(20)); });
  EXPECT_EQ(Read(*stream), "closed 1001");
  shutdown.join();
}

TEST_F(WebSocketTest, ASlowClientMissesMessages) {
  std::atomic<bool> full{false};
  Start([&full](WebSocket& socket) {
    const std::string large(100'000, 'x');
    for (int i = 0; i < 1000 && !full; ++i) full = socket.Send(large) == WebSocket::Sent::kFull;
  });
  const auto stream = Talk();
  size_t messages = 0;
  while (Read(*stream).starts_with('x')) ++messages;
  EXPECT_TRUE(full);
  EXPECT_GT(messages, 0u);
}

TEST_F(WebSocketTest, RefusalsAreAnswers) {
  Start([](WebSocket& socket) { socket.WaitClosed(absl::InfiniteDuration()); });
  boost::system::error_code error;
  Connect("/talk?no=1", &error);
  EXPECT_EQ(error, websocket::error::upgrade_declined);
  const auto first = Talk();
  const auto second = Talk();
  Connect("/talk", &error);
  EXPECT_EQ(error, websocket::error::upgrade_declined);
}

}  // namespace
}  // namespace tidegate::api
