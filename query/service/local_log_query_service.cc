#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "model/federation.h"
#include "model/matcher.h"
#include "query/log_query_service.h"
#include "query/logql/detect/detect.h"
#include "query/logql/detect/value_type.h"
#include "query/logql/engine/engine.h"
#include "query/logql/syntax/parser.h"
#include "query/logql/syntax/prettier.h"
#include "query/query_service.h"
#include "query/service/paced_sink.h"
#include "query/service/query_range_limits.h"
#include "query/service/query_rejections.h"
#include "query/service/query_turns.h"
#include "query/service/shared_threads.h"

namespace tidegate::query {
namespace {

using model::RequestContext;
using model::TenantLimits;

absl::StatusOr<std::vector<model::CompiledMatcher>> SelectorOf(const std::string& text) {
  if (text.empty()) return std::vector<model::CompiledMatcher>();
  const auto matchers = logql::ParseSelector(text);
  if (!matchers.ok()) return matchers.status();
  return model::CompileMatchers(*matchers);
}

absl::StatusOr<storage::StreamQuery> StreamQueryOf(const std::vector<std::string>& selectors,
                                                   storage::LogRange range, size_t limit) {
  storage::StreamQuery query;
  query.range = range;
  query.limit = limit;
  for (const std::string& text : selectors) {
    auto matchers = SelectorOf(text);
    if (!matchers.ok()) return matchers.status();
    query.selections.push_back(*std::move(matchers));
  }
  return query;
}

// Of the labels of a stream, those that a volume is told apart by.
model::Labels VolumeLabels(const model::Labels& stream, const std::vector<std::string>& names) {
  if (names.empty()) return stream;
  return model::LabelsBuilder(stream).Keep(names).Build();
}

// By the matchers' labels unless the request names some; the empty selector tells by all.
absl::StatusOr<std::vector<std::string>> VolumeNames(const LogVolumeRequest& request) {
  if (!request.target_labels.empty()) return request.target_labels;
  const auto matchers = SelectorOf(request.query);
  if (!matchers.ok()) return matchers.status();
  std::vector<std::string> names;
  for (const model::CompiledMatcher& matcher : *matchers) names.push_back(matcher.name());
  return names;
}

// Whether a label says what kind of stream it is, and not which one.
bool TellsKinds(const std::string& name, const std::set<std::string>& values) {
  static constexpr std::string_view kAlways[] = {"cluster", "namespace", "instance", "pod"};
  if (std::find(std::begin(kAlways), std::end(kAlways), name) != std::end(kAlways)) return true;
  return !std::all_of(values.begin(), values.end(), logql::IsIdentifier);
}

// The source of one query, which steps aside between batches, and lends it threads.
class PacedLogSource final : public storage::LogSource {
 public:
  PacedLogSource(storage::LogSource& source, Pacer& pacer, SharedThreads& threads)
      : source_(source), pacer_(pacer), threads_(threads) {}

  absl::Status SelectLogs(const RequestContext& context, const storage::LogSelection& selection,
                          storage::Sink<storage::LogBatch>& sink) override {
    PacedSink<storage::LogBatch> paced(pacer_, sink);
    QueryThreads threads(&threads_, context, &pacer_);
    storage::LogSelection own = selection;
    own.threads = &threads;
    return source_.SelectLogs(context, own, paced);
  }
  absl::StatusOr<std::vector<storage::StreamVolume>> StreamVolumes(
      const RequestContext& context, const storage::StreamQuery& query) override {
    return source_.StreamVolumes(context, query);
  }
  absl::StatusOr<std::vector<std::string>> StreamLabelNames(
      const RequestContext& context, const storage::StreamQuery& query) override {
    return source_.StreamLabelNames(context, query);
  }
  absl::StatusOr<std::vector<std::string>> StreamLabelValues(
      const RequestContext& context, const std::string& label_name,
      const storage::StreamQuery& query) override {
    return source_.StreamLabelValues(context, label_name, query);
  }

