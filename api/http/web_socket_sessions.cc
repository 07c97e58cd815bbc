#include "api/http/web_socket_sessions.h"

#include <algorithm>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket.hpp>
#include <chrono>
#include <deque>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace tidegate::api {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

constexpr std::chrono::seconds kPingEvery{1};
constexpr std::chrono::seconds kSilence{60};
constexpr std::chrono::seconds kHandshake{30};
// What may wait for a slow client.
constexpr size_t kMaxQueuedBytes = 1 << 20;
// A client has nothing to say.
constexpr size_t kMaxIncomingBytes = 64 << 10;
constexpr size_t kMaxReasonBytes = 123;
constexpr uint16_t kGoingAway = 1001;

beast::http::request<beast::http::empty_body> HandshakeOf(const HttpRequest& head) {
  beast::http::request<beast::http::empty_body> request(
      beast::http::verb::get, beast::string_view(head.target.data(), head.target.size()), 11);
  for (const char* name : {"Host", "Upgrade", "Connection", "Sec-WebSocket-Key",
                           "Sec-WebSocket-Version", "Sec-WebSocket-Protocol"}) {
    const std::string_view value = head.headers.Get(name);
    if (!value.empty()) request.set(name, beast::string_view(value.data(), value.size()));
  }
  return request;
}

}  // namespace

// Everything about the stream runs on the socket's io thread; what other threads see is guarded.
// Kept alive by its pending operations, by the handler's thread and by the sessions.
class WebSocketSession final : public WebSocket,
                               public std::enable_shared_from_this<WebSocketSession> {
 public:
  WebSocketSession(ClientStream stream, const HttpRequest& head, WebSocketHandler handler,
                   WebSocketSessions* sessions)
      : stream_(std::move(stream)),
        ping_timer_(stream_.get_executor()),
        handshake_(HandshakeOf(head)),
        handler_(std::move(handler)),
        sessions_(*sessions) {}

  void Start() {
    websocket::stream_base::timeout timeout;
    timeout.handshake_timeout = kHandshake;
    timeout.idle_timeout = kSilence;
    timeout.keep_alive_pings = false;
    stream_.set_option(timeout);
    stream_.read_message_max(kMaxIncomingBytes);
    stream_.text(true);
    stream_.async_accept(handshake_, [self = shared_from_this()](const error_code& error) {
      self->OnAccepted(error);
    });
  }

  Sent Send(std::string text) override {
    absl::MutexLock lock(&mutex_);
    if (closed_) return Sent::kClosed;
    if (queued_bytes_ > 0 && queued_bytes_ + text.size() > kMaxQueuedBytes) return Sent::kFull;
    queued_bytes_ += text.size();
    asio::post(stream_.get_executor(),
               [self = shared_from_this(), text = std::move(text)]() mutable {
                 self->output_.push_back(std::move(text));
                 self->WriteNext();
               });
    return Sent::kQueued;
  }

  bool WaitClosed(absl::Duration patience) override {
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&closed_), patience);
  }

  void Close(uint16_t code, std::string_view reason) override {
    {
      absl::MutexLock lock(&mutex_);
      if (std::exchange(closed_, true)) return;
    }
    asio::post(stream_.get_executor(),
               [self = shared_from_this(), code,
                text = std::string(reason.substr(0, std::min(reason.size(), kMaxReasonBytes)))] {
                 self->ending_ = true;
                 self->reason_.code = code;
                 self->reason_.reason = beast::string_view(text.data(), text.size());
                 self->WriteNext();
               });
  }

 private:
  void OnAccepted(const error_code& error) {
    if (error) {
      Fail();
      sessions_.Forget(this);
      return;
    }
    accepted_ = true;
    Read();
    Ping();
    WriteNext();  // Closed meanwhile, by a shutdown.
    std::thread([self = shared_from_this()]() mutable {
      self->handler_(*self);
      self->Close(websocket::close_code::normal, "");
      // The io thread lets go of it last: this one may outlive the server's contexts.
      const auto executor = self->stream_.get_executor();
      asio::post(executor, [self = std::move(self)] {
        self->handler_ = nullptr;
        self->sessions_.Forget(self.get());
      });
    }).detach();
  }

  void Read() {
    stream_.async_read(input_, [self = shared_from_this()](const error_code& error, size_t) {
      if (error) {
        self->Fail();
        return;
      }
      self->input_.consume(self->input_.size());
      self->Read();
    });
  }

  void Ping() {
    ping_timer_.expires_after(kPingEvery);
    ping_timer_.async_wait([self = shared_from_this()](const error_code& cancelled) {
      if (cancelled || self->ending_) return;
      self->stream_.async_ping({}, [self](const error_code& error) {
        if (error) {
          self->Fail();
        } else if (!self->ending_) {
          self->Ping();
        }
      });
    });
  }

  void WriteNext() {
    if (!accepted_ || writing_ || failed_) return;
    if (output_.empty()) {
      if (!ending_) return;
      writing_ = true;
      ping_timer_.cancel();
      stream_.async_close(reason_,
                          [self = shared_from_this()](const error_code&) { self->Fail(); });
      return;
    }
    writing_ = true;
    stream_.async_write(
        asio::buffer(output_.front()),
        [self = shared_from_this()](const error_code& error, size_t) { self->OnWritten(error); });
  }

  void OnWritten(const error_code& error) {
    writing_ = false;
    {
      absl::MutexLock lock(&mutex_);
      queued_bytes_ -= output_.front().size();
    }
    output_.pop_front();
    if (error) {
      Fail();
    } else {
      WriteNext();
    }
  }

  // The connection is of no use any more.
  void Fail() {
    failed_ = true;
    ping_timer_.cancel();
    error_code ignored;
    stream_.next_layer().next_layer().close(ignored);
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }

  websocket::stream<ClientStream> stream_;
  asio::steady_timer ping_timer_;
  const beast::http::request<beast::http::empty_body> handshake_;
  WebSocketHandler handler_;
  WebSocketSessions& sessions_;
  beast::flat_buffer input_;
  std::deque<std::string> output_;
  bool accepted_ = false;  // Before that there is nobody to tell why it ends.
  bool writing_ = false;
  bool ending_ = false;
  bool failed_ = false;
  websocket::close_reason reason_;

  absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  size_t queued_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

