#include "ingest/grpc/ingester_service.h"

#include <string>

#include "proto/grpc/call_context.h"
#include "proto/grpc/rpc_status.h"

namespace tidegate::ingest {

// The numbers on the wire are the enumerations' own.
static_assert(v1::PushRequest::REMOTE_WRITE_1 == static_cast<int>(PushFormat::kRemoteWrite1));
static_assert(v1::PushRequest::OTLP_LOGS_JSON == static_cast<int>(PushFormat::kOtlpLogsJson));
static_assert(v1::PushRequest::REMOTE_WRITE_2 == static_cast<int>(PushFormat::kRemoteWrite2));
static_assert(v1::PushRequest::JSON_LINES == static_cast<int>(PushFormat::kJsonLines));
static_assert(v1::PushRequest::SNAPPY_BLOCK == static_cast<int>(PushEncoding::kSnappyBlock));
static_assert(v1::PushRequest::LZ4 == static_cast<int>(PushEncoding::kLz4));

grpc::Status IngesterService::Push(grpc::ServerContext* call, const v1::PushRequest* request,
                                   v1::PushResponse* response) {
  if (!v1::PushRequest::Format_IsValid(request->format()) ||
      !v1::PushRequest::Encoding_IsValid(request->encoding())) {
    return rpc::ToGrpc(absl::UnimplementedError("this ingester does not know the push format"));
  }
  PushRequest push{static_cast<PushFormat>(request->format()),
                   static_cast<PushEncoding>(request->encoding()), request->body()};
  for (const auto& label : request->labels()) push.labels.emplace_back(label.name(), label.value());
  push.time = request->time();
  const absl::StatusOr<PushResult> result = ingester_->Push(rpc::ContextOf(*call), push);
  if (!result.ok()) return rpc::ToGrpc(result.status());
  response->set_samples(result->samples);
  response->set_histograms(result->histograms);
  response->set_exemplars(result->exemplars);
  response->set_entries(result->entries);
  response->set_rejected(std::string(result->rejected.message()));
  response->set_rejected_by_rate(absl::IsResourceExhausted(result->rejected));
  response->set_log_streams(result->log_streams);
  response->set_rejected_points(result->rejected_points);
  return grpc::Status::OK;
}

grpc::Status IngesterService::Flush(grpc::ServerContext* call, const v1::FlushRequest*,
                                    v1::FlushResponse*) {
  return rpc::ToGrpc(ingester_->Flush(rpc::ContextOf(*call)));
}

grpc::Status IngesterService::Stats(grpc::ServerContext* call, const v1::IngesterStatsRequest*,
                                    v1::IngesterStatsResponse* response) {
  const absl::StatusOr<IngesterStats> stats = ingester_->Stats(rpc::ContextOf(*call));
  if (!stats.ok()) return rpc::ToGrpc(stats.status());
  response->set_series(stats->series);
  response->set_samples(stats->samples);
  response->set_chunk_bytes(stats->chunk_bytes);
  response->set_log_bytes(stats->log_bytes);
  response->mutable_rejected()->insert(stats->rejected.begin(), stats->rejected.end());
  return grpc::Status::OK;
}

}  // namespace tidegate::ingest
