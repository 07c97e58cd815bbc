#include "api/federate/federate_handler.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "api/federate/exposition_format.h"
#include "api/federate/exposition_writer.h"
#include "api/federate/last_samples.h"
#include "proto/wire/metric_family.h"

namespace tidegate::api {
namespace {

constexpr size_t kPieceBytes = 64 << 10;
constexpr std::string_view kInstance = "instance";

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

// Ordered by family, in it by labels. Samples without a name have no place in any format.
using Ordered = std::vector<LastSamples::const_pointer>;

Ordered ByName(const LastSamples& samples) {
  Ordered by_name;
  for (const auto& sample : samples) {
    if (!sample.first.metric_name().empty()) by_name.push_back(&sample);
  }
  std::stable_sort(by_name.begin(), by_name.end(), [](const auto* a, const auto* b) {
    return a->first.metric_name() < b->first.metric_name();
  });
  return by_name;
}

// False when the client has gone.
bool WriteText(const Ordered& samples, NameEscaping escaping, ResponseWriter& response) {
  std::string piece;
  std::string_view family;
  for (const auto* sample : samples) {
    if (sample->second.histogram != nullptr) continue;
    const std::string_view name = sample->first.metric_name();
    if (name != family) AppendUntypedHeader(name, escaping, &piece);
    family = name;
    AppendSample(sample->first, sample->second.value, sample->second.timestamp, escaping, &piece);
    if (piece.size() < kPieceBytes) continue;
    if (!response.Write(piece)) return false;
    piece.clear();
  }
  return response.Write(piece);
}

wire::FamilyType TypeOf(const LastSample& sample) {
  if (sample.histogram == nullptr) return wire::FamilyType::kUntyped;
  return sample.histogram->counter_reset_hint == model::CounterResetHint::kGauge
             ? wire::FamilyType::kGaugeHistogram
             : wire::FamilyType::kHistogram;
}

wire::FamilyMetric MetricOf(const LastSamples::value_type& sample, NameEscaping escaping) {
  wire::FamilyMetric metric;
  for (const model::Label& label : sample.first) {
    if (label.name == model::kMetricNameLabel) continue;
    metric.labels.emplace_back(EscapedName(label.name, /*colon=*/false, escaping), label.value);
  }
  if (!sample.first.Has(kInstance)) metric.labels.emplace_back(kInstance, "");
  metric.timestamp = sample.second.timestamp;
  metric.value = sample.second.value;
  metric.histogram = sample.second.histogram.get();
  return metric;
}

// A name with samples of several kinds becomes several families, which readers of this format take.
bool WriteProtobuf(const Ordered& samples, NameEscaping escaping, ResponseWriter& response) {
  for (size_t begin = 0; begin < samples.size();) {
    const std::string_view name = samples[begin]->first.metric_name();
    const wire::FamilyType type = TypeOf(samples[begin]->second);
    std::vector<wire::FamilyMetric> metrics;
    size_t end = begin;
    for (; end < samples.size() && samples[end]->first.metric_name() == name &&
           TypeOf(samples[end]->second) == type;
         ++end) {
      metrics.push_back(MetricOf(*samples[end], escaping));
    }
    const std::string family =
        wire::DelimitedFamily(EscapedName(name, /*colon=*/true, escaping), type, metrics);
    if (!response.Write(family)) return false;
    begin = end;
  }
  return true;
}

void Write(const LastSamples& samples, const ExpositionFormat& format, ResponseWriter& response) {
  HttpResponse head;
  head.content_type = ContentTypeOf(format);
  response.Begin(std::move(head));
  const Ordered ordered = ByName(samples);
  const bool written = format.protobuf ? WriteProtobuf(ordered, format.escaping, response)
                                       : WriteText(ordered, format.escaping, response);
  if (written) response.End();
}

void Federate(const TenantResolver& resolver, storage::SeriesSource* source,
              const model::Clock* clock, const HttpRequest& request, ResponseWriter& response) {
  const auto tenant = resolver.Resolve(request, model::Permission::kRead, TenantChoice::kSeveral);
  if (!tenant.ok()) return response.Send(TenantRefusal(tenant.status()));
  model::RequestContext context = ContextFor(request, **tenant);
  context.deadline = absl::Now() + (*tenant)->limits.max_query_timeout;
  const auto samples = SelectLastSamples(source, context, (*tenant)->limits,
                                         request.query.All("match[]"), clock->NowMs());
  if (!samples.ok()) {
    return response.Send(
        TextResponse(HttpStatusOf(samples.status().code()), Message(samples.status())));
  }
  Write(*samples, NegotiateFormat(request.headers.Get("Accept")), response);
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
