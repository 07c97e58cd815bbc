#include "api/rules/rules_endpoints.h"

#include <string>
#include <vector>

#include "api/prometheus/envelope.h"
#include "api/rules/rule_status_json.h"
#include "api/rules/rules_filter.h"

namespace tidegate::api {
namespace {

absl::Status NoRuler() {
  return absl::NotFoundError(
      "rules are not known here: ask a process with --target=all or gateway");
}

void WriteUrls(std::string_view key, const std::vector<std::string>& urls, JsonWriter& json) {
  json.Key(key);
  json.BeginArray();
  for (const std::string& url : urls) {
    json.BeginObject();
    json.Key("url");
    json.String(url);
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

ApiEndpoint RulesEndpoint(control::Ruler* ruler) {
  return [ruler](const ApiRequest& request, ResponseWriter& response) -> absl::Status {
    const auto filter = RulesFilter::Parse(request.parameters);
    if (!filter.ok()) return filter.status();
    if (ruler == nullptr) return NoRuler();
    const auto groups = ruler->Groups(request.context);
    if (!groups.ok()) return groups.status();
    const auto chosen = filter->Choose(*groups);
    if (!chosen.ok()) return chosen.status();
    Envelope envelope(&response);
    JsonWriter& json = envelope.data();
    json.BeginObject();
    json.Key("groups");
    json.BeginArray();
    for (const ChosenGroup& one : chosen->groups) {
      WriteRuleGroup(*one.group, one.rules, !filter->exclude_alerts(), json);
    }
    json.EndArray();
    if (!chosen->next_token.empty()) {
      json.Key("groupNextToken");
      json.String(chosen->next_token);
    }
    json.EndObject();
    envelope.Finish();
    return absl::OkStatus();
  };
}

ApiEndpoint AlertsEndpoint(control::Ruler* ruler) {
  return [ruler](const ApiRequest& request, ResponseWriter& response) -> absl::Status {
    if (ruler == nullptr) return NoRuler();
    const auto groups = ruler->Groups(request.context);
    if (!groups.ok()) return groups.status();
    Envelope envelope(&response);
    JsonWriter& json = envelope.data();
    json.BeginObject();
    json.Key("alerts");
    json.BeginArray();
    for (const auto& group : *groups) {
      for (const control::RuleStatus& rule : group->rules) {
        for (const control::AlertStatus& alert : rule.alerts) WriteAlert(alert, json);
      }
    }
    json.EndArray();
    json.EndObject();
    envelope.Finish();
    return absl::OkStatus();
  };
}

ApiEndpoint AlertmanagersEndpoint(control::Ruler* ruler) {
  return [ruler](const ApiRequest& request, ResponseWriter& response) -> absl::Status {
    if (ruler == nullptr) return NoRuler();
    const auto urls = ruler->Alertmanagers(request.context);
    if (!urls.ok()) return urls.status();
    Envelope envelope(&response);
    JsonWriter& json = envelope.data();
    json.BeginObject();
    WriteUrls("activeAlertmanagers", urls->active, json);
    WriteUrls("droppedAlertmanagers", urls->dropped, json);
    json.EndObject();
    envelope.Finish();
    return absl::OkStatus();
  };
}

}  // namespace tidegate::api
