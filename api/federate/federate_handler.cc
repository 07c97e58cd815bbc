#include "api/federate/federate_handler.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "api/federate/exposition_writer.h"
#include "query/selector_text.h"

namespace tidegate::api {
namespace {

constexpr int64_t kLookbackMs = 5 * 60 * 1000;
constexpr size_t kPieceBytes = 64 << 10;
constexpr char kTextFormat[] = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";
constexpr char kUtf8TextFormat[] = "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8";

struct LastSample {
  model::TimestampMs timestamp = 0;
  double value = 0;
};

// Series by their labels: several selectors may find the same one.
using LastSamples = std::map<model::Labels, LastSample>;

absl::Status TooMuch() {
  return absl::ResourceExhaustedError("federation would load too many samples into memory");
}

// Keeps the newest sample of each series, if it is a float and no stale marker.
class LastSampleSink final : public storage::Sink<storage::SelectedSeries> {
 public:
  LastSampleSink(const model::TenantLimits& limits, LastSamples* samples)
      : max_samples_(limits.max_query_samples),
        max_bytes_(limits.max_query_bytes),
        samples_(*samples) {}

  absl::Status Add(storage::SelectedSeries series) override {
    const storage::SeriesColumns& columns = series.columns;
    read_ += columns.values.size() + columns.histograms.size();
    if (max_samples_ != 0 && read_ > max_samples_) return TooMuch();
    if (columns.values.empty()) return absl::OkStatus();
    const LastSample last = {columns.timestamps->back(), columns.values.back()};
    const bool histogram_is_newer =
        !columns.histograms.empty() && columns.histograms.back().timestamp > last.timestamp;
    if (histogram_is_newer || model::IsStaleNan(last.value)) return absl::OkStatus();
    const size_t bytes = series.labels.bytes().size() + sizeof(LastSamples::value_type);
    samples_[std::move(series.labels)] = last;
    return Hold(static_cast<int64_t>(bytes));
  }
  absl::Status Hold(int64_t bytes) override {
    held_ += bytes;
    const bool fits = max_bytes_ == 0 || held_ <= static_cast<int64_t>(max_bytes_);
    return fits ? absl::OkStatus() : TooMuch();
  }

 private:
  const uint64_t max_samples_;
  const uint64_t max_bytes_;
  int64_t held_ = 0;
  LastSamples& samples_;
  uint64_t read_ = 0;
};

std::string_view Message(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

int HttpStatusOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
      return 400;
    case absl::StatusCode::kResourceExhausted:
      return 422;
    case absl::StatusCode::kCancelled:
      return 499;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return 503;
    default:
      return 500;
  }
}

absl::StatusOr<LastSamples> Select(storage::SeriesSource* source,
                                   const model::RequestContext& context,
                                   const model::TenantLimits& limits,
                                   const std::vector<std::string>& matches,
                                   model::TimestampMs now) {
  LastSamples samples;
  for (const std::string& match : matches) {
    auto matchers = query::ParseSelector(match);
    if (!matchers.ok()) return matchers.status();
    LastSampleSink sink(limits, &samples);
    const storage::Selection selection{*std::move(matchers), {now - kLookbackMs + 1, now}};
    if (absl::Status status = source->Select(context, selection, sink); !status.ok()) return status;
  }
  return samples;
}

void Write(const LastSamples& samples, NameEscaping escaping, ResponseWriter& response) {
  std::vector<LastSamples::const_pointer> by_name;
  for (const auto& sample : samples) by_name.push_back(&sample);
  std::stable_sort(by_name.begin(), by_name.end(), [](const auto* a, const auto* b) {
    return a->first.metric_name() < b->first.metric_name();
  });
  HttpResponse head;
  head.content_type = escaping == NameEscaping::kAllowUtf8 ? kUtf8TextFormat : kTextFormat;
  response.Begin(std::move(head));
  std::string piece;
  std::string_view family;
  for (const auto* sample : by_name) {
    const std::string_view name = sample->first.metric_name();
    if (name.empty()) continue;  // The format has no place for it.
    if (name != family) AppendUntypedHeader(name, escaping, &piece);
    family = name;
    AppendSample(sample->first, sample->second.value, sample->second.timestamp, escaping, &piece);
    if (piece.size() < kPieceBytes) continue;
    if (!response.Write(piece)) return;
    piece.clear();
  }
  if (response.Write(piece)) response.End();
}

void Federate(const TenantResolver& resolver, storage::SeriesSource* source,
              const model::Clock* clock, const HttpRequest& request, ResponseWriter& response) {
  const auto tenant = resolver.Resolve(request, model::Permission::kRead);
  if (!tenant.ok()) return response.Send(TenantRefusal(tenant.status()));
  model::RequestContext context = ContextFor(request, **tenant);
  context.deadline = absl::Now() + (*tenant)->limits.max_query_timeout;
  const auto samples =
      Select(source, context, (*tenant)->limits, request.query.All("match[]"), clock->NowMs());
  if (!samples.ok()) {
    return response.Send(
        TextResponse(HttpStatusOf(samples.status().code()), Message(samples.status())));
  }
  const bool utf8 =
      request.headers.Get("Accept").find("escaping=allow-utf-8") != std::string_view::npos;
  Write(*samples, utf8 ? NameEscaping::kAllowUtf8 : NameEscaping::kUnderscores, response);
}

}  // namespace

void AddFederateRoutes(const TenantResolver* resolver, storage::SeriesSource* source,
                       const model::Clock* clock, Router* router) {
  for (const char* path : {"/federate", "/prometheus/federate"}) {
    Route route;
    route.method = HttpMethod::kGet;
    route.pattern = path;
    route.handler = [resolver, source, clock](const HttpRequest& request,
                                              ResponseWriter& response) {
      Federate(*resolver, source, clock, request, response);
    };
    router->Add(std::move(route));
  }
}

}  // namespace tidegate::api
