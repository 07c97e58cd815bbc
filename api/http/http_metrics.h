// What the HTTP server tells about itself.
#ifndef TIDEGATE_API_HTTP_HTTP_METRICS_H_
#define TIDEGATE_API_HTTP_HTTP_METRICS_H_

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "api/http/router.h"

namespace tidegate::model {
class MetricsRegistry;
class Timer;
}  // namespace tidegate::model

namespace tidegate::api {

// Why a request or a connection was turned away before any handler saw it.
enum class Rejection : uint8_t {
  kConnections,  // Too many connections.
  kQueueFull,    // All workers are busy and the queue is full.
  kBodies,       // Too many bytes of bodies in memory.
  kBodySize,     // One body beyond its limit.
  kMalformed,    // Not HTTP, a header beyond its limit, an unsupported version.
  kTimeout,      // The request did not arrive in time.
  kTls,          // The handshake failed: not TLS, an old version, no acceptable certificate.
};

// Thread safe. Counters are looked up once per route and code, then counted without a lock.
class HttpMetrics {
 public:
  // The registry must outlive it; routes are those of the server's router, by index.
  HttpMetrics(model::MetricsRegistry* registry, const Router& router);

  // One answered request; `route` is nullptr when none was found.
  void Answered(const Route* route, int status, absl::Duration duration);
  void Rejected(Rejection reason);
  void RequestStarted() { in_flight_->Increment(); }
  void RequestEnded() { in_flight_->Decrement(); }
  void ConnectionOpened() { connections_->Increment(); }
  void ConnectionClosed() { connections_->Decrement(); }

 private:
  static constexpr size_t kRejections = 7;
  static constexpr int kFirstStatus = 200;
  static constexpr int kLastStatus = 599;

  struct RouteMetrics {
    std::string_view name;
    model::Timer* duration = nullptr;
    std::array<std::atomic<prometheus::Counter*>, kLastStatus - kFirstStatus + 1> by_status = {};
  };

  RouteMetrics& For(const Route* route);
  prometheus::Counter& ByStatus(RouteMetrics& route, int status);

  prometheus::Family<prometheus::Counter>* requests_;
  std::array<prometheus::Counter*, kRejections> rejected_;
  prometheus::Gauge* in_flight_;
  prometheus::Gauge* connections_;
  std::vector<std::pair<const Route*, std::unique_ptr<RouteMetrics>>> routes_;  // Sorted by route.
  RouteMetrics unknown_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_HTTP_METRICS_H_
