#include "control/rules/evaluation/engine_queries.h"

#include <utility>
#include <variant>

#include "absl/time/clock.h"

namespace tidegate::control {
namespace {

std::vector<RuleSample> Samples(const query::VectorResult& vector) {
  std::vector<RuleSample> samples;
  samples.reserve(vector.series.size());
  for (const query::ResultSeries& series : vector.series) {
    RuleSample& sample = samples.emplace_back();
    sample.labels = series.labels;
    if (!series.histograms.empty()) {
      sample.timestamp = series.histograms.front().timestamp;
      sample.histogram = series.histograms.front().histogram;
    } else if (!series.floats.empty()) {
      sample.timestamp = series.floats.front().timestamp;
      sample.value = series.floats.front().value;
    }
  }
  return samples;
}

std::vector<RuleSample> Samples(const query::ScalarResult& scalar) {
  return {{model::Labels(), scalar.point.timestamp, scalar.point.value, nullptr}};
}

// Anything else a rule can do nothing with.
template <typename Other>
absl::StatusOr<std::vector<RuleSample>> Samples(const Other&) {
  return absl::InvalidArgumentError("rule result is not a vector or scalar");
}

}  // namespace

model::RequestContext EngineQueries::Context(const RuleQuery& query) const {
  model::RequestContext context;
  context.tenant = query.tenant;
  context.request_id = "rule";
  context.deadline = absl::Now() + timeout_;
  context.cancelled = cancelled_;
  return context;
}

absl::StatusOr<std::vector<RuleSample>> EngineQueries::Instant(const RuleQuery& query) {
  return query.language == query::RuleLanguage::kPromQl ? InstantMetrics(query)
                                                        : InstantLogs(query);
}

absl::StatusOr<std::vector<RuleSample>> EngineQueries::InstantMetrics(const RuleQuery& query) {
  query::InstantRequest request;
  request.query = query.expr;
  request.time = absl::ToUnixMillis(query.time);
  request.lookback_ms = absl::ToInt64Milliseconds(query.lookback);
  const absl::StatusOr<query::QueryResult> result = queries_.Instant(Context(query), request);
  if (!result.ok()) return result.status();
  using Out = absl::StatusOr<std::vector<RuleSample>>;
  return std::visit([](const auto& value) -> Out { return Samples(value); }, result->value);
}

absl::StatusOr<std::vector<RuleSample>> EngineQueries::InstantLogs(const RuleQuery& query) {
  if (logs_ == nullptr) return absl::UnavailableError("there is nothing to ask about logs here");
  query::LogInstantRequest request;
  request.query = query.expr;
  request.time = absl::ToUnixNanos(query.time);
  const absl::StatusOr<query::LogQueryResult> result = logs_->Instant(Context(query), request);
  if (!result.ok()) return result.status();
  using Out = absl::StatusOr<std::vector<RuleSample>>;
  return std::visit([](const auto& value) -> Out { return Samples(value); }, result->value);
}

}  // namespace tidegate::control
