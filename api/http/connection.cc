#include "api/http/connection.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstring>
#include <exception>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "api/http/head_admission.h"
#include "api/http/request_id.h"

namespace tidegate::api {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr size_t kReadBytes = 16 << 10;
// What a stream may have on its way to the client before its writer waits.
constexpr size_t kMaxTransmitting = 256 << 10;

std::string PeerOf(tcp::socket& socket) {
  error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  if (error) return {};
  return fmt::format("{}:{}", peer.address().to_string(), peer.port());
}

}  // namespace

Connection::Connection(ClientStream stream, ServerState* server, OnClosed on_closed)
    : stream_(std::move(stream)),
      server_(server),
      on_closed_(std::move(on_closed)),
      peer_(PeerOf(stream_.next_layer())),
      deadline_(stream_.get_executor()),
      input_(server->options.max_header_bytes + kReadBytes),
      arriving_(std::make_unique_for_overwrite<char[]>(kReadBytes)),
      reader_(server->options.max_header_bytes),
      window_(kMaxTransmitting),
      output_(
          &stream_, &deadline_, server->options.write_timeout, &window_,
          {.answered = [this](bool close) { EndRequest(close); }, .failed = [this] { Close(); }}) {
  server_->metrics->ConnectionOpened();
}

Connection::~Connection() { server_->metrics->ConnectionClosed(); }

void Connection::Start() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    if (self->phase_ == Phase::kClosed) return;
    error_code ignored;
    self->stream_.next_layer().set_option(tcp::no_delay(true), ignored);
    self->deadline_.OnExpiry(self, [connection = self.get()] { connection->OnDeadline(); });
    self->deadline_.Set(self->server_->options.read_timeout);
    self->stream_.encrypted() ? self->Shake() : self->Read();
  });
}

void Connection::Drain() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    if (self->phase_ == Phase::kReading && !self->request_begun_) self->Close();
  });
}

void Connection::Kill() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] { self->Close(); });
}

// --- From bytes to a handler ---

void Connection::Advance() {
  while (phase_ == Phase::kReading) {
    const auto data = input_.cdata();
    const auto progress = reader_.Feed({static_cast<const char*>(data.data()), data.size()});
    input_.consume(progress.consumed);
    switch (progress.status) {
      case RequestReader::Status::kNeedMore:
        Read();
        return;
      case RequestReader::Status::kError:
        server_->metrics->Rejected(progress.error_status == 413 ? Rejection::kBodySize
                                                                : Rejection::kMalformed);
        Refuse(progress.error_status, progress.error);
        return;
      case RequestReader::Status::kHead:
        if (!AcceptHead()) return;
        break;
      case RequestReader::Status::kComplete:
        Dispatch();
        return;
    }
  }
}

// False when the request is answered already, or reading goes on later.
bool Connection::AcceptHead() {
  head_done_ = true;
  HttpRequest& request = reader_.request();
  request.peer = peer_;
  request_id_ = RequestIdOf(request.headers);
  request.headers.Add(kGivenRequestIdField, request_id_);
  cancelled_ = request.cancelled;
  match_ = server_->router->Find(request.method, request.segments);
  request.path = match_.path;
  const bool has_body = reader_.chunked() || reader_.content_length().value_or(0) > 0;
  if (match_.route != nullptr && match_.route->web_socket && !has_body && WantsWebSocket(request)) {
    OpenWebSocket();
    return false;
  }
  Admission admission = AdmitHead(match_, request, has_body);
  if (admission.refusal) {
    linger_ = has_body;
    Answer([&admission](const HttpRequest&, ResponseWriter& response) {
      response.Send(*std::move(admission.refusal));
    });
    OnHandled();
    return false;
  }
  if (reader_.content_length().value_or(0) > admission.max_body_bytes) {
    server_->metrics->Rejected(Rejection::kBodySize);
    Refuse(413,
           fmt::format("the body is larger than the limit of {} bytes", admission.max_body_bytes));
    return false;
  }
  if (!ReserveBody(admission.max_body_bytes)) return false;
  reader_.AllowBody(admission.max_body_bytes);
  if (!has_body || !reader_.expects_continue() || input_.size() > 0) return true;
  output_.SendContinue(shared_from_this(), [this] { Advance(); });
  return false;
}

// Hands the socket over, or answers why not. Nothing is being read or written at this moment.
void Connection::OpenWebSocket() {
  const HttpRequest& request = reader_.request();
  WebSocketAdmission admission = match_.route->web_socket(request);
  if (!admission.refusal && !server_->web_sockets->HasRoom()) {
    admission.refusal = TextResponse(503, "too many WebSockets are open");
  }
  if (admission.refusal || server_->draining.load()) {
    Answer([&admission](const HttpRequest&, ResponseWriter& response) {
      response.Send(admission.refusal ? *std::move(admission.refusal)
                                      : TextResponse(503, "the server is shutting down"));
    });
    OnHandled();
    return;
  }
  server_->metrics->Answered(match_.route, 101, absl::ZeroDuration());
  phase_ = Phase::kClosed;
  output_.Stop();
  deadline_.Stop();
  server_->web_sockets->Open(std::move(stream_), request, std::move(admission.handler));
  on_closed_(this);
}

