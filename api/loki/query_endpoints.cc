#include "api/loki/query_endpoints.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "api/loki/log_result_json.h"
#include "api/loki/parameters.h"
#include "api/loki/query_limits.h"
#include "api/prometheus/envelope.h"
#include "api/prometheus/request_record.h"

namespace tidegate::api {
namespace {

absl::Status Answer(const absl::StatusOr<query::LogQueryResult>& result, const ApiRequest& request,
                    ResponseWriter& response) {
  if (!result.ok()) return result.status();
  const bool categorize = WantsCategorizedLabels(request.http.headers.Get(kEncodingFlags));
  Envelope envelope(&response);
  WriteLogQueryResult(*result, categorize, envelope.data());
  envelope.Finish(result->warnings);
  return absl::OkStatus();
}

// Logs Drilldown shows what there is of a wide answer. Tags are `Name=value`, separated by commas.
bool IsFromDrilldown(const ApiRequest& request) {
  const std::string_view tags = request.http.headers.Get("X-Query-Tags");
  for (const absl::string_view tag :
       absl::StrSplit(absl::string_view(tags.data(), tags.size()), ',')) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(tag, absl::MaxSplits('=', 1));
    if (absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(parts.first), "Source") &&
        absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(parts.second),
                               "grafana-lokiexplore-app")) {
      return true;
    }
  }
  return false;
}

constexpr int64_t kNsPerMs = 1'000'000;

// The journal's entry of a query; none without a journal. The step is 0 for an instant query.
std::unique_ptr<QueryJournal::Entry> Begin(QueryJournal* journal, const ApiRequest& request,
                                           const query::LogRangeRequest& range) {
  if (journal == nullptr) return nullptr;
  QueryRecord record = RecordOf(request);
  record.language = QueryLanguage::kLogQl;
  record.query = range.query;
  record.start = range.start / kNsPerMs;
  record.end = range.end / kNsPerMs;
  record.step_ms = range.step_ns / kNsPerMs;
  return journal->Begin(std::move(record));
}

void Finish(QueryJournal::Entry* entry, const absl::StatusOr<query::LogQueryResult>& result) {
  if (entry == nullptr) return;
  entry->FinishLogQuery(result.status(), result.ok() ? result->stats : query::LogQueryStats());
}

void CountRefusal(QueryJournal* journal, const ApiRequest& request, std::string_view limit) {
  if (journal != nullptr) journal->CountRefusal(request.tenant.name, limit);
}

absl::Status RangeQuery(query::LogQueryService& logs, const model::Clock& clock,
                        QueryJournal* journal, const ApiRequest& request,
                        ResponseWriter& response) {
  const model::TimestampNs now = absl::ToUnixNanos(clock.Now());
  auto range = ReadRangeRequest(request.parameters, now);
  if (!range.ok()) return range.status();
  range->partial_series = IsFromDrilldown(request);
  const model::LogLimits& limits = request.tenant.limits.logs;
  if (absl::Status refused = CheckEntries(limits, *range); !refused.ok()) {
    CountRefusal(journal, request, "max_entries_limit_per_query");
    return refused;
  }
  if (absl::Status refused = LimitRange(limits, now, &*range); !refused.ok()) {
    CountRefusal(journal, request, "max_query_length");
    return refused;
  }
  const auto entry = Begin(journal, request, *range);
  const auto result = logs.Range(request.context, *range);
  Finish(entry.get(), result);
  return Answer(result, request, response);
}

absl::Status FormatQuery(query::LogQueryService& logs, const ApiRequest& request,
                         ResponseWriter& response) {
  const auto text = logs.FormatQuery(request.context, std::string(request.parameters.Get("query")));
  if (!text.ok() && !absl::IsInvalidArgument(text.status())) return text.status();
  if (text.ok()) {
    Envelope envelope(&response);
    envelope.data().String(*text);
    envelope.Finish();
    return absl::OkStatus();
  }
  StringSink sink;
  JsonWriter json(&sink);
  json.BeginObject();
  json.Key("status");
  json.String("invalid-query");
  json.Key("error");
  json.String({text.status().message().data(), text.status().message().size()});
  json.EndObject();
  json.Flush();
  HttpResponse invalid;
  invalid.status = 400;
  invalid.content_type = kApplicationJson;
  invalid.body = sink.text();
  response.Send(std::move(invalid));
  return absl::OkStatus();
}

}  // namespace

ApiEndpoint LogInstantQueryEndpoint(query::LogQueryService* logs, const model::Clock* clock,
                                    QueryJournal* journal) {
  return [logs, clock, journal](const ApiRequest& request,
                                ResponseWriter& response) -> absl::Status {
    auto instant = ReadInstantRequest(request.parameters, absl::ToUnixNanos(clock->Now()));
    if (!instant.ok()) return instant.status();
    instant->partial_series = IsFromDrilldown(request);
    const auto entry = Begin(
        journal, request, {.query = instant->query, .start = instant->time, .end = instant->time});
    const auto result = logs->Instant(request.context, *instant);
    Finish(entry.get(), result);
    return Answer(result, request, response);
  };
}

ApiEndpoint LogRangeQueryEndpoint(query::LogQueryService* logs, const model::Clock* clock,
                                  QueryJournal* journal) {
  return [logs, clock, journal](const ApiRequest& request, ResponseWriter& response) {
    return RangeQuery(*logs, *clock, journal, request, response);
  };
}

ApiEndpoint LogFormatQueryEndpoint(query::LogQueryService* logs) {
  return [logs](const ApiRequest& request, ResponseWriter& response) {
    return FormatQuery(*logs, request, response);
  };
}

}  // namespace tidegate::api
