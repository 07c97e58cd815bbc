#include "control/grpc/targets_service.h"

#include <string>

#include "proto/grpc/batch_writer.h"
#include "proto/grpc/incoming_call.h"
#include "proto/grpc/rpc_status.h"

namespace tidegate::control {
namespace {

std::string Bytes(const model::Labels& labels) { return std::string(labels.bytes()); }

void ToWire(const TargetStatus& from, v1::TargetStatus* to) {
  to->set_pool(from.pool);
  to->set_discovered(Bytes(from.discovered));
  to->set_labels(Bytes(from.labels));
  to->set_url(from.url);
  to->set_interval_ns(absl::ToInt64Nanoseconds(from.interval));
  to->set_timeout_ns(absl::ToInt64Nanoseconds(from.timeout));
  to->set_scraped(from.scraped);
  to->set_result(static_cast<uint32_t>(from.result));
  to->set_last_error(from.last_error);
  to->set_last_scrape_ns(absl::ToUnixNanos(from.last_scrape));
  to->set_last_duration_ns(absl::ToInt64Nanoseconds(from.last_duration));
}

absl::Status Write(const TargetList& list, rpc::BatchWriter<v1::ListTargetsResponse>* writer) {
  for (const std::string& name : list.pools) {
    v1::PoolSummary* const pool = writer->message()->add_pools();
    pool->set_name(name);
    const auto dropped = list.dropped_by_pool.find(name);
    pool->set_dropped(dropped == list.dropped_by_pool.end() ? 0 : dropped->second);
    if (absl::Status status = writer->Added(name.size()); !status.ok()) return status;
  }
  for (const TargetStatus& target : list.active) {
    v1::TargetStatus* const message = writer->message()->add_active();
    ToWire(target, message);
    if (absl::Status status = writer->Added(message->ByteSizeLong()); !status.ok()) return status;
  }
  for (const DroppedTarget& target : list.dropped) {
    v1::DroppedTarget* const message = writer->message()->add_dropped();
    message->set_pool(target.pool);
    message->set_discovered(Bytes(target.discovered));
    if (absl::Status status = writer->Added(message->ByteSizeLong()); !status.ok()) return status;
  }
  return writer->Finish();
}

}  // namespace

grpc::Status TargetsService::List(grpc::ServerContext* call, const v1::ListTargetsRequest*,
                                  grpc::ServerWriter<v1::ListTargetsResponse>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  const auto list = targets_->List(incoming.context());
  if (!list.ok()) return rpc::ToGrpc(list.status());
  rpc::BatchWriter<v1::ListTargetsResponse> batches(writer);
  return rpc::ToGrpc(Write(*list, &batches));
}

grpc::Status TargetsService::Metadata(grpc::ServerContext* call,
                                      const v1::TargetMetadataRequest* request,
                                      grpc::ServerWriter<v1::TargetMetadataResponse>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  const auto all = targets_->Metadata(incoming.context(), request->metric());
  if (!all.ok()) return rpc::ToGrpc(all.status());
  rpc::BatchWriter<v1::TargetMetadataResponse> batches(writer);
  for (const TargetMetadata& one : *all) {
    v1::TargetMetadata* const message = batches.message()->add_metadata();
    message->set_target(Bytes(one.target));
    message->set_family(one.metric.metric_family);
    message->set_type(static_cast<uint32_t>(one.metric.type));
    message->set_help(one.metric.help);
    message->set_unit(one.metric.unit);
    const absl::Status status = batches.Added(message->ByteSizeLong());
    if (!status.ok()) return rpc::ToGrpc(status);
  }
  return rpc::ToGrpc(batches.Finish());
}

grpc::Status TargetsService::RelabelSteps(grpc::ServerContext* call,
                                          const v1::RelabelStepsRequest* request,
                                          grpc::ServerWriter<v1::RelabelStepsResponse>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  if (absl::Status status = model::CheckLabelBytes(request->labels()); !status.ok()) {
    return rpc::ToGrpc(status);
  }
  const auto steps = targets_->RelabelSteps(incoming.context(), request->pool(),
                                            model::Labels::FromCanonical(request->labels()));
  if (!steps.ok()) return rpc::ToGrpc(steps.status());
  rpc::BatchWriter<v1::RelabelStepsResponse> batches(writer);
  for (const RelabelStep& step : *steps) {
    v1::RelabelStep* const message = batches.message()->add_steps();
    for (const std::string& name : step.rule.source_labels) message->add_source_labels(name);
    message->set_separator(step.rule.separator);
    message->set_regex(step.rule.regex);
    message->set_modulus(step.rule.modulus);
    message->set_target_label(step.rule.target_label);
    message->set_replacement(step.rule.replacement);
    message->set_action(static_cast<uint32_t>(step.rule.action));
    message->set_output(Bytes(step.output));
    message->set_keep(step.keep);
    const absl::Status status = batches.Added(message->ByteSizeLong());
    if (!status.ok()) return rpc::ToGrpc(status);
  }
  return rpc::ToGrpc(batches.Finish());
}

}  // namespace tidegate::control
