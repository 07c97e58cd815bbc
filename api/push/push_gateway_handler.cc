#include "api/push/push_gateway_handler.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "api/json/json_writer.h"
#include "api/json/number_text.h"
#include "api/push/push_encoding.h"
#include "model/labels.h"

namespace tidegate::api {
namespace {

constexpr std::string_view kBase64 = "@base64";
constexpr std::string_view kProtobuf = "application/vnd.google.protobuf";
constexpr absl::Duration kTimeout = absl::Seconds(30);

absl::StatusOr<std::string> DecodeBase64(std::string_view text) {
  const size_t end = text.find_last_not_of('=');
  const std::string bare(text.substr(0, end == text.npos ? 0 : end + 1));
  std::string value;
  if (absl::WebSafeBase64Unescape(bare, &value) || absl::Base64Unescape(bare, &value)) return value;
  return absl::InvalidArgumentError(fmt::format("{} is not base64", text));
}

HttpResponse Failed(const absl::Status& status) {
  HttpResponse response = TextResponse(PushHttpStatus(status), MessageOf(status));
  if (response.status == 429 || response.status == 503) {
    response.headers.emplace_back("Retry-After", "1");
  }
  return response;
}

absl::Status CheckType(const HttpRequest& head) {
  const std::string_view encoding = TrimBlanks(head.headers.Get("Content-Encoding"));
  if (encoding.empty() || EqualsIgnoreCase(encoding, "identity")) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("content encoding {} is not accepted", encoding));
}

control::PushGroupFormat FormatOf(const HttpRequest& request) {
  const std::string_view type = request.headers.Get("Content-Type");
  return EqualsIgnoreCase(TrimBlanks(type.substr(0, type.find(';'))), kProtobuf)
             ? control::PushGroupFormat::kProtobuf
             : control::PushGroupFormat::kText;
}

Admission Admit(const TenantResolver& resolver, const HttpRequest& head) {
  Admission admission;
  const auto tenant = resolver.Resolve(head, model::Permission::kWrite);
  if (!tenant.ok()) {
    admission.refusal = TenantRefusal(tenant.status());
    return admission;
  }
  if (const absl::Status status = CheckType(head); !status.ok()) {
    admission.refusal = TextResponse(415, MessageOf(status));
  }
  const model::TenantLimits& limits = (*tenant)->limits;
  admission.max_body_bytes = limits.max_body_bytes;
  if (limits.control.max_push_group_bytes > 0) {
    admission.max_body_bytes =
        std::min<size_t>(admission.max_body_bytes, limits.control.max_push_group_bytes);
  }
  return admission;
}

void Change(const TenantResolver& resolver, control::PushGroups& groups, const HttpRequest& request,
            ResponseWriter& writer) {
  const auto tenant = resolver.Resolve(request, model::Permission::kWrite);
  if (!tenant.ok()) return writer.Send(TenantRefusal(tenant.status()));
  if (const absl::Status status = CheckType(request); !status.ok()) {
    return writer.Send(TextResponse(415, MessageOf(status)));
  }
  const auto labels = ReadGroupingKey(request.segments);
  if (!labels.ok()) return writer.Send(TextResponse(400, MessageOf(labels.status())));
  model::RequestContext context = ContextFor(request, **tenant);
  context.deadline = absl::Now() + kTimeout;
  HttpResponse done;
  absl::Status status;
  if (request.method == HttpMethod::kDelete) {
    status = groups.Delete(context, *labels);
    done.status = 202;
  } else {
    status = groups.Push(context, *labels, FormatOf(request), request.body,
                         request.method == HttpMethod::kPut);
  }
  writer.Send(status.ok() ? std::move(done) : Failed(status));
}

std::string_view TypeName(model::MetricType type) {
  switch (type) {
    case model::MetricType::kCounter:
      return "COUNTER";
    case model::MetricType::kGauge:
      return "GAUGE";
    case model::MetricType::kSummary:
      return "SUMMARY";
    case model::MetricType::kHistogram:
      return "HISTOGRAM";
    case model::MetricType::kGaugeHistogram:
      return "GAUGE_HISTOGRAM";
    default:
      return "UNTYPED";
  }
}

void WriteLabels(const control::PushLabels& group, const control::PushLabels& own,
                 JsonWriter* json) {
  std::map<std::string_view, std::string_view> labels(own.begin(), own.end());
  for (const auto& [name, value] : group) labels[name] = value;
  json->BeginObject();
  for (const auto& [name, value] : labels) {
    json->Key(name);
    json->String(value);
  }
  json->EndObject();
}

std::string TimeText(model::TimestampMs time) {
  return absl::FormatTime(absl::RFC3339_full, absl::FromUnixMillis(time), absl::UTCTimeZone());
}

struct ShownSeries {
  const control::PushLabels* labels = nullptr;
  std::string_view suffix;  // _sum, _count, _bucket or nothing.
  std::string value;
};

void WriteFamily(const control::PushGroup& group, std::string_view type, std::string_view help,
                 model::TimestampMs pushed, const std::vector<ShownSeries>& series,
                 JsonWriter* json) {
  json->BeginObject();
  json->Key("time_stamp");
  json->String(TimeText(pushed));
  json->Key("type");
  json->String(type);
  if (!help.empty()) {
    json->Key("help");
    json->String(help);
  }
  json->Key("metrics");
  json->BeginArray();
  for (const ShownSeries& one : series) {
    json->BeginObject();
    json->Key("labels");
    WriteLabels(group.labels, *one.labels, json);
    if (!one.suffix.empty()) {
      json->Key("suffix");
      json->String(one.suffix);
    }
    json->Key("value");
    json->String(one.value);
    json->EndObject();
  }
  json->EndArray();
  json->EndObject();
}

std::string ValueText(const control::PushedSeries& series) {
  if (!series.histogram.has_value()) return FloatText(series.value);
  return fmt::format("native histogram, count {}",
                     FloatText(model::ToFloat(*series.histogram).count));
}

void WriteGroup(const control::PushGroup& group, JsonWriter* json) {
  static const control::PushLabels kNone;
  json->BeginObject();
  json->Key("labels");
  WriteLabels(group.labels, {}, json);
  json->Key("last_push_successful");
  json->Bool(group.pushed >= group.failed);
  const std::pair<const char*, model::TimestampMs> times[] = {
      {"push_time_seconds", group.pushed}, {"push_failure_time_seconds", group.failed}};
  for (const auto& [name, time] : times) {
    json->Key(name);
    WriteFamily(group, "GAUGE", "", std::max(group.pushed, group.failed),
                {{&kNone, "", FloatText(static_cast<double>(time) / 1000)}}, json);
  }
  for (const auto& [name, family] : group.families) {
    std::vector<ShownSeries> shown;
    for (const control::PushedSeries& series : family.series) {
      const std::string_view suffix =
          series.name.starts_with(name) ? std::string_view(series.name).substr(name.size()) : "";
      shown.push_back({&series.labels, suffix, ValueText(series)});
    }
    json->Key(name);
    WriteFamily(group, TypeName(family.metadata.type), family.metadata.help, family.pushed, shown,
                json);
  }
  json->EndObject();
}

void List(const TenantResolver& resolver, control::PushGroups& groups, const HttpRequest& request,
          ResponseWriter& writer) {
  const auto tenant = resolver.Resolve(request, model::Permission::kRead);
  if (!tenant.ok()) return writer.Send(TenantRefusal(tenant.status()));
  model::RequestContext context = ContextFor(request, **tenant);
  context.deadline = absl::Now() + kTimeout;
  const auto listed = groups.List(context);
  if (!listed.ok()) return writer.Send(Failed(listed.status()));
  StringSink sink;
  JsonWriter json(&sink);
  json.BeginObject();
  json.Key("status");
  json.String("success");
  json.Key("data");
  json.BeginArray();
  for (const control::PushGroup& group : *listed) WriteGroup(group, &json);
  json.EndArray();
  json.EndObject();
  json.Flush();
  HttpResponse response;
  response.content_type = std::string(kApplicationJson);
  response.body = sink.text();
  writer.Send(std::move(response));
}

}  // namespace

