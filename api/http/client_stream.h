// A client's socket, with or without TLS. Internal to the server: includes the HTTP library.
#ifndef TIDEGATE_API_HTTP_CLIENT_STREAM_H_
#define TIDEGATE_API_HTTP_CLIENT_STREAM_H_

#include <openssl/ssl.h>

#include <boost/asio/async_result.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <optional>
#include <utility>

namespace tidegate::api {

// An AsyncStream in the sense of Asio and Beast; moves as long as nothing is pending. Used on the
// socket's io thread. Without TLS it costs one branch per operation.
class ClientStream {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using next_layer_type = Socket;  // NOLINT(readability-identifier-naming): Beast asks for it.
  using executor_type = Socket::executor_type;  // NOLINT(readability-identifier-naming)

  explicit ClientStream(Socket socket) : plain_(std::in_place, std::move(socket)) {}
  // Over TLS, as a server; the context is shared.
  ClientStream(Socket socket, SSL_CTX* context) {
    SSL_CTX_up_ref(context);
    boost::asio::ssl::context shared(context);
    encrypted_.emplace(std::move(socket), shared);
  }

  bool encrypted() const { return encrypted_.has_value(); }
  // The socket itself: options, addresses, closing.
  Socket& next_layer() { return encrypted() ? encrypted_->next_layer() : *plain_; }
  executor_type get_executor() { return next_layer().get_executor(); }

  // To be called first, and only with TLS: handler(error).
  template <typename Handler>
  void AsyncHandshake(Handler handler) {
    encrypted_->async_handshake(boost::asio::ssl::stream_base::server, std::move(handler));
  }
  // Says goodbye, so that the client knows that nothing was cut off; only with TLS:
  // handler(error).
  template <typename Handler>
  void AsyncGoodbye(Handler handler) {
    encrypted_->async_shutdown(std::move(handler));
  }

  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, size_t)>(
        [this](auto handler, const Buffers& into) {
          if (encrypted()) {
            encrypted_->async_read_some(into, std::move(handler));
          } else {
            plain_->async_read_some(into, std::move(handler));
          }
        },
        token, buffers);
  }

  template <typename Buffers, typename Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, size_t)>(
        [this](auto handler, const Buffers& from) {
          if (encrypted()) {
            encrypted_->async_write_some(from, std::move(handler));
          } else {
            plain_->async_write_some(from, std::move(handler));
          }
        },
        token, buffers);
  }

 private:
  // One of the two.
  std::optional<Socket> plain_;
  std::optional<boost::asio::ssl::stream<Socket>> encrypted_;
};

// What Beast calls after the closing handshake of a WebSocket. The peers have said goodbye there,
// so the socket is closed without another of TLS.
template <typename Handler>
void async_teardown(boost::beast::role_type role, ClientStream& stream, Handler&& handler) {
  boost::beast::websocket::async_teardown(role, stream.next_layer(),
                                          std::forward<Handler>(handler));
}

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_CLIENT_STREAM_H_
