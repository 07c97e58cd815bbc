#include "api/http/server.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "api/http/connection.h"
#include "api/http/tls_context.h"
#include "model/metrics/metrics_registry.h"

namespace tidegate::api {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// The whole answer to a connection that is not read.
std::string TooManyConnections(const CrossOrigin& cross_origin) {
  std::string fields;
  for (const auto& [name, value] : cross_origin.FieldsForUnread()) {
    fields += fmt::format("{}: {}\r\n", name, value);
  }
  return fmt::format(
      "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n"
      "Content-Length: 21\r\n{}Retry-After: 1\r\nConnection: close\r\n\r\ntoo many connections\n",
      fields);
}

// How long accepting rests when the process has run out of descriptors.
constexpr std::chrono::milliseconds kAcceptRest(100);

// An event loop with its own thread. A connection lives on one of them.
class IoThread {
 public:
  IoThread() : context_(1), work_(context_.get_executor()), thread_([this] { context_.run(); }) {}
  ~IoThread() { Stop(); }

  asio::io_context& context() { return context_; }

  void Stop() {
    work_.reset();
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
};

absl::StatusOr<std::pair<std::string, std::string>> SplitAddress(std::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == address.npos || colon + 1 == address.size()) {
    return absl::InvalidArgumentError(fmt::format("\"{}\" is not host:port", address));
  }
  std::string_view host = address.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  return std::pair(std::string(host), std::string(address.substr(colon + 1)));
}

absl::StatusOr<tcp::endpoint> ResolveAddress(asio::io_context& context, std::string_view address) {
  auto parts = SplitAddress(address);
  if (!parts.ok()) return parts.status();
  error_code error;
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(parts->first, parts->second, tcp::resolver::passive, error);
  if (error || found.empty()) {
    return absl::InvalidArgumentError(
        fmt::format("cannot resolve \"{}\": {}", address, error.message()));
  }
  return found.begin()->endpoint();
}

class AsioHttpServer : public HttpServer {
 public:
  AsioHttpServer(const HttpServerOptions& options, std::unique_ptr<const Router> router,
                 model::MetricsRegistry* registry) {
    state_.options = options;
    state_.metrics = std::make_unique<HttpMetrics>(registry, *router);
    state_.router = std::move(router);
    state_.bodies = std::make_unique<BodyBudget>(options.max_buffered_bodies);
    state_.push_workers =
        std::make_unique<WorkerPool>(options.push_worker_threads, options.max_queued_requests);
    state_.workers =
        std::make_unique<WorkerPool>(options.worker_threads, options.max_queued_requests);
    state_.web_sockets = std::make_unique<WebSocketSessions>(options.max_web_sockets);
    if (options.tls.files.enabled()) tls_ = std::make_unique<TlsContext>(options.tls);
    for (int i = 0; i < options.io_threads; ++i) io_.push_back(std::make_unique<IoThread>());
  }

  ~AsioHttpServer() override { Shutdown(absl::InfinitePast()); }

  absl::Status ReloadTls() override { return tls_ == nullptr ? absl::OkStatus() : tls_->Load(); }

  absl::Status Listen() {
    asio::io_context& context = io_.front()->context();
    const auto endpoint = ResolveAddress(context, state_.options.address);
    if (!endpoint.ok()) return endpoint.status();
    acceptor_ = std::make_unique<tcp::acceptor>(context);
    accept_rest_ = std::make_unique<asio::steady_timer>(context);
    error_code error;
    acceptor_->open(endpoint->protocol(), error);
    // A restart right after a crash must not wait for old connections to time out.
    if (!error) acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_->bind(*endpoint, error);
    if (!error) acceptor_->listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      return absl::UnavailableError(
          fmt::format("cannot listen on {}: {}", state_.options.address, error.message()));
    }
    SetAddress();
    asio::post(context, [this] { Accept(); });
    return absl::OkStatus();
  }

  std::string address() const override { return address_; }

  void Shutdown(absl::Time deadline) override {
    absl::MutexLock lock(&shutdown_mutex_);
    if (std::exchange(stopped_, true)) return;
    state_.draining = true;
    StopAccepting();
    state_.web_sockets->CloseAll();
    for (const auto& connection : Connections()) connection->Drain();
    AwaitNoConnections(deadline);
    for (const auto& connection : Connections()) connection->Kill();
    AwaitNoConnections(absl::InfiniteFuture());
    state_.web_sockets->CloseAll();
    state_.push_workers->Stop();
    state_.workers->Stop();
    for (const auto& io : io_) io->Stop();
  }