absl::StatusOr<control::PushLabels> ReadGroupingKey(const std::vector<std::string>& segments) {
  control::PushLabels labels;
  if (segments.size() / 2 > kMaxGroupingLabels + 1) {
    return absl::InvalidArgumentError(
        fmt::format("more than {} labels beside job", kMaxGroupingLabels));
  }
  for (size_t i = 1; i + 1 < segments.size(); i += 2) {
    std::string name = segments[i];
    absl::StatusOr<std::string> value = segments[i + 1];
    if (name.ends_with(kBase64)) {
      name.resize(name.size() - kBase64.size());
      value = DecodeBase64(segments[i + 1]);
      if (!value.ok()) return value.status();
    }
    if (name == model::kMetricNameLabel || name.empty() || !model::IsValidUtf8(name) ||
        !model::IsValidUtf8(*value)) {
      return absl::InvalidArgumentError(fmt::format("{} is no label of a group", name));
    }
    if (i == 1 && value->empty()) return absl::InvalidArgumentError("job name is required");
    labels.emplace_back(std::move(name), *std::move(value));
  }
  if (segments.size() % 2 == 0) {
    return absl::InvalidArgumentError(
        fmt::format("odd number of components in label string {}", segments.back()));
  }
  if (labels.empty() || labels[0].first != "job") {
    return absl::InvalidArgumentError("job name is required");
  }
  std::sort(labels.begin(), labels.end());
  const auto twice =
      std::adjacent_find(labels.begin(), labels.end(),
                         [](const auto& a, const auto& b) { return a.first == b.first; });
  if (twice != labels.end()) {
    return absl::InvalidArgumentError(fmt::format("duplicate label {}", twice->first));
  }
  std::erase_if(labels, [](const auto& label) { return label.second.empty(); });
  return labels;
}

void AddPushGatewayRoutes(const TenantResolver* resolver, control::PushGroups* groups,
                          Router* router) {
  for (const HttpMethod method : {HttpMethod::kPut, HttpMethod::kPost, HttpMethod::kDelete}) {
    Route route;
    route.method = method;
    route.pattern = "/metrics/*";
    route.work = WorkKind::kPush;
    route.admit = [resolver](const HttpRequest& head) { return Admit(*resolver, head); };
    route.handler = [resolver, groups](const HttpRequest& request, ResponseWriter& writer) {
      Change(*resolver, *groups, request, writer);
    };
    router->Add(std::move(route));
  }
  Route list;
  list.pattern = "/api/v1/metrics";
  list.handler = [resolver, groups](const HttpRequest& request, ResponseWriter& writer) {
    List(*resolver, *groups, request, writer);
  };
  router->Add(std::move(list));
}

}  // namespace tidegate::api
