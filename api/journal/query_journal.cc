#include "api/journal/query_journal.h"

#include <utility>

#include "absl/time/clock.h"
#include "api/journal/query_log.h"
#include "api/prometheus/api_error.h"
#include "model/federation.h"
#include "model/metrics/metrics_registry.h"

namespace tidegate::api {
namespace {

model::Timer& Durations(const char* language, model::MetricsRegistry* registry) {
  return registry->AddTimer("tidegate_query_duration_seconds",
                            "From a query's request to its result.",
                            {0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60}, {{"language", language}});
}

}  // namespace

QueryJournal::Entry::~Entry() {
  if (!finished_) Finish(absl::CancelledError("the query was given up"), {});
}

void QueryJournal::Entry::Finish(const absl::Status& status, const query::QueryStats& stats) {
  End({.ended = {}, .duration = {}, .status = status, .stats = stats, .log_stats = {}});
}

void QueryJournal::Entry::FinishLogQuery(const absl::Status& status,
                                         const query::LogQueryStats& stats) {
  End({.ended = {}, .duration = {}, .status = status, .stats = {}, .log_stats = stats});
}

void QueryJournal::Entry::End(QueryOutcome outcome) {
  finished_ = true;
  outcome.ended = journal_->clock_->Now();
  outcome.duration = outcome.ended - begun_;
  journal_->End(id_, outcome);
}

QueryJournal::QueryJournal(const QueryJournalOptions& options, const model::Clock* clock,
                           model::MetricsRegistry* registry)
    : clock_(clock),
      log_(options.log_file.empty()
               ? nullptr
               : std::make_unique<JsonLinesFile>(options.log_file, options.max_log_bytes)),
      queries_(&prometheus::BuildCounter()
                    .Name("tidegate_query_requests_total")
                    .Help("Queries by language and by how they ended.")
                    .Register(*registry)),
      refused_(&prometheus::BuildCounter()
                    .Name("tidegate_query_rejected_total")
                    .Help("Queries that a limit refused or ended.")
                    .Register(*registry)),
      log_failures_(&prometheus::BuildCounter()
                         .Name("tidegate_query_log_failures_total")
                         .Help("Lines that could not be written to the query log.")
                         .Register(*registry)
                         .Add({})),
      promql_seconds_(Durations("promql", registry)),
      logql_seconds_(Durations("logql", registry)) {}

std::unique_ptr<QueryJournal::Entry> QueryJournal::Begin(QueryRecord record) {
  const absl::Time now = clock_->Now();
  absl::MutexLock lock(&mutex_);
  const uint64_t id = ++last_id_;
  running_.emplace(id, Running{std::move(record), now});
  return std::unique_ptr<Entry>(new Entry(this, id, now));
}

void QueryJournal::CountRefusal(const std::string& tenant, std::string_view limit) {
  for (const std::string& name : model::FederatedTenants(tenant)) {
    refused_->Add({{"tenant", name}, {"reason", std::string(limit)}}).Increment();
  }
}

std::vector<ActiveQuery> QueryJournal::Active(std::string_view tenant) const {
  const absl::Time now = clock_->Now();
  std::vector<ActiveQuery> active;
  absl::MutexLock lock(&mutex_);
  for (const auto& [id, running] : running_) {
    if (running.record.tenant != tenant) continue;
    active.push_back({.id = id, .duration = now - running.begun, .record = running.record});
  }
  return active;
}

void QueryJournal::End(uint64_t id, const QueryOutcome& outcome) {
  QueryRecord record;
  {
    absl::MutexLock lock(&mutex_);
    auto running = running_.extract(id);
    if (running.empty()) return;
    record = std::move(running.mapped().record);
  }
  Count(record, outcome);
  // What does not parse is no query: Prometheus neither logs nor counts it.
  if (absl::IsInvalidArgument(outcome.status)) return;
  recent_.Add(record, outcome);
  if (log_ == nullptr) return;
  if (!log_->Append(QueryLogLine(record, outcome)).ok()) log_failures_->Increment();
}

void QueryJournal::Count(const QueryRecord& record, const QueryOutcome& outcome) {
  const std::string result =
      outcome.status.ok() ? "ok" : std::string(ErrorKindOf(outcome.status.code()).error_type);
  const std::string language(LanguageName(record.language));
  // A query over several tenants is one of each: their combinations have no end.
  for (const std::string& tenant : model::FederatedTenants(record.tenant)) {
    queries_->Add({{"language", language}, {"tenant", tenant}, {"result", result}}).Increment();
  }
  model::Timer& seconds =
      record.language == QueryLanguage::kLogQl ? logql_seconds_ : promql_seconds_;
  seconds.Observe(absl::ToDoubleSeconds(outcome.duration));
}

}  // namespace tidegate::api
