#include "control/monitors/reports/check_state.h"

#include <boost/json.hpp>

#include "control/monitors/inventory/owned_collections.h"
#include "control/monitors/json/fields.h"
#include "control/monitors/json/json_text.h"
#include "control/monitors/settings/stored_resources.h"

namespace tidegate::control {

bool IsNews(const CheckReport& report, const CheckState& state, absl::Time now) {
  return now - absl::FromUnixSeconds(report.occurred_at) < kReportTooLate &&
         report.occurred_at > state.occurred_at;
}

AlertStep StepOfReport(const CheckReport& report, const MonitorAlert* open, absl::Time now,
                       CheckState* state) {
  if (open == nullptr && !state->alert.empty()) state->bad = 0;
  if (open == nullptr) state->alert.clear();
  state->level = report.level;
  state->message = report.message;
  state->occurred_at = report.occurred_at;
  if (report.level == AlertLevel::kOk) {
    state->bad = 0;
    state->alert.clear();
    return open == nullptr ? AlertStep() : AlertStep{AlertAction::kClose, AlertLevel::kOk};
  }
  ++state->bad;
  if (open == nullptr) {
    if (state->bad < report.max_check_attempts) return {};
    return {AlertAction::kOpen, report.level};
  }
  if (report.level != open->level) return {AlertAction::kChange, report.level};
  const bool remind = report.notification_interval.has_value() &&
                      now - open->notified_at >= absl::Minutes(*report.notification_interval);
  return {remind ? AlertAction::kRemind : AlertAction::kNone, open->level};
}

std::string CheckStateKey(const std::string& tenant, const std::string& host,
                          const std::string& monitor) {
  return OwnedPrefix(kCheckStates, tenant, OwnedByHost(host)) + monitor;
}

std::string EncodeCheckState(const CheckState& state) {
  return JsonText(boost::json::object{{"monitor", state.monitor},
                                      {"name", state.name},
                                      {"status", AlertLevelName(state.level)},
                                      {"message", state.message},
                                      {"occurredAt", state.occurred_at},
                                      {"bad", state.bad},
                                      {"alert", state.alert}});
}

absl::StatusOr<CheckState> DecodeCheckState(const storage::Document& document) {
  const auto object = StoredObject(document);
  if (!object.ok()) return object.status();
  CheckState state;
  state.monitor = TextOf(*object, "monitor");
  state.name = TextOf(*object, "name");
  state.level = AlertLevelOf(TextOf(*object, "status"));
  state.message = TextOf(*object, "message");
  state.occurred_at = IntegerOf(*object, "occurredAt");
  state.bad = IntegerOf(*object, "bad");
  state.alert = TextOf(*object, "alert");
  return state;
}

}  // namespace tidegate::control