// Counts the body against the bound on all bodies in memory; chunked ones with their limit.
bool Connection::ReserveBody(size_t max_bytes) {
  body_ = server_->bodies->Reserve(reader_.chunked() ? max_bytes
                                                     : reader_.content_length().value_or(0));
  if (body_.ok()) return true;
  server_->metrics->Rejected(Rejection::kBodies);
  Refuse(503, "too many request bodies in memory");
  return false;
}

void Connection::Dispatch() {
  phase_ = Phase::kAnswering;
  arrived_ = absl::Now();
  counted_in_flight_ = true;
  server_->metrics->RequestStarted();
  deadline_.Clear();
  Read();  // Watches for a client that hangs up.
  if (match_.route == nullptr || match_.route->nonblocking) {
    RunHandler();
    return;
  }
  WorkerPool& workers = server_->WorkersFor(*match_.route);
  if (workers.TrySubmit([self = shared_from_this()] { self->RunHandler(); })) return;
  server_->metrics->Rejected(Rejection::kQueueFull);
  Answer([](const HttpRequest&, ResponseWriter& response) {
    response.AddHeader("Retry-After", "1");
    response.Send(TextResponse(503, "the server is busy: too many requests are waiting"));
  });
  OnHandled();
}

void Connection::RunHandler() {
  if (match_.route != nullptr) {
    Answer(match_.route->handler);
  } else {
    Answer(
        [this](const HttpRequest&, ResponseWriter& response) { response.Send(NoRoute(match_)); });
  }
  asio::post(stream_.get_executor(), [self = shared_from_this()] { self->OnHandled(); });
}

// Without the query string, which is the tenant's business (the query log has it).
void Connection::LogSlow(const HttpRequest& request, int status, absl::Duration took) const {
  spdlog::warn("slow request: {} {} answered {} after {:.3f} s, from {}, request id {}",
               MethodName(request.method), request.target.substr(0, request.target.find('?')),
               status, absl::ToDoubleSeconds(took), request.peer, request_id_);
}

// Runs a handler to its end; what it answers is sent when OnHandled takes over.
void Connection::Answer(const HttpHandler& handler) {
  ExchangeOptions options;
  const HttpRequest& request = reader_.request();
  options.head_only = request.method == HttpMethod::kHead;
  options.chunked = !head_done_ || reader_.http11();
  options.keep_alive = head_done_ && !linger_ && reader_.keep_alive() && !server_->draining.load();
  options.coding = ChooseCoding(request.headers.Get("Accept-Encoding"));
  Exchange exchange(options, this);
  const CrossOrigin& cross_origin = server_->router->cross_origin();
  if (head_done_ || !request.segments.empty()) {
    cross_origin.AddFields(request, exchange);
  } else {
    for (auto& [name, value] : cross_origin.FieldsForUnread()) {
      exchange.AddHeader(std::move(name), std::move(value));
    }
  }
  if (head_done_) exchange.AddHeader(std::string(kRequestIdField), request_id_);
  try {
    handler(request, exchange);
  } catch (const std::exception&) {
    // Only a library under a handler can throw; Close answers for it.
  }
  exchange.Close();
  if (exchange.status() == 500) {
    const std::string_view target = request.target;
    spdlog::error("request {}: {} {} was answered with 500", request_id_,
                  MethodName(request.method), target.substr(0, target.find('?')));
  }
  const absl::Duration took = counted_in_flight_ ? absl::Now() - arrived_ : absl::ZeroDuration();
  server_->metrics->Answered(match_.route, exchange.status(), took);
  if (took > server_->options.slow_request_threshold) LogSlow(request, exchange.status(), took);
}

// Answers a request that did not arrive completely; its connection cannot be used again.
void Connection::Refuse(int status, std::string_view text) {
  phase_ = Phase::kAnswering;
  linger_ = true;
  Answer([status, text](const HttpRequest&, ResponseWriter& response) {
    if (status == 503) response.AddHeader("Retry-After", "1");
    response.Send(TextResponse(status, text));
  });
  OnHandled();
}

void Connection::OnHandled() {
  phase_ = phase_ == Phase::kClosed ? Phase::kClosed : Phase::kAnswering;
  if (std::exchange(counted_in_flight_, false)) server_->metrics->RequestEnded();
  body_.Release();
  if (std::exchange(aborted_, false)) {
    Close();
    return;
  }
  output_.Enqueue(shared_from_this(), std::exchange(final_, OutputQueue::Piece()));
}

// --- Input ---

// The handshake of TLS, within the time for a request.
void Connection::Shake() {
  stream_.AsyncHandshake([self = shared_from_this()](const error_code& error) {
    if (self->phase_ == Phase::kClosed) return;
    if (error) {
      self->server_->metrics->Rejected(Rejection::kTls);
      self->Close();
      return;
    }
    self->deadline_.Set(self->server_->options.read_timeout);
    self->Read();
  });
}

