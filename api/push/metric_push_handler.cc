#include "api/push/metric_push_handler.h"

#include <fmt/format.h>

#include <charconv>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "api/json/json_writer.h"
#include "api/push/push_encoding.h"

namespace tidegate::api {
namespace {

using ingest::PushEncoding;
using ingest::PushFormat;

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kProtobuf = "application/x-protobuf";
constexpr std::string_view kExpositionProtobuf = "application/vnd.google.protobuf";
constexpr std::string_view kOpenMetricsText = "application/openmetrics-text";

std::string_view TypeOf(std::string_view content_type) {
  return TrimBlanks(content_type.substr(0, content_type.find(';')));
}

void AppendVarint(uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}

// A field with a varint, and one with bytes, behind it: partial_success and google.rpc.Status have
// the same form.
std::string NumberAndText(uint64_t number, std::string_view text) {
  std::string message("\x08");
  AppendVarint(number, &message);
  message.push_back('\x12');
  AppendVarint(text.size(), &message);
  message.append(text);
  return message;
}

std::string JsonText(std::string_view text) {
  StringSink sink;
  JsonWriter writer(&sink);
  writer.String(text);
  writer.Flush();
  return sink.text();
}

std::string PartialSuccess(const ingest::PushResult& result, bool json) {
  const std::string_view text = MessageOf(result.rejected);
  if (json) {
    return fmt::format(R"({{"partialSuccess":{{"rejectedDataPoints":"{}","errorMessage":{}}}}})",
                       result.rejected_points, JsonText(text));
  }
  const std::string inner = NumberAndText(result.rejected_points, text);
  std::string message("\x0A");  // ExportMetricsServiceResponse.partial_success
  AppendVarint(inner.size(), &message);
  return message + inner;
}

std::string RpcStatus(const absl::Status& status, bool json) {
  const int code = static_cast<int>(status.code());
  if (json) return fmt::format(R"({{"code":{},"message":{}}})", code, JsonText(MessageOf(status)));
  return NumberAndText(static_cast<uint64_t>(code), MessageOf(status));
}

HttpResponse OtlpBody(int code, std::string body, bool json) {
  HttpResponse response;
  response.status = code;
  response.content_type = json ? kJson : kProtobuf;
  response.body = std::move(body);
  if (code == 429 || code == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

bool IsJson(const HttpRequest& request) {
  return EqualsIgnoreCase(TypeOf(request.headers.Get("Content-Type")), kJson);
}

// What a family of endpoints does with a head, and with an outcome.
struct PushKind {
  absl::StatusOr<PushMediaType> (*read_type)(std::string_view content_type,
                                             std::string_view content_encoding);
  HttpResponse (*refuse)(const HttpRequest& head, int code, const absl::Status& status);
  HttpResponse (*answer)(const HttpRequest& request,
                         const absl::StatusOr<ingest::PushResult>& result);
  // Fills what a query string says about the push.
  absl::Status (*read_parameters)(const HttpRequest& request, ingest::PushRequest* push);
};

absl::StatusOr<PushMediaType> TypeOfHead(const PushKind& kind, const HttpRequest& head) {
  return kind.read_type(head.headers.Get("Content-Type"), head.headers.Get("Content-Encoding"));
}

Admission Admit(const TenantResolver& resolver, const PushKind& kind, const HttpRequest& head) {
  Admission admission;
  const auto tenant = resolver.Resolve(head, model::Permission::kWrite);
  if (!tenant.ok()) {
    admission.refusal = TenantRefusal(tenant.status());
    return admission;
  }
  const auto type = TypeOfHead(kind, head);
  if (!type.ok()) admission.refusal = kind.refuse(head, 415, type.status());
  admission.max_body_bytes = (*tenant)->limits.max_body_bytes;
  return admission;
}

void Push(const TenantResolver& resolver, ingest::Ingester& ingester, const PushKind& kind,
          const HttpRequest& request, ResponseWriter& response) {
  const auto tenant = resolver.Resolve(request, model::Permission::kWrite);
  if (!tenant.ok()) return response.Send(TenantRefusal(tenant.status()));
  const auto type = TypeOfHead(kind, request);
  if (!type.ok()) return response.Send(kind.refuse(request, 415, type.status()));
  ingest::PushRequest push = {type->format, type->encoding, request.body};
  if (const absl::Status status = kind.read_parameters(request, &push); !status.ok()) {
    return response.Send(kind.refuse(request, 400, status));
  }
  response.Send(kind.answer(request, ingester.Push(ContextFor(request, **tenant), push)));
}

void AddRoute(const TenantResolver* resolver, ingest::Ingester* ingester, std::string pattern,
              const PushKind& kind, Router* router) {
  Route route;
  route.method = HttpMethod::kPost;
  route.pattern = std::move(pattern);
  route.work = WorkKind::kPush;
  route.admit = [resolver, kind](const HttpRequest& head) { return Admit(*resolver, kind, head); };
  route.handler = [resolver, ingester, kind](const HttpRequest& request, ResponseWriter& response) {
    Push(*resolver, *ingester, kind, request, response);
  };
  router->Add(std::move(route));
}

HttpResponse RefuseOtlp(const HttpRequest& head, int code, const absl::Status& status) {
  const bool json = IsJson(head);
  return OtlpBody(code, RpcStatus(status, json), json);
}

HttpResponse RefuseInText(const HttpRequest&, int code, const absl::Status& status) {
  return TextResponse(code, MessageOf(status));
}

absl::Status NoParameters(const HttpRequest&, ingest::PushRequest*) { return absl::OkStatus(); }

// extra_label=name=value, any number of them, and timestamp in milliseconds, as VictoriaMetrics
// has them.
absl::Status ReadImportParameters(const HttpRequest& request, ingest::PushRequest* push) {
  for (const std::string& label : request.query.All("extra_label")) {
    const size_t equals = label.find('=');
    if (equals == label.npos || equals == 0) {
      return absl::InvalidArgumentError(
          fmt::format("extra_label must be name=value, it is {}", label));
    }
    push->labels.emplace_back(label.substr(0, equals), label.substr(equals + 1));
  }
  const std::string_view timestamp = request.query.Get("timestamp");
  if (timestamp.empty()) return absl::OkStatus();
  const char* const end = timestamp.data() + timestamp.size();
  const auto parsed = std::from_chars(timestamp.data(), end, push->time);
  if (parsed.ec == std::errc() && parsed.ptr == end) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("timestamp must be milliseconds since 1970, it is {}", timestamp));
}

}  // namespace

absl::StatusOr<PushMediaType> ReadOtlpMetricMediaType(std::string_view content_type,
                                                      std::string_view content_encoding) {
  const std::string_view name = TrimBlanks(content_encoding);
  const std::optional<PushEncoding> encoding = FindPushEncoding(name);
  const bool known = encoding == PushEncoding::kGzip || encoding == PushEncoding::kZstd;
  if (!name.empty() && !known) {
    return absl::InvalidArgumentError(
        fmt::format("content encoding {} is not accepted, only gzip and zstd", name));
  }
  PushMediaType media_type;
  media_type.encoding = encoding.value_or(PushEncoding::kIdentity);
  const std::string_view type = TypeOf(content_type);
  if (EqualsIgnoreCase(type, kProtobuf)) {
    media_type.format = PushFormat::kOtlpMetricsProtobuf;
  } else if (EqualsIgnoreCase(type, kJson)) {
    media_type.format = PushFormat::kOtlpMetricsJson;
  } else {
    return absl::InvalidArgumentError(fmt::format("content type {} is not accepted, only {} and {}",
                                                  content_type, kProtobuf, kJson));
  }
  return media_type;
}

absl::StatusOr<PushMediaType> ReadExpositionMediaType(std::string_view content_type,
                                                      std::string_view content_encoding) {
  const std::string_view name = TrimBlanks(content_encoding);
  const std::optional<PushEncoding> encoding = FindPushEncoding(name);
  if (!name.empty() && !encoding.has_value() && !EqualsIgnoreCase(name, "identity")) {
    return absl::InvalidArgumentError(fmt::format("content encoding {} is not known", name));
  }
  PushMediaType media_type;
  media_type.encoding = encoding.value_or(PushEncoding::kIdentity);
  const std::string_view type = TypeOf(content_type);
  media_type.format = EqualsIgnoreCase(type, kExpositionProtobuf) ? PushFormat::kPrometheusProtobuf
                      : EqualsIgnoreCase(type, kOpenMetricsText)  ? PushFormat::kOpenMetrics
                                                                  : PushFormat::kPrometheusText;
  return media_type;
}

absl::StatusOr<PushMediaType> ReadLinesMediaType(std::string_view,
                                                 std::string_view content_encoding) {
  absl::StatusOr<PushMediaType> media_type = ReadExpositionMediaType("", content_encoding);
  if (media_type.ok()) media_type->format = PushFormat::kJsonLines;
  return media_type;
}

HttpResponse OtlpMetricResponse(const absl::StatusOr<ingest::PushResult>& result, bool json) {
  if (!result.ok()) {
    const int code = PushHttpStatus(result.status());
    return OtlpBody(code == 500 ? 503 : code, RpcStatus(result.status(), json), json);
  }
  if (!result->rejected.ok()) return OtlpBody(200, PartialSuccess(*result, json), json);
  return OtlpBody(200, json ? "{}" : "", json);
}

void AddMetricPushRoutes(const TenantResolver* resolver, ingest::Ingester* ingester,
                         Router* router) {
  const PushKind otlp = {ReadOtlpMetricMediaType, RefuseOtlp,
                         [](const HttpRequest& request, const auto& result) {
                           return OtlpMetricResponse(result, IsJson(request));
                         },
                         NoParameters};
  AddRoute(resolver, ingester, "/otlp/v1/metrics", otlp, router);
  AddRoute(resolver, ingester, "/api/v1/otlp/v1/metrics", otlp, router);
  const PushKind exposition = {
      ReadExpositionMediaType, RefuseInText,
      [](const HttpRequest&, const auto& result) { return PushResponse(result); },
      ReadImportParameters};
  AddRoute(resolver, ingester, "/api/v1/import/prometheus", exposition, router);
  PushKind lines = exposition;
  lines.read_type = ReadLinesMediaType;
  lines.read_parameters = NoParameters;
  AddRoute(resolver, ingester, "/api/v1/import", lines, router);
}

}  // namespace tidegate::api
