#include "api/prometheus/targets_endpoints.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "api/prometheus/envelope.h"
#include "api/prometheus/parameters.h"
#include "api/prometheus/result_json.h"
#include "model/duration_text.h"
#include "query/selector_text.h"

namespace tidegate::api {
namespace {

constexpr std::string_view kNever = "0001-01-01T00:00:00Z";  // Go's zero time.

std::string_view Health(const control::TargetStatus& target) {
  if (!target.scraped) return "unknown";
  return target.result == control::ScrapeResult::kSuccess ? "up" : "down";
}

std::string DurationText(absl::Duration duration) {
  return model::DurationText(absl::ToInt64Milliseconds(duration));
}

void Member(std::string_view key, std::string_view value, JsonWriter& json) {
  json.Key(key);
  json.String(value);
}

void WriteActive(const control::TargetStatus& target, JsonWriter& json) {
  json.BeginObject();
  json.Key("discoveredLabels");
  WriteLabels(target.discovered.view(), json);
  json.Key("labels");
  WriteLabels(target.labels.view(), json);
  Member("scrapePool", target.pool, json);
  Member("scrapeUrl", target.url, json);
  Member("globalUrl", target.url, json);
  Member("lastError", target.last_error, json);
  Member("lastScrape",
         target.scraped
             ? absl::FormatTime("%Y-%m-%d%ET%H:%M:%E*SZ", target.last_scrape, absl::UTCTimeZone())
             : std::string(kNever),
         json);
  json.Key("lastScrapeDuration");
  json.Double(absl::ToDoubleSeconds(target.last_duration));
  Member("health", Health(target), json);
  Member("scrapeInterval", DurationText(target.interval), json);
  Member("scrapeTimeout", DurationText(target.timeout), json);
  json.EndObject();
}

void WriteDropped(const control::DroppedTarget& target, JsonWriter& json) {
  json.BeginObject();
  json.Key("discoveredLabels");
  WriteLabels(target.discovered.view(), json);
  Member("scrapePool", target.pool, json);
  json.EndObject();
}

void WriteTargets(const control::TargetList& list, const Parameters& parameters, JsonWriter& json) {
  const std::string_view pool = parameters.Get("scrapePool");
  const std::string_view state = parameters.Get("state");
  const bool any = state.empty() || EqualsIgnoreCase(state, "any");
  const bool dropped = any || EqualsIgnoreCase(state, "dropped");
  const auto is_wanted = [pool](const std::string& name) { return pool.empty() || name == pool; };
  json.BeginObject();
  json.Key("activeTargets");
  json.BeginArray();
  for (const control::TargetStatus& target : list.active) {
    if ((any || EqualsIgnoreCase(state, "active")) && is_wanted(target.pool)) {
      WriteActive(target, json);
    }
  }
  json.EndArray();
  json.Key("droppedTargets");
  json.BeginArray();
  for (const control::DroppedTarget& target : list.dropped) {
    if (dropped && is_wanted(target.pool)) WriteDropped(target, json);
  }
  json.EndArray();
  json.Key("droppedTargetCounts");
  if (dropped) {
    json.BeginObject();
    for (const auto& [name, count] : list.dropped_by_pool) {
      if (!is_wanted(name)) continue;
      json.Key(name);
      json.Unsigned(count);
    }
    json.EndObject();
  } else {
    json.Raw("null");
  }
  json.EndObject();
}

bool MatchesAll(const std::vector<model::CompiledMatcher>& matchers, model::LabelsView labels) {
  return std::all_of(matchers.begin(), matchers.end(), [labels](const auto& matcher) {
    return matcher.Matches(labels.Get(matcher.name()));
  });
}

void WriteMetadata(const control::TargetMetadata& one, bool with_name, JsonWriter& json) {
  json.BeginObject();
  json.Key("target");
  WriteLabels(one.target.view(), json);
  if (with_name) Member("metric", one.metric.metric_family, json);
  Member("type", model::MetricTypeName(one.metric.type), json);
  Member("help", one.metric.help, json);
  Member("unit", one.metric.unit, json);
  json.EndObject();
}

void OptionalMember(std::string_view key, std::string_view value, JsonWriter& json) {
  if (!value.empty()) Member(key, value, json);
}

// As Prometheus writes a rule: what is empty is left out.
void WriteRule(const model::RelabelConfig& rule, JsonWriter& json) {
  json.BeginObject();
  if (!rule.source_labels.empty()) {
    json.Key("sourceLabels");
    json.BeginArray();
    for (const std::string& name : rule.source_labels) json.String(name);
    json.EndArray();
  }
  OptionalMember("separator", rule.separator, json);
  Member("regex", rule.regex, json);
  if (rule.modulus != 0) {
    json.Key("modulus");
    json.Unsigned(rule.modulus);
  }
  OptionalMember("targetLabel", rule.target_label, json);
  OptionalMember("replacement", rule.replacement, json);
  Member("action", model::RelabelActionName(rule.action), json);
  json.EndObject();
}

absl::StatusOr<model::Labels> LabelsParameter(std::string_view text) {
  boost::system::error_code error;
  const boost::json::value root = boost::json::parse({text.data(), text.size()}, error);
  const boost::json::object* const object = error ? nullptr : root.if_object();
  if (object == nullptr) {
    return absl::InvalidArgumentError("error parsing labels: a JSON object is needed");
  }
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& [name, value] : *object) {
    if (!value.is_string()) {
      return absl::InvalidArgumentError("error parsing labels: every value must be a text");
    }
    pairs.emplace_back(std::string(name), std::string(value.get_string()));
  }
  return model::Labels(std::move(pairs));
}

}  // namespace

