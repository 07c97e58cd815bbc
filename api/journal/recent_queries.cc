#include "api/journal/recent_queries.h"

#include <map>
#include <tuple>
#include <utility>

namespace tidegate::api {

void RecentQueries::Add(const QueryRecord& record, const QueryOutcome& outcome) {
  if (outcome.duration < kMinDuration) return;
  Execution execution{.language = record.language,
                      .tenant = record.tenant,
                      .query = record.query,
                      .range_seconds = (record.end - record.start) / 1000,
                      .ended = outcome.ended,
                      .duration = outcome.duration,
                      .peak_bytes = outcome.stats.peak_bytes};
  absl::MutexLock lock(&mutex_);
  text_bytes_ += execution.query.size();
  executions_.push_back(std::move(execution));
  while (executions_.size() > kMaxQueries || text_bytes_ > kMaxTextBytes) {
    text_bytes_ -= executions_.front().query.size();
    executions_.pop_front();
  }
}

std::vector<QueryCost> RecentQueries::Costs(std::string_view tenant, absl::Time since) const {
  std::map<std::tuple<QueryLanguage, std::string_view, int64_t>, QueryCost> costs;
  std::vector<QueryCost> all;
  absl::MutexLock lock(&mutex_);
  for (const Execution& execution : executions_) {
    if (execution.ended < since || execution.tenant != tenant) continue;
    QueryCost& cost = costs[{execution.language, execution.query, execution.range_seconds}];
    ++cost.count;
    cost.duration += execution.duration;
    cost.peak_bytes += execution.peak_bytes;
  }
  for (auto& [key, cost] : costs) {
    cost.language = std::get<0>(key);
    cost.query = std::string(std::get<1>(key));
    cost.range_seconds = std::get<2>(key);
    all.push_back(std::move(cost));
  }
  return all;
}

}  // namespace tidegate::api
