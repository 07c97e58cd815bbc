#include "api/http/http_metrics.h"

#include <algorithm>
#include <functional>
#include <string>

#include "model/metrics/metrics_registry.h"

namespace tidegate::api {
namespace {

constexpr std::string_view kUnknownRoute = "unknown";

// Seconds; from a health check to the longest query.
model::MetricsRegistry::Buckets DurationBounds() {
  return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120};
}

std::string_view RejectionName(size_t reason) {
  static constexpr std::array<std::string_view, 7> kNames = {
      "connections", "queue_full", "bodies", "body_size", "malformed", "timeout", "tls"};
  return kNames[reason];
}

}  // namespace

HttpMetrics::HttpMetrics(model::MetricsRegistry* registry, const Router& router) {
  requests_ = &prometheus::BuildCounter()
                   .Name("tidegate_http_requests_total")
                   .Help("Answered HTTP requests by route and status code.")
                   .Register(*registry);
  auto& rejected = prometheus::BuildCounter()
                       .Name("tidegate_http_rejected_total")
                       .Help("Requests and connections turned away before a handler saw them.")
                       .Register(*registry);
  for (size_t i = 0; i < kRejections; ++i) {
    rejected_[i] = &rejected.Add({{"reason", std::string(RejectionName(i))}});
  }
  in_flight_ = &prometheus::BuildGauge()
                    .Name("tidegate_http_requests_in_flight")
                    .Help("Requests that arrived completely and are not answered.")
                    .Register(*registry)
                    .Add({});
  connections_ = &prometheus::BuildGauge()
                      .Name("tidegate_http_connections")
                      .Help("Open connections.")
                      .Register(*registry)
                      .Add({});
  const auto describe = [registry](RouteMetrics* metrics, std::string_view name) {
    metrics->name = name;
    metrics->duration =
        &registry->AddTimer("tidegate_http_request_duration_seconds",
                            "Time from the complete request to the complete answer.",
                            DurationBounds(), {{"route", std::string(name)}});
  };
  for (size_t i = 0; i < router.size(); ++i) {
    routes_.emplace_back(&router.route(i), std::make_unique<RouteMetrics>());
    describe(routes_.back().second.get(), router.route(i).pattern);
  }
  std::sort(routes_.begin(), routes_.end(), [](const auto& a, const auto& b) {
    return std::less<const Route*>()(a.first, b.first);
  });
  describe(&unknown_, kUnknownRoute);
}

void HttpMetrics::Answered(const Route* route, int status, absl::Duration duration) {
  RouteMetrics& metrics = For(route);
  ByStatus(metrics, status).Increment();
  metrics.duration->Observe(absl::ToDoubleSeconds(duration));
}

void HttpMetrics::Rejected(Rejection reason) {
  rejected_[static_cast<size_t>(reason)]->Increment();
}

HttpMetrics::RouteMetrics& HttpMetrics::For(const Route* route) {
  const auto found = std::lower_bound(
      routes_.begin(), routes_.end(), route,
      [](const auto& entry, const Route* r) { return std::less<const Route*>()(entry.first, r); });
  return found != routes_.end() && found->first == route ? *found->second : unknown_;
}

prometheus::Counter& HttpMetrics::ByStatus(RouteMetrics& route, int status) {
  std::atomic<prometheus::Counter*>& slot =
      route.by_status[std::clamp(status, kFirstStatus, kLastStatus) - kFirstStatus];
  prometheus::Counter* counter = slot.load(std::memory_order_acquire);
  if (counter == nullptr) {
    // Add hands out the same counter for the same labels, so a race is harmless.
    counter =
        &requests_->Add({{"route", std::string(route.name)}, {"code", std::to_string(status)}});
    slot.store(counter, std::memory_order_release);
  }
  return *counter;
}

}  // namespace tidegate::api
