// Series and rules of one unit test.
#ifndef TIDEGATE_CONTROL_RULE_TESTS_RULE_TEST_WORLD_H_
#define TIDEGATE_CONTROL_RULE_TESTS_RULE_TEST_WORLD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "control/rule_tests/rule_test_run.h"
#include "control/rules/evaluation/engine_queries.h"
#include "control/rules/evaluation/rule_group.h"
#include "model/clock.h"
#include "model/config/config_tenant_registry.h"
#include "query/query_service.h"
#include "query/series_notation.h"
#include "storage/memory_source.h"

namespace tidegate::control {

// Owned by one thread.
class RuleTestWorld final : private RuleWriter {
 public:
  // The test must outlive it.
  RuleTestWorld(const RuleTestGroup* test, const std::vector<TestedGroup>& groups);

  // Reads the input series. InvalidArgument names the one that cannot be read.
  absl::Status ReadInput();
  // Adds what the input has up to a time since the start, then evaluates all groups. Says what
  // failed.
  std::vector<std::string> EvaluateAt(absl::Duration time);
  // The alerts of all rules of that name that fire.
  std::vector<AlertStatus> Firing(const std::string& alertname) const;
  absl::StatusOr<std::vector<RuleSample>> Query(const std::string& expr, absl::Duration time);

 private:
  absl::Status Write(const std::string& tenant, const std::vector<RuleSample>& samples) override;
  void AddInput(absl::Duration until);

  const RuleTestGroup& test_;
  const model::ConfigTenantRegistry tenants_{model::ConfigFile()};
  const model::ManualClock clock_;
  storage::MemorySource source_;
  const std::unique_ptr<query::QueryService> service_;
  EngineQueries queries_;
  RuleEnvironment environment_;
  std::vector<query::NotatedSeries> input_;
  size_t next_value_ = 0;  // Of each series: those in front have been added.
  std::vector<std::unique_ptr<RuleGroup>> groups_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULE_TESTS_RULE_TEST_WORLD_H_