void Connection::Read() {
  if (reading_ || phase_ == Phase::kClosed) return;
  if (input_ended_) {
    OnInputEnded(asio::error::eof);
    return;
  }
  const auto handler = [self = shared_from_this()](bool into_body) {
    return [self, into_body](const error_code& error, size_t count) {
      self->OnRead(error, count, into_body);
    };
  };
  const bool body = phase_ == Phase::kReading && head_done_ && !reader_.BodySpace().empty();
  if (body) {
    reading_ = true;
    const auto space = reader_.BodySpace();
    stream_.async_read_some(asio::buffer(space.data(), space.size()), handler(true));
    return;
  }
  const size_t room = std::min(kReadBytes, input_.max_size() - input_.size());
  if (room == 0) return;  // A client that sends far ahead waits until it is its turn.
  reading_ = true;
  // Not into input_ itself: it moves when requests are taken out of it while a read is pending.
  stream_.async_read_some(asio::buffer(arriving_.get(), room), handler(false));
}

void Connection::OnRead(const error_code& error, size_t count, bool into_body) {
  reading_ = false;
  if (phase_ == Phase::kClosed) return;
  if (error) {
    OnInputEnded(error);
    return;
  }
  if (into_body) {
    reader_.BodyFilled(count);
  } else {
    std::memcpy(input_.prepare(count).data(), arriving_.get(), count);
    input_.commit(count);
  }
  switch (phase_) {
    case Phase::kReading:
      if (!std::exchange(request_begun_, true)) deadline_.Set(server_->options.read_timeout);
      Advance();
      break;
    case Phase::kAnswering:
      Read();
      break;
    case Phase::kLingering:
    case Phase::kLeaving:
      input_.consume(input_.size());
      Read();
      break;
    case Phase::kClosed:
      break;
  }
}

// A client that closed its side while it waits for an answer has gone, as far as anyone can know.
// The answer is still tried: it may have closed only one direction.
void Connection::OnInputEnded(const error_code& error) {
  if (phase_ != Phase::kAnswering || error != asio::error::eof) {
    Close();
    return;
  }
  if (cancelled_ != nullptr) cancelled_->store(true, std::memory_order_relaxed);
  input_ended_ = true;
}

// --- Output ---

bool Connection::Transmit(std::string bytes) {
  if (!window_.Enter(bytes.size())) return false;
  asio::post(stream_.get_executor(),
             [self = shared_from_this(), bytes = std::move(bytes)]() mutable {
               self->output_.Enqueue(self, {{}, std::move(bytes), /*last=*/false, /*close=*/false});
             });
  return true;
}

void Connection::Finish(std::string head, std::string body, bool close) {
  final_ = {std::move(head), std::move(body), /*last=*/true, close};
}

void Connection::Abort() { aborted_ = true; }

void Connection::EndRequest(bool close) {
  if (close || server_->draining.load()) {
    if (linger_ && !input_ended_) {
      Linger();
    } else if (stream_.encrypted()) {
      SayGoodbye();
    } else {
      Close();
    }
    return;
  }
  reader_.Reset();
  match_ = RouteMatch();
  head_done_ = false;
  cancelled_.reset();
  phase_ = Phase::kReading;
  request_begun_ = input_.size() > 0;
  deadline_.Set(request_begun_ ? server_->options.read_timeout : server_->options.idle_timeout);
  Advance();
}

// Closing a socket with unread input resets it, and the client would lose the answer. So the rest
// of a refused request is thrown away for a while.
void Connection::Linger() {
  phase_ = Phase::kLingering;
  input_.consume(input_.size());
  deadline_.Set(server_->options.linger_timeout);
  if (stream_.encrypted()) {
    SayGoodbye();
    return;
  }
  error_code ignored;
  stream_.next_layer().shutdown(tcp::socket::shutdown_send, ignored);
  Read();
}

// Input goes on being thrown away until the client closes, too.
void Connection::SayGoodbye() {
  phase_ = Phase::kLeaving;
  input_.consume(input_.size());
  deadline_.Set(server_->options.linger_timeout);
  stream_.AsyncGoodbye([self = shared_from_this()](const error_code&) { self->Close(); });
  Read();
}

void Connection::Close() {
  if (phase_ == Phase::kClosed) return;
  // While a worker answers it still uses the body; OnHandled counts it down then.
  if (phase_ != Phase::kAnswering) body_.Release();
  phase_ = Phase::kClosed;
  output_.Stop();
  if (cancelled_ != nullptr) cancelled_->store(true, std::memory_order_relaxed);
  window_.Close();
  error_code ignored;
  tcp::socket& socket = stream_.next_layer();
  socket.shutdown(tcp::socket::shutdown_both, ignored);
  socket.close(ignored);
  deadline_.Stop();
  on_closed_(this);
}

void Connection::OnDeadline() {
  if (phase_ == Phase::kReading && request_begun_) {
    server_->metrics->Rejected(Rejection::kTimeout);
    Refuse(408, "the request did not arrive in time");
  } else {
    Close();
  }
}

}  // namespace tidegate::api