 private:
  void SetAddress() {
    error_code error;
    const tcp::endpoint local = acceptor_->local_endpoint(error);
    const std::string host = local.address().to_string();
    address_ = local.address().is_v6() ? fmt::format("[{}]:{}", host, local.port())
                                       : fmt::format("{}:{}", host, local.port());
  }

  void Accept() {
    next_io_ = (next_io_ + 1) % io_.size();
    acceptor_->async_accept(io_[next_io_]->context(),
                            [this](const error_code& error, tcp::socket socket) {
                              OnAccepted(error, std::move(socket));
                            });
  }

  void OnAccepted(const error_code& error, tcp::socket socket) {
    if (state_.draining || error == asio::error::operation_aborted) return;
    if (error) {
      accept_rest_->expires_after(kAcceptRest);
      accept_rest_->async_wait([this](const error_code& cancelled) {
        if (!cancelled) Accept();
      });
      return;
    }
    Serve(std::move(socket));
    Accept();
  }

  void Serve(tcp::socket socket) {
    absl::MutexLock lock(&mutex_);
    if (connections_.size() >= static_cast<size_t>(state_.options.max_connections)) {
      state_.metrics->Rejected(Rejection::kConnections);
      error_code ignored;
      socket.non_blocking(true, ignored);
      if (tls_ == nullptr) {
        const std::string answer = TooManyConnections(state_.router->cross_origin());
        socket.write_some(asio::buffer(answer), ignored);
      }
      return;
    }
    ClientStream stream = tls_ == nullptr ? ClientStream(std::move(socket))
                                          : ClientStream(std::move(socket), tls_->current().get());
    auto connection = std::make_shared<Connection>(std::move(stream), &state_,
                                                   [this](Connection* closed) { Forget(closed); });
    connections_[connection.get()] = connection;
    connection->Start();
  }

  void Forget(Connection* connection) {
    absl::MutexLock lock(&mutex_);
    connections_.erase(connection);
  }

  std::vector<std::shared_ptr<Connection>> Connections() {
    absl::MutexLock lock(&mutex_);
    std::vector<std::shared_ptr<Connection>> all;
    all.reserve(connections_.size());
    for (const auto& [key, connection] : connections_) all.push_back(connection);
    return all;
  }

  void AwaitNoConnections(absl::Time deadline) {
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithDeadline(
        absl::Condition(
            +[](absl::flat_hash_map<Connection*, std::shared_ptr<Connection>>* connections) {
              return connections->empty();
            },
            &connections_),
        deadline);
  }

  // Returns when no connection can be added any more.
  void StopAccepting() {
    if (acceptor_ == nullptr) return;
    absl::Notification closed;
    asio::post(io_.front()->context(), [this, &closed] {
      error_code ignored;
      acceptor_->close(ignored);
      accept_rest_->cancel();
      closed.Notify();
    });
    closed.WaitForNotification();
  }

  ServerState state_;
  std::unique_ptr<TlsContext> tls_;  // nullptr for plain HTTP.
  std::string address_;
  absl::Mutex shutdown_mutex_;
  bool stopped_ ABSL_GUARDED_BY(shutdown_mutex_) = false;
  absl::Mutex mutex_;
  absl::flat_hash_map<Connection*, std::shared_ptr<Connection>> connections_
      ABSL_GUARDED_BY(mutex_);
  // After the state that connections point to: pending operations own connections.
  std::vector<std::unique_ptr<IoThread>> io_;
  // On the first io thread.
  std::unique_ptr<tcp::acceptor> acceptor_;
  std::unique_ptr<asio::steady_timer> accept_rest_;
  size_t next_io_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const HttpServerOptions& options,
                                                              std::unique_ptr<const Router> router,
                                                              model::MetricsRegistry* registry) {
  if (options.io_threads < 1 || options.worker_threads < 1 || options.push_worker_threads < 1) {
    return absl::InvalidArgumentError("an HTTP server needs threads");
  }
  auto server = std::make_unique<AsioHttpServer>(options, std::move(router), registry);
  if (absl::Status loaded = server->ReloadTls(); !loaded.ok()) return loaded;
  if (const absl::Status listening = server->Listen(); !listening.ok()) return listening;
  return server;
}

}  // namespace tidegate::api
