// Queries of rules, asked of the query services as any other query of the tenant.
#ifndef TIDEGATE_CONTROL_RULES_EVALUATION_ENGINE_QUERIES_H_
#define TIDEGATE_CONTROL_RULES_EVALUATION_ENGINE_QUERIES_H_

#include <atomic>
#include <memory>

#include "absl/time/time.h"
#include "control/rules/evaluation/rule_io.h"
#include "query/log_query_service.h"
#include "query/query_service.h"

namespace tidegate::control {

// Queries wait in the tenant's queue like those of people. Thread safe.
class EngineQueries final : public RuleQueries {
 public:
  // The services must outlive it; without `logs` rules in LogQL fail.
  EngineQueries(query::QueryService* queries, query::LogQueryService* logs, absl::Duration timeout)
      : queries_(*queries), logs_(logs), timeout_(timeout) {}

  absl::StatusOr<std::vector<RuleSample>> Instant(const RuleQuery& query) override;

  // Ends what is running, and everything that is asked later, with Cancelled.
  void Cancel() { cancelled_->store(true, std::memory_order_relaxed); }

 private:
  absl::StatusOr<std::vector<RuleSample>> InstantMetrics(const RuleQuery& query);
  absl::StatusOr<std::vector<RuleSample>> InstantLogs(const RuleQuery& query);
  model::RequestContext Context(const RuleQuery& query) const;

  query::QueryService& queries_;
  query::LogQueryService* const logs_;
  const absl::Duration timeout_;
  const std::shared_ptr<std::atomic<bool>> cancelled_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_EVALUATION_ENGINE_QUERIES_H_