 private:
  storage::LogSource& source_;
  Pacer& pacer_;
  SharedThreads& threads_;
};

class LocalLogQueryService final : public LogQueryService {
 public:
  LocalLogQueryService(const LogEngineOptions& options, storage::LogSource* source,
                       const model::TenantRegistry* tenants)
      : source_(*source),
        tenants_(*tenants),
        turns_(options.turns != nullptr ? options.turns : CreateQueryTurns(0, 0)),
        rejections_(options.metrics) {}

  absl::StatusOr<LogQueryResult> Instant(const RequestContext& context,
                                         const LogInstantRequest& request) override {
    return Run(context, request.query,
               [&](const RequestContext& bounded, const logql::EngineOptions& options,
                   storage::LogSource& source) {
                 return logql::RunInstantQuery(bounded, request, source, options);
               });
  }

  absl::StatusOr<LogQueryResult> Range(const RequestContext& context,
                                       const LogRangeRequest& request) override {
    return Run(context, request.query,
               [&](const RequestContext& bounded, const logql::EngineOptions& options,
                   storage::LogSource& source) {
                 return logql::RunRangeQuery(bounded, request, source, options);
               });
  }

  absl::StatusOr<std::vector<std::string>> LabelNames(const RequestContext& context,
                                                      const LogLabelRequest& request) override {
    const auto query = StreamQueryOf(request.matches, request.range, request.limit);
    if (!query.ok()) return query.status();
    return source_.StreamLabelNames(Bounded(context, LimitsOf(context)), *query);
  }

  absl::StatusOr<std::vector<std::string>> LabelValues(const RequestContext& context,
                                                       const std::string& label_name,
                                                       const LogLabelRequest& request) override {
    const auto query = StreamQueryOf(request.matches, request.range, request.limit);
    if (!query.ok()) return query.status();
    return source_.StreamLabelValues(Bounded(context, LimitsOf(context)), label_name, *query);
  }

  absl::StatusOr<std::vector<model::Labels>> Series(const RequestContext& context,
                                                    const LogLabelRequest& request) override {
    const auto volumes = Volumes(context, request.matches, request.range);
    if (!volumes.ok()) return volumes.status();
    std::set<model::Labels> series;
    for (const storage::StreamVolume& volume : *volumes) series.insert(volume.stream);
    std::vector<model::Labels> sorted(series.begin(), series.end());
    if (request.limit != 0 && sorted.size() > request.limit) sorted.resize(request.limit);
    return sorted;
  }

  absl::StatusOr<LogIndexStats> IndexStats(const RequestContext& context,
                                           const std::string& selector,
                                           storage::LogRange range) override {
    const auto volumes = Volumes(context, {selector}, range);
    if (!volumes.ok()) return volumes.status();
    LogIndexStats stats;
    stats.streams = volumes->size();
    for (const storage::StreamVolume& volume : *volumes) {
      stats.chunks += volume.chunks;
      stats.bytes += volume.bytes;
      stats.entries += volume.entries;
    }
    return stats;
  }

  absl::StatusOr<LogQueryResult> Volume(const RequestContext& context,
                                        const LogVolumeRequest& request) override {
    const auto names = VolumeNames(request);
    if (!names.ok()) return names.status();
    const int64_t step =
        request.step_ns > 0 ? request.step_ns : request.range.end - request.range.begin;
    std::map<model::Labels, ResultSeries> series;
    std::map<model::Labels, double> totals;
    for (int64_t begin = request.range.begin; begin < request.range.end && step > 0;
         begin += step) {
      const storage::LogRange range{begin, std::min(begin + step, request.range.end)};
      const auto sums = VolumeOf(context, request, *names, range);
      if (!sums.ok()) return sums.status();
      constexpr int64_t kNsPerMs = 1'000'000;
      const int64_t time = (request.step_ns > 0 ? range.begin : range.end) / kNsPerMs;
      for (const auto& [labels, bytes] : *sums) {
        series[labels].floats.push_back({time, bytes});
        totals[labels] += bytes;
      }
    }
    return VolumeResult(request, std::move(series), totals);
  }

