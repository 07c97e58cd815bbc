#include "api/grpc/otlp_metrics_service.h"

#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_replace.h"
#include "proto/grpc/rpc_status.h"

namespace tidegate::api {
namespace {

namespace v1 = opentelemetry::proto::collector::metrics::v1;

// "ipv4:127.0.0.1:5000" or "ipv6:%5B::1%5D:5000" as HTTP has it: address:port.
std::string PeerOf(const grpc::ServerContext& call) {
  const std::string peer = call.peer();
  const size_t colon = peer.find(':');
  return absl::StrReplaceAll(peer.substr(colon == peer.npos ? 0 : colon + 1),
                             {{"%5B", "["}, {"%5D", "]"}});
}

// By what an exporter should do, which the codes of other failures do not tell it.
absl::Status ForExporter(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOutOfRange:
      return absl::InvalidArgumentError(status.message());
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kCancelled:
      return status;
    default:
      return absl::UnavailableError(status.message());
  }
}

}  // namespace

grpc::Status OtlpMetricsService::Export(grpc::ServerContext* call,
                                        const v1::ExportMetricsServiceRequest* request,
                                        v1::ExportMetricsServiceResponse* response) {
  HttpRequest head;
  head.method = HttpMethod::kPost;
  for (const auto& [name, value] : call->client_metadata()) {
    head.headers.Add({name.data(), name.size()}, {value.data(), value.size()});
  }
  const std::string peer = PeerOf(*call);
  head.peer = peer;
  const auto tenant = resolver_.Resolve(head, model::Permission::kWrite);
  if (!tenant.ok()) return rpc::ToGrpc(tenant.status());
  model::RequestContext context = ContextFor(head, **tenant);
  if (call->deadline() != std::chrono::system_clock::time_point::max()) {
    context.deadline = absl::FromChrono(call->deadline());
  }
  const std::string body = request->SerializeAsString();
  ingest::PushRequest push;
  push.format = ingest::PushFormat::kOtlpMetricsProtobuf;
  push.encoding = ingest::PushEncoding::kIdentity;
  push.body = body;
  const absl::StatusOr<ingest::PushResult> result = ingester_.Push(context, push);
  if (!result.ok()) return rpc::ToGrpc(ForExporter(result.status()));
  if (!result->rejected.ok()) {
    v1::ExportMetricsPartialSuccess* const partial = response->mutable_partial_success();
    partial->set_rejected_data_points(static_cast<int64_t>(result->rejected_points));
    partial->set_error_message(std::string(result->rejected.message()));
  }
  return grpc::Status::OK;
}

}  // namespace tidegate::api
