// The HTTP/1.1 server: sockets, limits and timeouts around a router.
#ifndef TIDEGATE_API_HTTP_SERVER_H_
#define TIDEGATE_API_HTTP_SERVER_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "api/http/router.h"
#include "model/tls_files.h"

namespace tidegate::model {
class MetricsRegistry;
}

namespace tidegate::api {

struct HttpTlsOptions {
  model::TlsFiles files;             // ca_file: the authorities of clients' certificates.
  bool require_client_cert = false;  // Otherwise one is verified when it is shown.
};

struct HttpServerOptions {
  std::string address = "127.0.0.1:0";  // host:port, [v6]:port; an empty host is every interface.
  int io_threads = 2;
  int worker_threads = 128;               // For all requests but pushes.
  int push_worker_threads = 16;           // For routes of WorkKind::kPush.
  int max_connections = 4096;             // Beyond it: 503 and closed.
  size_t max_web_sockets = 256;           // Each has a thread. Beyond it: 503.
  size_t max_queued_requests = 512;       // Waiting for a worker. Beyond it: 503 with Retry-After.
  size_t max_header_bytes = 64 << 10;     // Request line and fields. Beyond it: 431.
  size_t max_buffered_bodies = 1u << 30;  // Bytes of all bodies in memory. Beyond it: 503.
  absl::Duration idle_timeout = absl::Minutes(5);   // Between requests.
  absl::Duration read_timeout = absl::Seconds(30);  // From the first byte of a request to its last.
  absl::Duration write_timeout = absl::Seconds(30);  // For the client to take each 256 KB.
  absl::Duration linger_timeout =
      absl::Seconds(2);  // To read on after a refusal, so that it arrives.
  // Requests that take longer, until their answer is handed over, are a warning in the log.
  absl::Duration slow_request_threshold = absl::InfiniteDuration();
  HttpTlsOptions tls;  // Without files: plain HTTP.
};

// Serves from construction to Shutdown. Handlers run on worker threads, so they may block; while
// one runs its connection is watched, and HttpRequest::cancelled is set as soon as the client hangs
// up. Requests of one connection are answered one after the other, in order. The answer leaves when
// the handler returns (a stream's pieces earlier).
class HttpServer {
 public:
  // Binds, listens and serves at once. InvalidArgument for a malformed address, Unavailable when it
  // cannot be bound, what ReloadTls says for certificates. The registry must outlive the server.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const HttpServerOptions& options,
                                                           std::unique_ptr<const Router> router,
                                                           model::MetricsRegistry* registry);

  // Shuts down at once.
  virtual ~HttpServer() = default;

  // host:port that is listened on.
  virtual std::string address() const = 0;

  // Reads the certificates again, for connections from now on. Ok without TLS. NotFound and
  // InvalidArgument name the file and the mistake; the certificates in force stay then.
  virtual absl::Status ReloadTls() = 0;

  // Stops accepting, closes idle connections, lets running requests end until the deadline; then
  // cancels them, closes their connections and waits for their handlers to return. Idempotent.
  virtual void Shutdown(absl::Time deadline) = 0;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_SERVER_H_
