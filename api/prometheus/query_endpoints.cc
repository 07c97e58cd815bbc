#include "api/prometheus/query_endpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/time/clock.h"
#include "api/prometheus/envelope.h"
#include "api/prometheus/parameters.h"
#include "api/prometheus/request_record.h"
#include "api/prometheus/result_json.h"
#include "model/quote.h"

namespace tidegate::api {
namespace {

absl::Status Bad(std::string_view name, std::string_view text) {
  return InvalidParameter(name, absl::InvalidArgumentError(std::string(text)));
}

// What instant and range queries share.
struct QueryOptions {
  std::string query;
  size_t limit = 0;
  int64_t lookback_ms = 0;
  StatsWanted stats = StatsWanted::kNone;
  std::string warning;  // About the parameters; empty = none.
};

// `timeout` can only shorten the tenant's.
absl::Status ApplyTimeout(const Parameters& parameters, model::RequestContext* context) {
  const std::string_view text = parameters.Get("timeout");
  if (text.empty()) return absl::OkStatus();
  const auto timeout = ParseDuration(text);
  if (!timeout.ok()) return InvalidParameter("timeout", timeout.status());
  context->deadline = std::min(context->deadline, absl::Now() + *timeout);
  return absl::OkStatus();
}

// Any value but `all` asks for the totals.
StatsWanted WantedStats(std::string_view text) {
  if (text.empty()) return StatsWanted::kNone;
  return text == "all" ? StatsWanted::kPerStep : StatsWanted::kTotals;
}

// Prometheus still takes values of `stats` beside these two, and says so.
std::string StatsWarning(std::string_view text) {
  if (text.empty() || text == "true" || text == "all") return "";
  return fmt::format(
      R"(value {} for parameter "stats" is deprecated and will be rejected in the next major )"
      R"(release, use "true" or "all")",
      model::Quoted(text));
}

absl::StatusOr<QueryOptions> CommonOptions(const Parameters& parameters) {
  QueryOptions options;
  options.query = std::string(parameters.Get("query"));
  options.stats = WantedStats(parameters.Get("stats"));
  options.warning = StatsWarning(parameters.Get("stats"));
  const auto limit = LimitParameter(parameters, "limit");
  if (!limit.ok()) return limit.status();
  options.limit = *limit;
  if (const std::string_view text = parameters.Get("lookback_delta"); !text.empty()) {
    const auto lookback = ParseDuration(text);
    if (!lookback.ok()) {
      return absl::InvalidArgumentError(
          fmt::format("error parsing lookback delta duration: {}",
                      std::string_view(lookback.status().message().data(),
                                       lookback.status().message().size())));
    }
    options.lookback_ms = absl::ToInt64Milliseconds(*lookback);
  }
  return options;
}

// A query that does not parse is an invalid parameter; other failures keep their text.
absl::Status QueryError(const absl::Status& status) {
  return status.code() == absl::StatusCode::kInvalidArgument ? InvalidParameter("query", status)
                                                             : status;
}

// One series more than the limit is asked for: its presence tells that something was left out.
size_t LimitToAskFor(size_t limit) { return limit == 0 ? 0 : limit + 1; }

// Frees a large result in pieces, so that others get the processor in between.
void Discard(query::QueryResult result) {
  std::vector<query::ResultSeries>* series = nullptr;
  if (auto* vector = std::get_if<query::VectorResult>(&result.value)) series = &vector->series;
  if (auto* matrix = std::get_if<query::MatrixResult>(&result.value)) series = &matrix->series;
  if (series == nullptr || result.lease == nullptr) return;
  while (!series->empty()) {
    series->pop_back();
    if (series->size() % 64 == 0) result.lease->Pass();
  }
}

absl::Status Answer(absl::StatusOr<query::QueryResult> result, const QueryOptions& options,
                    ResponseWriter& response) {
  if (!result.ok()) return QueryError(result.status());
  std::vector<std::string> warnings = result->warnings;
  if (!options.warning.empty()) {
    warnings.insert(std::upper_bound(warnings.begin(), warnings.end(), options.warning),
                    options.warning);
  }
  if (options.limit > 0 && SeriesCount(*result) > options.limit &&
      std::find(warnings.begin(), warnings.end(), kTruncatedWarning) == warnings.end()) {
    warnings.emplace_back(kTruncatedWarning);
  }
  Envelope envelope(&response, [&result] {
    if (result->lease != nullptr) result->lease->Pass();
  });
  WriteQueryResult(*result, {options.limit, options.stats}, envelope.data());
  envelope.Finish(warnings, result->infos);
  Discard(*std::move(result));
  return absl::OkStatus();
}

// The journal's entry of a query; none without a journal.
std::unique_ptr<QueryJournal::Entry> Begin(QueryJournal* journal, const ApiRequest& request,
                                           const query::RangeRequest& range) {
  if (journal == nullptr) return nullptr;
  QueryRecord record = RecordOf(request);
  record.query = range.query;
  record.start = range.start;
  record.end = range.end;
  record.step_ms = range.step_ms;
  return journal->Begin(std::move(record));
}

void Finish(QueryJournal::Entry* entry, const absl::StatusOr<query::QueryResult>& result) {
  if (entry == nullptr) return;
  entry->Finish(result.status(), result.ok() ? result->stats : query::QueryStats());
}

absl::Status InstantQuery(query::QueryService& queries, const model::Clock& clock,
                          QueryJournal* journal, const ApiRequest& request,
                          ResponseWriter& response) {
  const auto options = CommonOptions(request.parameters);
  if (!options.ok()) return options.status();
  const auto time = TimeParameter(request.parameters, "time", clock.NowMs());
  if (!time.ok()) return time.status();
  model::RequestContext context = request.context;
  if (const auto status = ApplyTimeout(request.parameters, &context); !status.ok()) return status;
  query::InstantRequest instant;
  instant.query = options->query;
  instant.time = *time;
  instant.lookback_ms = options->lookback_ms;
  instant.limit = LimitToAskFor(options->limit);
  instant.count_steps = options->stats != StatsWanted::kNone;
  const auto entry =
      Begin(journal, request, {.query = instant.query, .start = instant.time, .end = instant.time});
  auto result = queries.Instant(context, instant);
  Finish(entry.get(), result);
  return Answer(std::move(result), *options, response);
}

// start, end and step, with Prometheus' checks in its order.
absl::Status ReadGrid(const Parameters& parameters, query::RangeRequest* range) {
  const auto start = TimeParameter(parameters, "start");
  if (!start.ok()) return start.status();
  const auto end = TimeParameter(parameters, "end");
  if (!end.ok()) return end.status();
  if (*end < *start) return Bad("end", "end timestamp must not be before start time");
  const auto step = ParseDuration(parameters.Get("step"));
  if (!step.ok()) return InvalidParameter("step", step.status());
  const int64_t step_ms = absl::ToInt64Milliseconds(*step);
  if (step_ms <= 0) {
    return Bad("step",
               "zero or negative query resolution step widths are not accepted. Try a positive "
               "integer");
  }
  if ((*end - *start) / step_ms > kMaxPointsPerSeries) {
    return absl::InvalidArgumentError(
        "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query "
        "resolution (?step=XX)");
  }
  range->start = *start;
  range->end = *end;
  range->step_ms = step_ms;
  return absl::OkStatus();
}

absl::Status RangeQuery(query::QueryService& queries, QueryJournal* journal,
                        const ApiRequest& request, ResponseWriter& response) {
  const auto options = CommonOptions(request.parameters);
  if (!options.ok()) return options.status();
  query::RangeRequest range;
  if (const auto status = ReadGrid(request.parameters, &range); !status.ok()) return status;
  model::RequestContext context = request.context;
  if (const auto status = ApplyTimeout(request.parameters, &context); !status.ok()) return status;
  range.query = options->query;
  range.lookback_ms = options->lookback_ms;
  range.limit = LimitToAskFor(options->limit);
  range.count_steps = options->stats != StatsWanted::kNone;
  const auto entry = Begin(journal, request, range);
  auto result = queries.Range(context, range);
  Finish(entry.get(), result);
  return Answer(std::move(result), *options, response);
}

absl::Status Exemplars(query::QueryService& queries, const ApiRequest& request,
                       ResponseWriter& response) {
  const auto range = RangeParameters(request.parameters);
  if (!range.ok()) return range.status();
  if (range->empty()) {
    return absl::InvalidArgumentError("end timestamp must not be before start timestamp");
  }
  const auto series =
      queries.Exemplars(request.context, std::string(request.parameters.Get("query")), *range);
  if (!series.ok()) return series.status();
  Envelope envelope(&response);
  WriteExemplars(*series, envelope.data());
  envelope.Finish();
  return absl::OkStatus();
}

}  // namespace

ApiEndpoint InstantQueryEndpoint(query::QueryService* queries, const model::Clock* clock,
                                 QueryJournal* journal) {
  return [queries, clock, journal](const ApiRequest& request, ResponseWriter& response) {
    return InstantQuery(*queries, *clock, journal, request, response);
  };
}

ApiEndpoint RangeQueryEndpoint(query::QueryService* queries, QueryJournal* journal) {
  return [queries, journal](const ApiRequest& request, ResponseWriter& response) {
    return RangeQuery(*queries, journal, request, response);
  };
}

ApiEndpoint ExemplarsEndpoint(query::QueryService* queries) {
  return [queries](const ApiRequest& request, ResponseWriter& response) {
    return Exemplars(*queries, request, response);
  };
}

ApiEndpoint FormatQueryEndpoint(query::QueryService* queries) {
  return [queries](const ApiRequest& request, ResponseWriter& response) -> absl::Status {
    const auto text =
        queries->FormatQuery(request.context, std::string(request.parameters.Get("query")));
    if (!text.ok()) return QueryError(text.status());
    Envelope envelope(&response);
    envelope.data().String(*text);
    envelope.Finish();
    return absl::OkStatus();
  };
}

ApiEndpoint ParseQueryEndpoint(query::QueryService* queries) {
  return [queries](const ApiRequest& request, ResponseWriter& response) -> absl::Status {
    const auto tree =
        queries->ParseQuery(request.context, std::string(request.parameters.Get("query")));
    if (!tree.ok()) return QueryError(tree.status());
    Envelope envelope(&response);
    envelope.data().Raw(*tree);
    envelope.Finish();
    return absl::OkStatus();
  };
}

}  // namespace tidegate::api
