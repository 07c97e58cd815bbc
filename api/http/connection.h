// One client's connection. Internal to the server: the only headers with the HTTP library in them.
#ifndef TIDEGATE_API_HTTP_CONNECTION_H_
#define TIDEGATE_API_HTTP_CONNECTION_H_

#include <atomic>
#include <boost/beast/core/flat_buffer.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "api/http/body_budget.h"
#include "api/http/client_stream.h"
#include "api/http/deadline_timer.h"
#include "api/http/exchange.h"
#include "api/http/http_metrics.h"
#include "api/http/output_queue.h"
#include "api/http/request_reader.h"
#include "api/http/router.h"
#include "api/http/server.h"
#include "api/http/transmit_window.h"
#include "api/http/web_socket_sessions.h"
#include "api/http/worker_pool.h"

namespace tidegate::api {

// What all connections of a server share. Outlives them.
struct ServerState {
  HttpServerOptions options;
  std::unique_ptr<const Router> router;
  std::unique_ptr<HttpMetrics> metrics;
  std::unique_ptr<WorkerPool> push_workers;
  std::unique_ptr<WorkerPool> workers;  // For everything else.
  std::unique_ptr<WebSocketSessions> web_sockets;

  WorkerPool& WorkersFor(const Route& route) const {
    return route.work == WorkKind::kPush ? *push_workers : *workers;
  }
  std::atomic<bool> draining{false};
  std::unique_ptr<BodyBudget> bodies;
};

// Everything runs on the socket's io thread, except RunHandler and the ResponseTransport methods,
// which run on the worker that answers. The reader belongs to the worker from Dispatch to OnHandled
// and to the io thread otherwise. Kept alive by its pending operations and by the worker.
class Connection : public ResponseTransport, public std::enable_shared_from_this<Connection> {
 public:
  using OnClosed = std::function<void(Connection*)>;

  Connection(ClientStream stream, ServerState* server, OnClosed on_closed);
  ~Connection() override;

  // Any thread.
  void Start();
  // Closes now when idle, otherwise after the answer. Any thread.
  void Drain();
  // Closes now and cancels what runs. Any thread.
  void Kill();

  // ResponseTransport, for the worker.
  bool Transmit(std::string bytes) override;
  void Finish(std::string head, std::string body, bool close) override;
  void Abort() override;

 private:
  enum class Phase {
    kReading,    // A request, or nothing yet.
    kAnswering,  // A handler runs or its answer is being written; input is watched.
    kLingering,  // The answer is out, input is thrown away until the client closes.
    kLeaving,    // The same, and TLS says goodbye.
    kClosed,
  };
  void Advance();
  bool AcceptHead();
  void OpenWebSocket();
  bool ReserveBody(size_t max_bytes);
  void Dispatch();
  void RunHandler();
  void Answer(const HttpHandler& handler);
  void LogSlow(const HttpRequest& request, int status, absl::Duration took) const;
  void Refuse(int status, std::string_view text);
  void OnHandled();

  void Shake();
  void Read();
  void OnRead(const boost::system::error_code& error, size_t count, bool into_body);
  void OnInputEnded(const boost::system::error_code& error);

  void EndRequest(bool close);
  void Linger();
  void SayGoodbye();
  void Close();

  void OnDeadline();

  ClientStream stream_;
  ServerState* const server_;
  const OnClosed on_closed_;
  std::string peer_;
  DeadlineTimer deadline_;

  Phase phase_ = Phase::kReading;
  boost::beast::flat_buffer input_;   // Arrived, not consumed.
  std::unique_ptr<char[]> arriving_;  // Where the pending read writes.
  bool reading_ = false;              // A read is pending.
  bool input_ended_ = false;          // The client closed its side.
  bool request_begun_ = false;        // Bytes of the current request have arrived.
  bool head_done_ = false;            // Its head was accepted or refused.
  RequestReader reader_;
  RouteMatch match_;
  BodyBudget::Reservation body_;
  std::shared_ptr<std::atomic<bool>> cancelled_;  // Of the current request.
  std::string request_id_;                        // Likewise.
  absl::Time arrived_;
  bool counted_in_flight_ = false;
  bool linger_ = false;  // Input of a refused request may still be on its way.

  OutputQueue::Piece final_;  // Written by the worker, taken in OnHandled.
  bool aborted_ = false;      // Likewise.

  TransmitWindow window_;  // Of a stream.
  OutputQueue output_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_CONNECTION_H_
