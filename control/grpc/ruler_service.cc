#include "control/grpc/ruler_service.h"

#include <map>
#include <string>

#include "proto/grpc/batch_writer.h"
#include "proto/grpc/incoming_call.h"
#include "proto/grpc/rpc_status.h"

namespace tidegate::control {
namespace {

template <typename AddText>
void ToWire(const std::map<std::string, std::string>& from, const AddText& add) {
  for (const auto& [name, value] : from) {
    v1::NamedText* const text = add();
    text->set_name(name);
    text->set_value(value);
  }
}

void ToWire(const AlertStatus& from, v1::AlertStatus* to) {
  to->set_labels(std::string(from.labels.bytes()));
  ToWire(from.annotations, [to] { return to->add_annotations(); });
  to->set_state(static_cast<uint32_t>(from.state));
  to->set_active_at_ns(absl::ToUnixNanos(from.active_at));
  to->set_kept_firing(from.keep_firing_since != absl::InfinitePast());
  if (to->kept_firing()) to->set_keep_firing_since_ns(absl::ToUnixNanos(from.keep_firing_since));
  to->set_value(from.value);
}

void ToWire(const RuleStatus& from, v1::RuleStatus* to) {
  to->set_alerting(from.alerting);
  to->set_name(from.name);
  to->set_query(from.query);
  to->set_hold_ns(absl::ToInt64Nanoseconds(from.hold));
  to->set_keep_firing_ns(absl::ToInt64Nanoseconds(from.keep_firing));
  ToWire(from.labels, [to] { return to->add_labels(); });
  ToWire(from.annotations, [to] { return to->add_annotations(); });
  for (const AlertStatus& alert : from.alerts) ToWire(alert, to->add_alerts());
  to->set_health(static_cast<uint32_t>(from.health));
  to->set_last_error(from.last_error);
  to->set_evaluation_time_ns(absl::ToInt64Nanoseconds(from.evaluation_time));
  to->set_evaluated(from.last_evaluation != absl::InfinitePast());
  if (to->evaluated()) to->set_last_evaluation_ns(absl::ToUnixNanos(from.last_evaluation));
}

void ToWire(const RuleGroupStatus& from, v1::RuleGroupStatus* to) {
  to->set_name(from.name);
  to->set_file(from.file);
  to->set_logql(from.language == query::RuleLanguage::kLogQl);
  to->set_interval_ns(absl::ToInt64Nanoseconds(from.interval));
  to->set_limit(from.limit);
  for (const RuleStatus& rule : from.rules) ToWire(rule, to->add_rules());
  to->set_evaluation_time_ns(absl::ToInt64Nanoseconds(from.evaluation_time));
  to->set_evaluated(from.last_evaluation != absl::InfinitePast());
  if (to->evaluated()) to->set_last_evaluation_ns(absl::ToUnixNanos(from.last_evaluation));
}

}  // namespace

grpc::Status RulerService::Groups(grpc::ServerContext* call, const v1::RuleGroupsRequest*,
                                  grpc::ServerWriter<v1::RuleGroupsResponse>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  const auto groups = ruler_->Groups(incoming.context());
  if (!groups.ok()) return rpc::ToGrpc(groups.status());
  rpc::BatchWriter<v1::RuleGroupsResponse> batches(writer);
  for (const auto& group : *groups) {
    v1::RuleGroupStatus* const message = batches.message()->add_groups();
    ToWire(*group, message);
    const absl::Status status = batches.Added(message->ByteSizeLong());
    if (!status.ok()) return rpc::ToGrpc(status);
  }
  return rpc::ToGrpc(batches.Finish());
}

grpc::Status RulerService::Alertmanagers(grpc::ServerContext* call, const v1::AlertmanagersRequest*,
                                         grpc::ServerWriter<v1::AlertmanagersResponse>* writer) {
  const rpc::IncomingCall incoming(call, watcher_);
  const auto urls = ruler_->Alertmanagers(incoming.context());
  if (!urls.ok()) return rpc::ToGrpc(urls.status());
  rpc::BatchWriter<v1::AlertmanagersResponse> batches(writer);
  for (const std::string& url : urls->active) batches.message()->add_active(url);
  for (const std::string& url : urls->dropped) batches.message()->add_dropped(url);
  absl::Status status = batches.Added(batches.message()->ByteSizeLong());
  status.Update(batches.Finish());
  return rpc::ToGrpc(status);
}

}  // namespace tidegate::control
