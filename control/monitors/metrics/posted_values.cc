#include "control/monitors/metrics/posted_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <map>
#include <utility>
#include <variant>

#include "control/monitors/inventory/service_documents.h"
#include "control/monitors/json/fields.h"
#include "control/monitors/json/json_text.h"
#include "control/monitors/metrics/selectors.h"
#include "control/write/push_body.h"
#include "model/labels.h"
#include "model/quote.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

constexpr size_t kMaxName = 255;
constexpr size_t kMaxLatest = 1000;  // Hosts, and metrics, of one question.
constexpr int64_t kMaxSeconds = 253'402'300'799;
constexpr absl::Duration kLatest = absl::Hours(24);  // Older values are not the latest any more.

struct Value {
  std::string host;
  std::string name;
  model::TimestampMs time = 0;
  double value = 0;
};

bool IsMetricName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
  });
}

Value ReadValue(const json::object& object, bool of_host, const std::string& where, Fields* all) {
  Fields fields(object, where);
  Value value;
  if (of_host) value.host = fields.RequiredText("hostId", kMaxName);
  value.name = fields.RequiredText("name", kMaxName);
  if (fields.ok() && !IsMetricName(value.name)) {
    fields.Fail("name", "has something else than letters, digits, '.', '_', '-'");
  }
  const auto time = fields.IntegerIn("time", 0, kMaxSeconds);
  if (!time.has_value()) fields.Fail("time", "is missing");
  value.time = time.value_or(0) * 1000;
  const auto number = fields.Number("value");
  if (!number.has_value()) fields.Fail("value", "is missing");
  value.value = number.value_or(0);
  all->Update(fields.status());
  return value;
}

// The values of [{"name", "time", "value"}, ...]. One that is wrong refuses them all: nothing has
// been stored yet.
absl::StatusOr<std::vector<Value>> ReadValues(std::string_view body, bool of_host) {
  const auto parsed = ParseJson(body);
  if (!parsed.ok()) return parsed.status();
  if (!parsed->is_array()) return absl::InvalidArgumentError("the body is not a JSON array");
  std::vector<Value> values;
  const json::object none;
  Fields mistakes(none);
  for (const json::value& element : parsed->get_array()) {
    const std::string where = fmt::format("[{}].", values.size());
    if (!element.is_object()) {
      return absl::InvalidArgumentError(fmt::format("[{}] is not an object", values.size()));
    }
    values.push_back(ReadValue(element.get_object(), of_host, where, &mistakes));
    if (!mistakes.ok()) return mistakes.status();
  }
  return values;
}

json::array Points(const std::vector<query::FloatPoint>& floats) {
  json::array points;
  for (const query::FloatPoint& point : floats) {
    points.push_back(json::object{{"time", point.timestamp / 1000}, {"value", point.value}});
  }
  return points;
}

const std::vector<query::ResultSeries>* SeriesOf(const query::QueryResult& result) {
  if (const auto* vector = std::get_if<query::VectorResult>(&result.value)) return &vector->series;
  if (const auto* matrix = std::get_if<query::MatrixResult>(&result.value)) return &matrix->series;
  return nullptr;
}

// What a vector says about a metric, as one member of each host's.
void AddLatest(const query::QueryResult& result, const std::string& metric, std::string_view member,
               json::object* latest) {
  const std::vector<query::ResultSeries>* const series = SeriesOf(result);
  if (series == nullptr) return;
  for (const query::ResultSeries& found : *series) {
    if (found.floats.empty()) continue;
    const std::string host(found.labels.Get(kHostLabel));
    json::value& of_metric = (*latest)[host].get_object()[metric];
    json::object& value =
        of_metric.is_object() ? of_metric.get_object() : of_metric.emplace_object();
    const double number = found.floats.front().value;
    value[{member.data(), member.size()}] =
        member == "time" ? json::value(static_cast<int64_t>(number)) : json::value(number);
  }
}

}  // namespace

absl::Status PostedValues::Push(const model::RequestContext& context, const std::string& body) {
  if (body.empty()) return absl::OkStatus();
  const auto result = ingester_.Push(
      context, {ingest::PushFormat::kRemoteWrite1, ingest::PushEncoding::kIdentity, body});
  return result.ok() ? result->rejected : result.status();
}

absl::Status PostedValues::PostHosts(const model::RequestContext& context, std::string_view body) {
  const auto values = ReadValues(body, true);
  if (!values.ok()) return values.status();
  std::map<std::string, absl::Status> hosts;
  for (const Value& value : *values) {
    if (!hosts.contains(value.host)) {
      hosts[value.host] = hosts_.NotePosts(context.tenant, {value.host});
    }
  }
  PushBody push;
  absl::Status refused;
  for (const Value& value : *values) {
    const absl::Status& host = hosts[value.host];
    if (!host.ok() && !absl::IsNotFound(host)) return host;
    refused.Update(host);
    if (!host.ok()) continue;
    const model::Labels labels{{model::kMetricNameLabel, value.name}, {kHostLabel, value.host}};
    push.AddSample(labels.bytes(), value.time, value.value);
  }
  for (const auto& [host, status] : hosts) {
    const model::Labels labels{{model::kMetricNameLabel, kHostPostMetric}, {kHostLabel, host}};
    if (status.ok()) push.AddSample(labels.bytes(), clock_.NowMs(), 1);
  }
  const absl::Status pushed = Push(context, push.bytes());
  return pushed.ok() ? refused : pushed;
}

