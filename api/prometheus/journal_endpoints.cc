#include "api/prometheus/journal_endpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "api/json/json_writer.h"
#include "api/prometheus/parameters.h"

namespace tidegate::api {
namespace {

constexpr uint64_t kDefaultTopN = 20;
constexpr absl::Duration kDefaultLifetime = absl::Minutes(10);

void SendJson(const StringSink& sink, ResponseWriter& response) {
  HttpResponse answer;
  answer.content_type = std::string(kApplicationJson);
  answer.body = sink.text();
  response.Send(std::move(answer));
}

void Text(std::string_view key, std::string_view value, JsonWriter& json) {
  json.Key(key);
  json.String(value);
}

void Integer(std::string_view key, int64_t value, JsonWriter& json) {
  json.Key(key);
  json.Integer(value);
}

void WriteActive(const ActiveQuery& active, JsonWriter& json) {
  json.BeginObject();
  Text("duration", fmt::format("{:.3f}s", absl::ToDoubleSeconds(active.duration)), json);
  Text("id", fmt::format("{:016X}", active.id), json);
  Text("remote_addr", active.record.client_ip, json);
  Text("language", LanguageName(active.record.language), json);
  Text("query", active.record.query, json);
  Integer("start", active.record.start, json);
  Integer("end", active.record.end, json);
  Integer("step", active.record.step_ms, json);
  json.EndObject();
}

absl::Status ActiveQueries(const QueryJournal& journal, const ApiRequest& request,
                           ResponseWriter& response) {
  StringSink sink;
  JsonWriter json(&sink);
  json.BeginObject();
  Text("status", "ok", json);
  json.Key("data");
  json.BeginArray();
  for (const ActiveQuery& active : journal.Active(request.tenant.name)) WriteActive(active, json);
  json.EndArray();
  json.EndObject();
  json.Flush();
  SendJson(sink, response);
  return absl::OkStatus();
}

double AverageSeconds(const QueryCost& cost) {
  return absl::ToDoubleSeconds(cost.duration) / static_cast<double>(cost.count);
}

// One list of the answer: its name, what it is ordered by, and what that is called in an element.
struct Ranking {
  std::string_view list;
  std::string_view member;  // Empty: the count alone.
  double (*rank)(const QueryCost&);
};

constexpr Ranking kRankings[] = {
    {"topByCount", "", [](const QueryCost& cost) { return static_cast<double>(cost.count); }},
    {"topByAvgDuration", "avgDurationSeconds", AverageSeconds},
    {"topBySumDuration", "sumDurationSeconds",
     [](const QueryCost& cost) { return absl::ToDoubleSeconds(cost.duration); }},
    {"topByAvgMemoryUsage", "avgMemoryBytes",
     [](const QueryCost& cost) { return static_cast<double>(cost.peak_bytes / cost.count); }},
};

void WriteRanking(const Ranking& ranking, std::vector<QueryCost> costs, size_t top_n,
                  JsonWriter& json) {
  std::stable_sort(costs.begin(), costs.end(), [&](const QueryCost& a, const QueryCost& b) {
    return ranking.rank(a) > ranking.rank(b);
  });
  if (costs.size() > top_n) costs.resize(top_n);
  json.Key(ranking.list);
  json.BeginArray();
  for (const QueryCost& cost : costs) {
    json.BeginObject();
    Text("language", LanguageName(cost.language), json);
    Text("query", cost.query, json);
    Integer("timeRangeSeconds", cost.range_seconds, json);
    if (!ranking.member.empty()) {
      json.Key(ranking.member);
      json.Double(ranking.rank(cost));
    }
    Integer("count", static_cast<int64_t>(cost.count), json);
    json.EndObject();
  }
  json.EndArray();
}

absl::Status TopQueries(const QueryJournal& journal, const ApiRequest& request,
                        ResponseWriter& response) {
  uint64_t top_n = kDefaultTopN;
  if (const std::string_view text = request.parameters.Get("topN"); !text.empty()) {
    const auto number = ParseLimit(text);
    if (!number.ok()) return InvalidParameter("topN", number.status());
    top_n = *number;
  }
  absl::Duration lifetime = kDefaultLifetime;
  if (const std::string_view text = request.parameters.Get("maxLifetime"); !text.empty()) {
    const auto duration = ParseDuration(text);
    if (!duration.ok()) return InvalidParameter("maxLifetime", duration.status());
    lifetime = *duration;
  }
  StringSink sink;
  JsonWriter json(&sink);
  json.BeginObject();
  Text("topN", std::to_string(top_n), json);
  Text("maxLifetime", absl::FormatDuration(lifetime), json);
  Integer("search.queryStats.lastQueriesCount", RecentQueries::kMaxQueries, json);
  Text("search.queryStats.minQueryDuration", absl::FormatDuration(RecentQueries::kMinDuration),
       json);
  const std::vector<QueryCost> costs = journal.Costs(request.tenant.name, lifetime);
  for (const Ranking& ranking : kRankings) WriteRanking(ranking, costs, top_n, json);
  json.EndObject();
  json.Flush();
  SendJson(sink, response);
  return absl::OkStatus();
}

}  // namespace

ApiEndpoint ActiveQueriesEndpoint(const QueryJournal* journal) {
  return [journal](const ApiRequest& request, ResponseWriter& response) {
    return ActiveQueries(*journal, request, response);
  };
}

ApiEndpoint TopQueriesEndpoint(const QueryJournal* journal) {
  return [journal](const ApiRequest& request, ResponseWriter& response) {
    return TopQueries(*journal, request, response);
  };
}

}  // namespace tidegate::api
