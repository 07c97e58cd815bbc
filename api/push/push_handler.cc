#include "api/push/push_handler.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "api/push/push_encoding.h"

namespace tidegate::api {
namespace {

constexpr std::string_view kProtobuf = "application/x-protobuf";
constexpr std::string_view kProtoParameter = "proto=";
constexpr std::string_view kWriteRequest1 = "prometheus.WriteRequest";
constexpr std::string_view kRequest2 = "io.prometheus.write.v2.Request";
// Senders back off by themselves; this only keeps them from coming back at once.
constexpr std::string_view kRetryAfterSeconds = "1";

// The value of the `proto` parameter; version 1.0 without one.
std::string_view ProtoMessage(std::string_view parameters) {
  while (!parameters.empty()) {
    const size_t semicolon = parameters.find(';');
    const std::string_view parameter = TrimBlanks(parameters.substr(0, semicolon));
    parameters.remove_prefix(semicolon == parameters.npos ? parameters.size() : semicolon + 1);
    if (EqualsIgnoreCase(parameter.substr(0, kProtoParameter.size()), kProtoParameter)) {
      const std::string_view value = TrimBlanks(parameter.substr(kProtoParameter.size()));
      const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
      return quoted ? value.substr(1, value.size() - 2) : value;
    }
  }
  return kWriteRequest1;
}

Admission Admit(const TenantResolver& resolver, const HttpRequest& head) {
  Admission admission;
  const auto tenant = resolver.Resolve(head, model::Permission::kWrite);
  if (!tenant.ok()) {
    admission.refusal = TenantRefusal(tenant.status());
    return admission;
  }
  const auto media_type =
      ReadMediaType(head.headers.Get("Content-Type"), head.headers.Get("Content-Encoding"));
  if (!media_type.ok()) admission.refusal = TextResponse(415, MessageOf(media_type.status()));
  admission.max_body_bytes = (*tenant)->limits.max_body_bytes;
  return admission;
}

// Senders of version 2.0 take a success without them for a receiver that lost the data.
void AddWrittenHeaders(const absl::StatusOr<ingest::PushResult>& result, ResponseWriter& response) {
  const ingest::PushResult written = result.ok() ? *result : ingest::PushResult();
  const std::pair<const char*, uint64_t> counts[] = {{"Samples", written.samples},
                                                     {"Histograms", written.histograms},
                                                     {"Exemplars", written.exemplars}};
  for (const auto& [kind, count] : counts) {
    response.AddHeader(fmt::format("X-Prometheus-Remote-Write-{}-Written", kind),
                       fmt::format("{}", count));
  }
}

void Push(const TenantResolver& resolver, ingest::Ingester& ingester, const HttpRequest& request,
          ResponseWriter& response) {
  const auto tenant = resolver.Resolve(request, model::Permission::kWrite);
  if (!tenant.ok()) return response.Send(TenantRefusal(tenant.status()));
  const auto media_type =
      ReadMediaType(request.headers.Get("Content-Type"), request.headers.Get("Content-Encoding"));
  if (!media_type.ok()) return response.Send(TextResponse(415, MessageOf(media_type.status())));
  const ingest::PushRequest push{media_type->format, media_type->encoding, request.body};
  const auto result = ingester.Push(ContextFor(request, **tenant), push);
  if (push.format == ingest::PushFormat::kRemoteWrite2) AddWrittenHeaders(result, response);
  response.Send(PushResponse(result));
}

absl::StatusOr<ingest::PushEncoding> ReadEncoding(std::string_view content_encoding) {
  const std::string_view name = TrimBlanks(content_encoding);
  if (name.empty()) return ingest::PushEncoding::kSnappyBlock;
  const std::optional<ingest::PushEncoding> encoding = FindPushEncoding(name);
  if (encoding == ingest::PushEncoding::kSnappyBlock || encoding == ingest::PushEncoding::kZstd) {
    return *encoding;
  }
  return absl::InvalidArgumentError(
      fmt::format("content encoding {} is not accepted, only snappy and zstd", content_encoding));
}

}  // namespace

absl::StatusOr<PushMediaType> ReadMediaType(std::string_view content_type,
                                            std::string_view content_encoding) {
  const size_t semicolon = content_type.find(';');
  const std::string_view type = TrimBlanks(content_type.substr(0, semicolon));
  if (!type.empty() && !EqualsIgnoreCase(type, kProtobuf)) {
    return absl::InvalidArgumentError(
        fmt::format("content type {} is not accepted, only {}", content_type, kProtobuf));
  }
  const std::string_view proto =
      ProtoMessage(semicolon == content_type.npos ? "" : content_type.substr(semicolon + 1));
  if (proto != kWriteRequest1 && proto != kRequest2) {
    return absl::InvalidArgumentError(fmt::format(
        "protobuf message {} is not accepted, only {} and {}", proto, kWriteRequest1, kRequest2));
  }
  const absl::StatusOr<ingest::PushEncoding> encoding = ReadEncoding(content_encoding);
  if (!encoding.ok()) return encoding.status();
  return PushMediaType{
      proto == kRequest2 ? ingest::PushFormat::kRemoteWrite2 : ingest::PushFormat::kRemoteWrite1,
      *encoding};
}

HttpResponse PushResponse(const absl::StatusOr<ingest::PushResult>& result) {
  if (result.ok() && result->rejected.ok()) {
    HttpResponse stored;
    stored.status = 204;
    return stored;
  }
  if (result.ok()) return TextResponse(400, MessageOf(result->rejected));
  HttpResponse response = TextResponse(PushHttpStatus(result.status()), MessageOf(result.status()));
  if (response.status == 429 || response.status == 503) {
    response.headers.emplace_back("Retry-After", kRetryAfterSeconds);
  }
  return response;
}

void AddPushRoutes(const TenantResolver* resolver, ingest::Ingester* ingester, Router* router) {
  for (const char* path : {"/api/v1/push", "/api/v1/write"}) {
    Route route;
    route.method = HttpMethod::kPost;
    route.pattern = path;
    route.work = WorkKind::kPush;
    route.admit = [resolver](const HttpRequest& head) { return Admit(*resolver, head); };
    route.handler = [resolver, ingester](const HttpRequest& request, ResponseWriter& response) {
      Push(*resolver, *ingester, request, response);
    };
    router->Add(std::move(route));
  }
}

}  // namespace tidegate::api