  absl::StatusOr<std::vector<DetectedLabel>> DetectedLabels(const RequestContext& context,
                                                            const std::string& selector,
                                                            storage::LogRange range) override {
    const auto volumes = Volumes(context, {selector}, range);
    if (!volumes.ok()) return volumes.status();
    std::map<std::string, std::set<std::string>, std::less<>> values;
    for (const storage::StreamVolume& volume : *volumes) {
      for (const model::Label& label : volume.stream) {
        values[std::string(label.name)].emplace(label.value);
      }
    }
    std::vector<DetectedLabel> labels;
    for (const auto& [name, distinct] : values) {
      if (TellsKinds(name, distinct)) labels.push_back({name, distinct.size()});
    }
    return labels;
  }

  absl::StatusOr<std::vector<DetectedField>> DetectedFields(
      const RequestContext& context, const DetectedFieldsRequest& request) override {
    const auto detector = Detector(context, request);
    if (!detector.ok()) return detector.status();
    return detector->Fields(request.limit);
  }

  absl::StatusOr<std::vector<std::string>> DetectedFieldValues(
      const RequestContext& context, const std::string& field,
      const DetectedFieldsRequest& request) override {
    const auto detector = Detector(context, request);
    if (!detector.ok()) return detector.status();
    return detector->ValuesOf(field, request.limit);
  }

  absl::StatusOr<std::vector<LogPattern>> Patterns(const RequestContext& context,
                                                   const std::string& query,
                                                   storage::LogRange range,
                                                   int64_t step_ns) override {
    return InTurn<std::vector<LogPattern>>(
        context, [&](const RequestContext& bounded, const logql::EngineOptions& options,
                     storage::LogSource& source) {
          return logql::FindPatterns(bounded, query, range, step_ns, source, options);
        });
  }

  absl::StatusOr<std::string> FormatQuery(const RequestContext&,
                                          const std::string& query) override {
    const absl::StatusOr<logql::Expr> expr = logql::ParseExpr(query);
    if (!expr.ok()) return expr.status();
    return logql::Prettify(*expr);
  }

 private:
  TenantLimits LimitsOf(const RequestContext& context) const {
    const auto config = model::FindForQueries(tenants_, context.tenant);
    return config != nullptr ? config->limits : TenantLimits();
  }

  // The deadline counts from when the query arrives; waiting in the queue is part of it.
  static RequestContext Bounded(const RequestContext& context, const TenantLimits& limits) {
    RequestContext bounded = context;
    if (limits.max_query_timeout > absl::ZeroDuration()) {
      bounded.deadline = std::min(bounded.deadline, absl::Now() + limits.max_query_timeout);
    }
    return bounded;
  }

  // Runs a query in its turn.
  template <typename RunFn>
  absl::StatusOr<LogQueryResult> Run(const RequestContext& context, const std::string& query,
                                     const RunFn& run_fn) {
    if (absl::Status status = CheckExpressionSize(LimitsOf(context), query); !status.ok()) {
      rejections_.Count(context.tenant, status);
      return status;
    }
    const absl::Time asked = absl::Now();
    absl::Duration waited;
    auto result = InTurn<LogQueryResult>(
        context, [&](const RequestContext& bounded, const logql::EngineOptions& options,
                     storage::LogSource& source) {
          waited = absl::Now() - asked;
          return run_fn(bounded, options, source);
        });
    if (result.ok()) result->stats.queue_seconds = absl::ToDoubleSeconds(waited);
    return result;
  }

