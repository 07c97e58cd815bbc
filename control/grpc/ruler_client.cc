#include "control/grpc/ruler_client.h"

#include <string>
#include <utility>

#include "control/grpc/control_peers.h"
#include "proto/tidegate/ruler.grpc.pb.h"

namespace tidegate::control {
namespace {

absl::Status Unreadable() { return absl::InternalError("control: its answer cannot be read"); }

template <typename Texts>
std::map<std::string, std::string> FromWire(const Texts& from) {
  std::map<std::string, std::string> texts;
  for (const v1::NamedText& text : from) texts[text.name()] = text.value();
  return texts;
}

absl::Time TimeOf(bool is_set, int64_t nanoseconds) {
  return is_set ? absl::FromUnixNanos(nanoseconds) : absl::InfinitePast();
}

absl::StatusOr<AlertStatus> FromWire(const v1::AlertStatus& from) {
  const bool known = from.state() <= static_cast<uint32_t>(AlertState::kFiring);
  if (!known || !model::CheckLabelBytes(from.labels()).ok()) return Unreadable();
  return AlertStatus{model::Labels::FromCanonical(from.labels()),
                     FromWire(from.annotations()),
                     static_cast<AlertState>(from.state()),
                     absl::FromUnixNanos(from.active_at_ns()),
                     TimeOf(from.kept_firing(), from.keep_firing_since_ns()),
                     from.value()};
}

absl::StatusOr<RuleStatus> FromWire(const v1::RuleStatus& from) {
  if (from.health() > static_cast<uint32_t>(RuleHealth::kBad)) return Unreadable();
  RuleStatus rule;
  rule.alerting = from.alerting();
  rule.name = from.name();
  rule.query = from.query();
  rule.hold = absl::Nanoseconds(from.hold_ns());
  rule.keep_firing = absl::Nanoseconds(from.keep_firing_ns());
  rule.labels = FromWire(from.labels());
  rule.annotations = FromWire(from.annotations());
  for (const v1::AlertStatus& one : from.alerts()) {
    auto alert = FromWire(one);
    if (!alert.ok()) return alert.status();
    rule.alerts.push_back(*std::move(alert));
  }
  rule.health = static_cast<RuleHealth>(from.health());
  rule.last_error = from.last_error();
  rule.evaluation_time = absl::Nanoseconds(from.evaluation_time_ns());
  rule.last_evaluation = TimeOf(from.evaluated(), from.last_evaluation_ns());
  return rule;
}

absl::Status AddFromWire(const v1::RuleGroupStatus& from, RuleGroupStatuses* groups) {
  auto group = std::make_shared<RuleGroupStatus>();
  group->name = from.name();
  group->file = from.file();
  group->language = from.logql() ? query::RuleLanguage::kLogQl : query::RuleLanguage::kPromQl;
  group->interval = absl::Nanoseconds(from.interval_ns());
  group->limit = from.limit();
  for (const v1::RuleStatus& one : from.rules()) {
    auto rule = FromWire(one);
    if (!rule.ok()) return rule.status();
    group->rules.push_back(*std::move(rule));
  }
  group->evaluation_time = absl::Nanoseconds(from.evaluation_time_ns());
  group->last_evaluation = TimeOf(from.evaluated(), from.last_evaluation_ns());
  groups->push_back(std::move(group));
  return absl::OkStatus();
}

class RulerClient final : public Ruler {
 public:
  RulerClient(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
              rpc::CallWatcher* watcher)
      : peers_(channels, watcher) {}

  absl::StatusOr<RuleGroupStatuses> Groups(const model::RequestContext& context) override {
    return peers_.AskActive<RuleGroupStatuses>(
        context, [](v1::Ruler::Stub& stub, rpc::OutgoingCall* call, RuleGroupStatuses* groups) {
          const auto reader = stub.Groups(call->grpc(), {});
          return call->ReadAll(reader.get(), [groups](const v1::RuleGroupsResponse& message) {
            for (const v1::RuleGroupStatus& group : message.groups()) {
              absl::Status status = AddFromWire(group, groups);
              if (!status.ok()) return status;
            }
            return absl::OkStatus();
          });
        });
  }

  absl::StatusOr<AlertmanagerUrls> Alertmanagers(const model::RequestContext& context) override {
    return peers_.AskActive<AlertmanagerUrls>(
        context, [](v1::Ruler::Stub& stub, rpc::OutgoingCall* call, AlertmanagerUrls* urls) {
          const auto reader = stub.Alertmanagers(call->grpc(), {});
          return call->ReadAll(reader.get(), [urls](const v1::AlertmanagersResponse& message) {
            for (const std::string& url : message.active()) urls->active.push_back(url);
            for (const std::string& url : message.dropped()) urls->dropped.push_back(url);
            return absl::OkStatus();
          });
        });
  }

 private:
  ControlPeers<v1::Ruler> peers_;
};

}  // namespace

std::unique_ptr<Ruler> ConnectRuler(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                                    rpc::CallWatcher* watcher) {
  return std::make_unique<RulerClient>(channels, watcher);
}

}  // namespace tidegate::control
