#include "api/loki/tail_endpoint.h"

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "api/loki/log_result_json.h"
#include "api/loki/loki_error.h"
#include "api/loki/parameters.h"
#include "api/loki/tail.h"

namespace tidegate::api {
namespace {

constexpr size_t kDefaultLimit = 100;
constexpr int kMaxDelaySeconds = 5;

// How many tails each tenant has. Thread safe.
class TailCounts {
 public:
  // The number with this one.
  uint32_t Enter(const std::string& tenant) {
    absl::MutexLock lock(&mutex_);
    return ++counts_[tenant];
  }
  void Leave(const std::string& tenant) {
    absl::MutexLock lock(&mutex_);
    const auto it = counts_.find(tenant);
    if (--it->second == 0) counts_.erase(it);
  }

 private:
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, uint32_t> counts_ ABSL_GUARDED_BY(mutex_);
};

// Counts one tail as long as it lives.
class TailPlace {
 public:
  TailPlace(std::shared_ptr<TailCounts> counts, std::string tenant)
      : counts_(std::move(counts)), tenant_(std::move(tenant)), number_(counts_->Enter(tenant_)) {}
  ~TailPlace() { counts_->Leave(tenant_); }
  TailPlace(const TailPlace&) = delete;
  TailPlace& operator=(const TailPlace&) = delete;
  uint32_t number() const { return number_; }

 private:
  const std::shared_ptr<TailCounts> counts_;
  const std::string tenant_;
  const uint32_t number_;
};

absl::StatusOr<TailRequest> ReadTailRequest(const HttpRequest& head, const model::Clock& clock) {
  const Parameters& parameters = head.query;
  const auto bounds = ReadBounds(parameters, absl::ToUnixNanos(clock.Now()), absl::Hours(1));
  if (!bounds.ok()) return bounds.status();
  const auto limit = ReadCount(parameters, "limit", kDefaultLimit);
  if (!limit.ok()) return limit.status();
  TailRequest request;
  request.query = std::string(parameters.Get("query"));
  request.start = bounds->begin;
  request.limit = *limit;
  if (const std::string_view text = parameters.Get("delay_for"); !text.empty()) {
    int seconds = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || seconds < 0) {
      return absl::InvalidArgumentError(fmt::format("delay_for \"{}\" is not a number", text));
    }
    if (seconds > kMaxDelaySeconds) {
      return absl::InvalidArgumentError(
          fmt::format("delay_for can't be greater than {}", kMaxDelaySeconds));
    }
    request.delay = absl::Seconds(seconds);
  }
  request.categorize = WantsCategorizedLabels(head.headers.Get(kEncodingFlags));
  return request;
}

WebSocketAdmission Refuse(const absl::Status& status) {
  WebSocketAdmission admission;
  admission.refusal = LokiErrorResponse(status);
  AddChallenge(status, &*admission.refusal);
  return admission;
}

}  // namespace

void AddTailRoute(const TenantResolver* resolver, query::LogQueryService* logs,
                  const model::Clock* clock, Router* router) {
  Route route;
  route.pattern = "/loki/api/v1/tail";
  route.handler = [](const HttpRequest&, ResponseWriter& response) {
    response.Send(TextResponse(400, "tailing needs a WebSocket"));
  };
  route.web_socket = [resolver, logs, clock,
                      counts = std::make_shared<TailCounts>()](const HttpRequest& head) {
    const auto tenant = resolver->Resolve(head, model::Permission::kRead);
    if (!tenant.ok()) return Refuse(tenant.status());
    const auto request = ReadTailRequest(head, *clock);
    if (!request.ok()) return Refuse(request.status());
    auto place = std::make_shared<TailPlace>(counts, (*tenant)->name);
    const uint32_t most = (*tenant)->limits.logs.max_concurrent_tail_requests;
    if (most != 0 && place->number() > most) {
      return Refuse(absl::InvalidArgumentError(
          fmt::format("max concurrent tail requests limit exceeded, count > limit ({} > {})",
                      place->number(), most)));
    }
    WebSocketAdmission admission;
    admission.handler = [request = *request, context = ContextFor(head, **tenant), place, logs,
                         clock](WebSocket& socket) {
      Tail(request, TailOptions(), context, logs, clock).Run(socket);
    };
    return admission;
  };
  router->Add(std::move(route));
}

}  // namespace tidegate::api