  template <typename Answer, typename RunFn>
  absl::StatusOr<Answer> InTurn(const RequestContext& context, const RunFn& run_fn) {
    const TenantLimits limits = LimitsOf(context);
    const RequestContext bounded = Bounded(context, limits);
    auto turn = turns_->Take(bounded, limits);
    absl::StatusOr<Answer> answer = [&]() -> absl::StatusOr<Answer> {
      if (!turn.ok()) return turn.status();
      PacedLogSource source(source_, turn->pacer(), turns_->threads());
      return run_fn(bounded, OptionsOf(limits), source);
    }();
    rejections_.Count(context.tenant, answer.status());
    return answer;
  }

  logql::EngineOptions OptionsOf(const TenantLimits& limits) {
    logql::EngineOptions options;
    options.limits = {.max_series = limits.max_query_series, .max_bytes = limits.max_query_bytes};
    options.query_limits = {.max_range_ns = absl::ToInt64Nanoseconds(limits.logs.max_query_range),
                            .max_matchers = limits.logs.max_streams_matchers_per_query,
                            .max_series = limits.logs.max_log_query_series,
                            .max_bytes_read = limits.logs.max_query_bytes_read};
    options.memory = &turns_->memory();
    return options;
  }

  absl::StatusOr<logql::FieldDetector> Detector(const RequestContext& context,
                                                const DetectedFieldsRequest& request) {
    return InTurn<logql::FieldDetector>(
        context, [&](const RequestContext& bounded, const logql::EngineOptions& options,
                     storage::LogSource& source) {
          return logql::DetectFields(bounded, request, source, options);
        });
  }

  absl::StatusOr<std::vector<storage::StreamVolume>> Volumes(
      const RequestContext& context, const std::vector<std::string>& selectors,
      storage::LogRange range) {
    const auto query = StreamQueryOf(selectors, range, 0);
    if (!query.ok()) return query.status();
    return source_.StreamVolumes(Bounded(context, LimitsOf(context)), *query);
  }

  absl::StatusOr<std::map<model::Labels, double>> VolumeOf(const RequestContext& context,
                                                           const LogVolumeRequest& request,
                                                           const std::vector<std::string>& names,
                                                           storage::LogRange range) {
    const auto volumes = Volumes(context, {request.query}, range);
    if (!volumes.ok()) return volumes.status();
    std::map<model::Labels, double> sums;
    for (const storage::StreamVolume& volume : *volumes) {
      const auto bytes = static_cast<double>(volume.bytes);
      const model::Labels labels = VolumeLabels(volume.stream, names);
      if (!request.aggregate_by_labels) {
        sums[labels] += bytes;
        continue;
      }
      for (const model::Label& label : labels) sums[{{label.name, label.name}}] += bytes;
    }
    return sums;
  }

  // Largest first, cut to the request's limit.
  static LogQueryResult VolumeResult(const LogVolumeRequest& request,
                                     std::map<model::Labels, ResultSeries> series,
                                     const std::map<model::Labels, double>& totals) {
    std::vector<ResultSeries> sorted;
    for (auto& [labels, one] : series) {
      one.labels = labels;
      sorted.push_back(std::move(one));
    }
    std::stable_sort(sorted.begin(), sorted.end(),
                     [&totals](const ResultSeries& a, const ResultSeries& b) {
                       return totals.at(a.labels) > totals.at(b.labels);
                     });
    if (request.limit != 0 && sorted.size() > request.limit) sorted.resize(request.limit);
    LogQueryResult result;
    if (request.step_ns > 0) {
      result.value = MatrixResult{std::move(sorted)};
    } else {
      result.value = VectorResult{std::move(sorted)};
    }
    return result;
  }

  storage::LogSource& source_;
  const model::TenantRegistry& tenants_;
  const std::shared_ptr<QueryTurns> turns_;
  QueryRejections rejections_;
};

}  // namespace

std::unique_ptr<LogQueryService> CreateLogQueryService(const LogEngineOptions& options,
                                                       storage::LogSource* source,
                                                       const model::TenantRegistry* tenants) {
  return std::make_unique<LocalLogQueryService>(options, source, tenants);
}

}  // namespace tidegate::query