bool WantsWebSocket(const HttpRequest& head) {
  return head.method == HttpMethod::kGet &&
         EqualsIgnoreCase(head.headers.Get("Upgrade"), "websocket") &&
         head.headers.Has("Sec-WebSocket-Key");
}

bool WebSocketSessions::HasRoom() const {
  absl::MutexLock lock(&mutex_);
  return sessions_.size() < max_sessions_;
}

void WebSocketSessions::Open(ClientStream stream, const HttpRequest& head,
                             WebSocketHandler handler) {
  auto session =
      std::make_shared<WebSocketSession>(std::move(stream), head, std::move(handler), this);
  {
    absl::MutexLock lock(&mutex_);
    sessions_.insert(session);
  }
  session->Start();
}

void WebSocketSessions::Forget(WebSocketSession* session) {
  // The last reference may be this one: it must not go under the lock.
  const std::shared_ptr<WebSocketSession> kept = session->shared_from_this();
  absl::MutexLock lock(&mutex_);
  sessions_.erase(kept);
}

void WebSocketSessions::CloseAll() {
  std::vector<std::shared_ptr<WebSocketSession>> all;
  {
    absl::MutexLock lock(&mutex_);
    all.assign(sessions_.begin(), sessions_.end());
  }
  for (const auto& session : all) session->Close(kGoingAway, "the server is shutting down");
  all.clear();
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](absl::flat_hash_set<std::shared_ptr<WebSocketSession>>* sessions) {
        return sessions->empty();
      },
      &sessions_));
}

size_t WebSocketSessions::size() const {
  absl::MutexLock lock(&mutex_);
  return sessions_.size();
}

}  // namespace tidegate::api
