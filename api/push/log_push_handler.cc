#include "api/push/log_push_handler.h"

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "api/push/push_encoding.h"

namespace tidegate::api {
namespace {

using ingest::PushEncoding;
using ingest::PushFormat;

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kProtobuf = "application/x-protobuf";
constexpr std::string_view kNoStreams = "error at least one valid stream is required for ingestion";

using MediaTypeReader = std::function<absl::StatusOr<PushMediaType>(const HttpRequest&)>;
using Encode = HttpResponse (*)(HttpResponse);

// The type without its parameters, which must have the form name=value (RFC 9110 section 5.6.6).
absl::StatusOr<std::string_view> ReadType(std::string_view content_type) {
  size_t semicolon = content_type.find(';');
  const std::string_view type = TrimBlanks(content_type.substr(0, semicolon));
  if (type.empty()) return absl::InvalidArgumentError("mime: no media type");
  while (semicolon != content_type.npos) {
    content_type.remove_prefix(semicolon + 1);
    semicolon = content_type.find(';');
    const std::string_view parameter = TrimBlanks(content_type.substr(0, semicolon));
    const size_t equals = parameter.find('=');
    if (!parameter.empty() && (equals == parameter.npos || equals == 0)) {
      return absl::InvalidArgumentError("mime: invalid media parameter");
    }
  }
  return type;
}

absl::Status Unsupported(std::string_view content_encoding) {
  return absl::InvalidArgumentError(
      fmt::format("Content-Encoding \"{}\" not supported", content_encoding));
}

void AppendVarint(uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}

HttpResponse AsIs(HttpResponse response) { return response; }

Admission Admit(const TenantResolver& resolver, const MediaTypeReader& read_type_fn, Encode encode,
                const HttpRequest& head) {
  Admission admission;
  const auto tenant = resolver.Resolve(head, model::Permission::kWrite);
  if (!tenant.ok()) {
    admission.refusal = TenantRefusal(tenant.status());
    return admission;
  }
  const auto media_type = read_type_fn(head);
  if (!media_type.ok()) {
    admission.refusal = encode(TextResponse(400, MessageOf(media_type.status())));
  }
  admission.max_body_bytes = (*tenant)->limits.max_body_bytes;
  return admission;
}

void Push(const TenantResolver& resolver, ingest::Ingester& ingester,
          const MediaTypeReader& read_type_fn, Encode encode, const HttpRequest& request,
          ResponseWriter& response) {
  const auto tenant = resolver.Resolve(request, model::Permission::kWrite);
  if (!tenant.ok()) return response.Send(TenantRefusal(tenant.status()));
  const auto media_type = read_type_fn(request);
  if (!media_type.ok()) {
    return response.Send(encode(TextResponse(400, MessageOf(media_type.status()))));
  }
  const ingest::PushRequest push = {media_type->format, media_type->encoding, request.body};
  const auto result = ingester.Push(ContextFor(request, **tenant), push);
  response.Send(encode(LogPushResponse(**tenant, result)));
}

void AddRoute(const TenantResolver* resolver, ingest::Ingester* ingester, Route route,
              MediaTypeReader read_type_fn, Encode encode, Router* router) {
  route.method = HttpMethod::kPost;
  route.work = WorkKind::kPush;
  route.admit = [resolver, read_type_fn, encode](const HttpRequest& head) {
    return Admit(*resolver, read_type_fn, encode, head);
  };
  route.handler = [resolver, ingester, read_type_fn, encode](const HttpRequest& request,
                                                             ResponseWriter& response) {
    Push(*resolver, *ingester, read_type_fn, encode, request, response);
  };
  router->Add(std::move(route));
}

}  // namespace

absl::StatusOr<PushMediaType> ReadLokiMediaType(std::string_view content_type,
                                                std::string_view content_encoding, bool legacy) {
  const std::string_view name = TrimBlanks(content_encoding);
  const std::optional<PushEncoding> encoding = FindPushEncoding(name);
  if (!name.empty() && (!encoding.has_value() || encoding == PushEncoding::kLz4)) {
    return Unsupported(content_encoding);
  }
  const absl::StatusOr<std::string_view> type = ReadType(content_type);
  if (!type.ok()) return type.status();
  PushMediaType media_type;
  if (!EqualsIgnoreCase(*type, kJson)) {
    media_type.format = PushFormat::kLokiProtobuf;
    media_type.encoding = encoding.value_or(PushEncoding::kSnappyBlock);
    return media_type;
  }
  media_type.format = legacy ? PushFormat::kLokiLegacyJson : PushFormat::kLokiJson;
  media_type.encoding = encoding.value_or(PushEncoding::kIdentity);
  if (media_type.encoding == PushEncoding::kSnappyBlock) return Unsupported(content_encoding);
  return media_type;
}

absl::StatusOr<PushMediaType> ReadOtlpMediaType(std::string_view content_type,
                                                std::string_view content_encoding) {
  const std::string_view name = TrimBlanks(content_encoding);
  const std::optional<PushEncoding> encoding = FindPushEncoding(name);
  const bool known = encoding == PushEncoding::kGzip || encoding == PushEncoding::kZstd ||
                     encoding == PushEncoding::kLz4;
  if (!name.empty() && !known) {
    return absl::InvalidArgumentError(fmt::format(
        "unsupported content encoding {}: only gzip, lz4 and zstd are supported", name));
  }
  const std::string_view type = TrimBlanks(content_type.substr(0, content_type.find(';')));
  PushMediaType media_type;
  media_type.encoding = encoding.value_or(PushEncoding::kIdentity);
  if (EqualsIgnoreCase(type, kProtobuf)) {
    media_type.format = PushFormat::kOtlpLogsProtobuf;
  } else if (EqualsIgnoreCase(type, kJson)) {
    media_type.format = PushFormat::kOtlpLogsJson;
  } else {
    return absl::InvalidArgumentError(
        fmt::format("content type: {} is not supported", content_type));
  }
  return media_type;
}

HttpResponse LogPushResponse(const model::TenantConfig& tenant,
                             const absl::StatusOr<ingest::PushResult>& result) {
  if (absl::IsFailedPrecondition(result.status())) {
    return TextResponse(static_cast<int>(tenant.limits.logs.block_ingestion_status_code),
                        MessageOf(result.status()));
  }
  if (result.ok() && result->rejected.ok()) {
    if (result->log_streams == 0) return TextResponse(422, kNoStreams);
    HttpResponse stored;
    stored.status = 204;
    return stored;
  }
  const absl::Status& status = result.ok() ? result->rejected : result.status();
  const int code = PushHttpStatus(status);
  HttpResponse response =
      code == 413 ? TextResponse(code, fmt::format("request body too large: {}", MessageOf(status)))
                  : TextResponse(code, MessageOf(status));
  if (code == 429 || code == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

HttpResponse OtlpResponse(HttpResponse response) {
  if (response.status == 204) return response;
  if (response.status == 500) response.status = 503;
  std::string_view message = response.body;
  if (message.ends_with('\n')) message.remove_suffix(1);
  // google.rpc.Status: code = 1, message = 2.
  std::string body("\x08");
  AppendVarint(static_cast<uint64_t>(response.status), &body);
  body.push_back('\x12');
  AppendVarint(message.size(), &body);
  body.append(message);
  response.body = std::move(body);
  response.content_type = "application/octet-stream";
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

void AddLogPushRoutes(const TenantResolver* resolver, ingest::Ingester* ingester, Router* router) {
  const auto loki = [](bool legacy) -> MediaTypeReader {
    return [legacy](const HttpRequest& head) {
      return ReadLokiMediaType(head.headers.Get("Content-Type"),
                               head.headers.Get("Content-Encoding"), legacy);
    };
  };
  const auto otlp = [](const HttpRequest& head) {
    return ReadOtlpMediaType(head.headers.Get("Content-Type"),
                             head.headers.Get("Content-Encoding"));
  };
  Route route;
  route.pattern = "/loki/api/v1/push";
  AddRoute(resolver, ingester, route, loki(false), AsIs, router);
  route.pattern = "/api/prom/push";
  AddRoute(resolver, ingester, route, loki(true), AsIs, router);
  route.pattern = "/otlp/v1/logs";
  AddRoute(resolver, ingester, route, otlp, OtlpResponse, router);
}

}  // namespace tidegate::api