absl::Status PostedValues::CheckService(const std::string& tenant, const std::string& service) {
  const auto catalog = LoadServices(&documents_, tenant);
  if (!catalog.ok()) return catalog.status();
  return catalog->contains(service) ? absl::OkStatus()
                                    : absl::NotFoundError("there is no such service");
}

absl::Status PostedValues::PostService(const model::RequestContext& context,
                                       const std::string& service, std::string_view body) {
  if (absl::Status status = CheckService(context.tenant, service); !status.ok()) return status;
  const auto values = ReadValues(body, false);
  if (!values.ok()) return values.status();
  PushBody push;
  for (const Value& value : *values) {
    const model::Labels labels{{model::kMetricNameLabel, value.name}, {kServiceLabel, service}};
    push.AddSample(labels.bytes(), value.time, value.value);
  }
  return Push(context, push.bytes());
}

absl::StatusOr<std::string> PostedValues::Values(const model::RequestContext& context,
                                                 const std::string& selector, int64_t from,
                                                 int64_t to) {
  if (from < 0 || to > kMaxSeconds || from > to) {
    return absl::InvalidArgumentError("from and to are not a range of seconds since 1970");
  }
  query::InstantRequest request;
  // A range is open on its left side.
  request.query = fmt::format("{}[{}ms]", selector, (to - from) * 1000 + 1);
  request.time = to * 1000;
  const auto result = queries_.Instant(context, request);
  if (!result.ok()) return result.status();
  const auto* series = SeriesOf(*result);
  if (series != nullptr && !series->empty()) return JsonText(Points(series->front().floats));
  query::MetadataRequest metadata;
  metadata.matches = {selector};
  metadata.range = {0, kMaxSeconds * 1000};
  metadata.limit = 1;
  const auto known = queries_.Series(context, metadata);
  if (!known.ok()) return known.status();
  if (known->series.empty()) return absl::NotFoundError("there is no such metric");
  return "[]";
}

absl::StatusOr<std::string> PostedValues::OfHost(const model::RequestContext& context,
                                                 const std::string& host, const std::string& metric,
                                                 int64_t from, int64_t to) {
  const auto known = hosts_.Get(context.tenant, host);
  if (!known.ok()) return known.status();
  return Values(context, SelectorOf(metric, kHostLabel, host), from, to);
}

absl::StatusOr<std::string> PostedValues::OfService(const model::RequestContext& context,
                                                    const std::string& service,
                                                    const std::string& metric, int64_t from,
                                                    int64_t to) {
  if (absl::Status status = CheckService(context.tenant, service); !status.ok()) return status;
  return Values(context, SelectorOf(metric, kServiceLabel, service), from, to);
}

absl::StatusOr<std::string> PostedValues::Latest(const model::RequestContext& context,
                                                 const std::vector<std::string>& hosts,
                                                 const std::vector<std::string>& metrics) {
  if (hosts.empty() || metrics.empty()) {
    return absl::InvalidArgumentError("hostId and name are needed");
  }
  if (hosts.size() > kMaxLatest || metrics.size() > kMaxLatest) {
    return absl::InvalidArgumentError(fmt::format("more than {} at once", kMaxLatest));
  }
  json::object latest;
  for (const std::string& host : hosts) latest[host] = json::object();
  query::InstantRequest request;
  request.time = clock_.NowMs();
  request.lookback_ms = absl::ToInt64Milliseconds(kLatest);
  for (const std::string& metric : metrics) {
    const std::string selector = SelectorOfAny(metric, kHostLabel, hosts);
    // The value of a vector has the time of the question.
    for (const auto& [member, text] :
         {std::pair<const char*, std::string>{"time", fmt::format("timestamp({})", selector)},
          {"value", selector}}) {
      request.query = text;
      const auto result = queries_.Instant(context, request);
      if (!result.ok()) return result.status();
      AddLatest(*result, metric, member, &latest);
    }
  }
  return JsonText(latest);
}

absl::StatusOr<std::string> PostedValues::Names(const model::RequestContext& context,
                                                const std::string& matcher) {
  query::MetadataRequest request;
  request.matches = {matcher};
  request.range = {0, kMaxSeconds * 1000};
  const auto names = queries_.LabelValues(context, std::string(model::kMetricNameLabel), request);
  if (!names.ok()) return names.status();
  json::array shown;
  for (const std::string& name : names->values) {
    if (name != kHostPostMetric) shown.emplace_back(name);
  }
  return JsonText(shown);
}

absl::StatusOr<std::string> PostedValues::NamesOfHost(const model::RequestContext& context,
                                                      const std::string& host) {
  const auto known = hosts_.Get(context.tenant, host);
  if (!known.ok()) return known.status();
  return Names(context, fmt::format("{{{}={}}}", kHostLabel, model::Quoted(host)));
}

absl::StatusOr<std::string> PostedValues::NamesOfService(const model::RequestContext& context,
                                                         const std::string& service) {
  if (absl::Status status = CheckService(context.tenant, service); !status.ok()) return status;
  return Names(context, fmt::format("{{{}={}}}", kServiceLabel, model::Quoted(service)));
}

}  // namespace tidegate::control
