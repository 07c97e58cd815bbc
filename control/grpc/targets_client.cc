#include "control/grpc/targets_client.h"

#include <string>
#include <utility>

#include "control/grpc/control_peers.h"
#include "proto/tidegate/targets.grpc.pb.h"

namespace tidegate::control {
namespace {

// Nothing but what a peer of this version could say.
absl::StatusOr<model::Labels> ToLabels(const std::string& bytes) {
  if (absl::Status status = model::CheckLabelBytes(bytes); !status.ok()) return status;
  return model::Labels::FromCanonical(bytes);
}

absl::StatusOr<TargetStatus> FromWire(const v1::TargetStatus& from) {
  const auto discovered = ToLabels(from.discovered());
  const auto labels = ToLabels(from.labels());
  if (!discovered.ok() || !labels.ok() ||
      from.result() > static_cast<uint32_t>(ScrapeResult::kMisconfigured)) {
    return absl::InternalError("control: its answer cannot be read");
  }
  return TargetStatus{from.pool(),
                      *discovered,
                      *labels,
                      from.url(),
                      absl::Nanoseconds(from.interval_ns()),
                      absl::Nanoseconds(from.timeout_ns()),
                      from.scraped(),
                      static_cast<ScrapeResult>(from.result()),
                      from.last_error(),
                      absl::FromUnixNanos(from.last_scrape_ns()),
                      absl::Nanoseconds(from.last_duration_ns())};
}

absl::Status AddFromWire(const v1::ListTargetsResponse& message, TargetList* list) {
  for (const v1::PoolSummary& pool : message.pools()) {
    list->pools.push_back(pool.name());
    list->dropped_by_pool[pool.name()] = pool.dropped();
  }
  for (const v1::TargetStatus& target : message.active()) {
    auto status = FromWire(target);
    if (!status.ok()) return status.status();
    list->active.push_back(*std::move(status));
  }
  for (const v1::DroppedTarget& target : message.dropped()) {
    auto labels = ToLabels(target.discovered());
    if (!labels.ok()) return labels.status();
    list->dropped.push_back({target.pool(), *std::move(labels)});
  }
  return absl::OkStatus();
}

absl::Status AddFromWire(const v1::TargetMetadataResponse& message,
                         std::vector<TargetMetadata>* all) {
  for (const v1::TargetMetadata& one : message.metadata()) {
    auto labels = ToLabels(one.target());
    if (!labels.ok()) return labels.status();
    const auto type = one.type() <= static_cast<uint32_t>(model::MetricType::kStateset)
                          ? static_cast<model::MetricType>(one.type())
                          : model::MetricType::kUnknown;
    all->push_back({*std::move(labels), {one.family(), type, one.help(), one.unit()}});
  }
  return absl::OkStatus();
}

absl::StatusOr<RelabelStep> FromWire(const v1::RelabelStep& from) {
  auto output = ToLabels(from.output());
  if (!output.ok() || from.action() > static_cast<uint32_t>(model::RelabelAction::kLabelKeep)) {
    return absl::InternalError("control: its answer cannot be read");
  }
  RelabelStep step;
  step.rule.source_labels = {from.source_labels().begin(), from.source_labels().end()};
  step.rule.separator = from.separator();
  step.rule.regex = from.regex();
  step.rule.modulus = from.modulus();
  step.rule.target_label = from.target_label();
  step.rule.replacement = from.replacement();
  step.rule.action = static_cast<model::RelabelAction>(from.action());
  step.output = *std::move(output);
  step.keep = from.keep();
  return step;
}

absl::Status AddFromWire(const v1::RelabelStepsResponse& message, std::vector<RelabelStep>* all) {
  for (const v1::RelabelStep& one : message.steps()) {
    auto step = FromWire(one);
    if (!step.ok()) return step.status();
    all->push_back(*std::move(step));
  }
  return absl::OkStatus();
}

class TargetsClient final : public Targets {
 public:
  TargetsClient(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                rpc::CallWatcher* watcher)
      : peers_(channels, watcher) {}

  absl::StatusOr<TargetList> List(const model::RequestContext& context) override {
    return peers_.AskActive<TargetList>(
        context, [](v1::Targets::Stub& stub, rpc::OutgoingCall* call, TargetList* list) {
          const auto reader = stub.List(call->grpc(), {});
          return call->ReadAll(reader.get(), [list](const v1::ListTargetsResponse& message) {
            return AddFromWire(message, list);
          });
        });
  }

  absl::StatusOr<std::vector<TargetMetadata>> Metadata(const model::RequestContext& context,
                                                       const std::string& metric) override {
    using All = std::vector<TargetMetadata>;
    return peers_.AskActive<All>(
        context, [&](v1::Targets::Stub& stub, rpc::OutgoingCall* call, All* all) {
          v1::TargetMetadataRequest request;
          request.set_metric(metric);
          const auto reader = stub.Metadata(call->grpc(), request);
          return call->ReadAll(reader.get(), [all](const v1::TargetMetadataResponse& message) {
            return AddFromWire(message, all);
          });
        });
  }

  absl::StatusOr<std::vector<RelabelStep>> RelabelSteps(const model::RequestContext& context,
                                                        const std::string& pool,
                                                        const model::Labels& labels) override {
    using All = std::vector<RelabelStep>;
    return peers_.AskActive<All>(
        context, [&](v1::Targets::Stub& stub, rpc::OutgoingCall* call, All* all) {
          v1::RelabelStepsRequest request;
          request.set_pool(pool);
          request.set_labels(std::string(labels.bytes()));
          const auto reader = stub.RelabelSteps(call->grpc(), request);
          return call->ReadAll(reader.get(), [all](const v1::RelabelStepsResponse& message) {
            return AddFromWire(message, all);
          });
        });
  }

 private:
  ControlPeers<v1::Targets> peers_;
};

}  // namespace

std::unique_ptr<Targets> ConnectTargets(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                                        rpc::CallWatcher* watcher) {
  return std::make_unique<TargetsClient>(channels, watcher);
}

}  // namespace tidegate::control