ApiEndpoint TargetsEndpoint(control::Targets* targets) {
  return [targets](const ApiRequest& request, ResponseWriter& response) -> absl::Status {
    const auto list = targets->List(request.context);
    if (!list.ok()) return list.status();
    Envelope envelope(&response);
    WriteTargets(*list, request.parameters, envelope.data());
    envelope.Finish();
    return absl::OkStatus();
  };
}

ApiEndpoint TargetMetadataEndpoint(control::Targets* targets) {
  return [targets](const ApiRequest& request, ResponseWriter& response) -> absl::Status {
    const std::string_view limit_text = request.parameters.Get("limit");
    int64_t limit = -1;
    if (!limit_text.empty()) {
      const auto parsed = ParseInteger(limit_text);
      if (!parsed.ok()) return absl::InvalidArgumentError("limit must be a number");
      limit = *parsed;
    }
    std::vector<model::CompiledMatcher> matchers;
    if (const std::string text(request.parameters.Get("match_target")); !text.empty()) {
      auto parsed = query::ParseSelector(text);
      if (!parsed.ok()) return parsed.status();
      matchers = *std::move(parsed);
    }
    const std::string metric(request.parameters.Get("metric"));
    const auto all = targets->Metadata(request.context, metric);
    if (!all.ok()) return all.status();
    Envelope envelope(&response);
    JsonWriter& json = envelope.data();
    json.BeginArray();
    for (const control::TargetMetadata& one : *all) {
      if (limit == 0) break;
      if (!MatchesAll(matchers, one.target.view())) continue;
      WriteMetadata(one, metric.empty(), json);
      if (limit > 0) --limit;
    }
    json.EndArray();
    envelope.Finish();
    return absl::OkStatus();
  };
}

ApiEndpoint RelabelStepsEndpoint(control::Targets* targets) {
  return [targets](const ApiRequest& request, ResponseWriter& response) -> absl::Status {
    const std::string pool(request.parameters.Get("scrapePool"));
    if (pool.empty()) return absl::InvalidArgumentError("no scrapePool parameter provided");
    const std::string_view text = request.parameters.Get("labels");
    if (text.empty()) return absl::InvalidArgumentError("no labels parameter provided");
    const auto labels = LabelsParameter(text);
    if (!labels.ok()) return labels.status();
    const auto steps = targets->RelabelSteps(request.context, pool, *labels);
    if (!steps.ok()) return steps.status();
    Envelope envelope(&response);
    JsonWriter& json = envelope.data();
    json.BeginObject();
    json.Key("steps");
    json.BeginArray();
    for (const control::RelabelStep& step : *steps) {
      json.BeginObject();
      json.Key("rule");
      WriteRule(step.rule, json);
      json.Key("output");
      WriteLabels(step.output.view(), json);
      json.Key("keep");
      json.Bool(step.keep);
      json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    envelope.Finish();
    return absl::OkStatus();
  };
}

ApiEndpoint ScrapePoolsEndpoint(control::Targets* targets) {
  return [targets](const ApiRequest& request, ResponseWriter& response) -> absl::Status {
    const auto list = targets->List(request.context);
    if (!list.ok()) return list.status();
    const std::set<std::string> names(list->pools.begin(), list->pools.end());
    Envelope envelope(&response);
    JsonWriter& json = envelope.data();
    json.BeginObject();
    json.Key("scrapePools");
    json.BeginArray();
    for (const std::string& name : names) json.String(name);
    json.EndArray();
    json.EndObject();
    envelope.Finish();
    return absl::OkStatus();
  };
}

}  // namespace tidegate::api
