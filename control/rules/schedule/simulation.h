// Rules over an engine in simulated time, for tests.
#ifndef TIDEGATE_CONTROL_RULES_SCHEDULE_SIMULATION_H_
#define TIDEGATE_CONTROL_RULES_SCHEDULE_SIMULATION_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "control/rules/definition/rule_file.h"
#include "control/rules/evaluation/engine_queries.h"
#include "control/rules/schedule/rule_runner.h"
#include "model/clock.h"
#include "model/config/config_tenant_registry.h"
#include "query/query_service.h"
#include "storage/memory_source.h"

namespace tidegate::control {

// What was sent, and when.
struct SentAlert {
  absl::Time at;
  OutgoingAlert alert;
};

// Owned by one thread. Time starts at kStart.
class Simulation : private RuleWriter, private AlertSink {
 public:
  static constexpr std::string_view kTenant = "default";
  // A point of all schedules whose offset is 0, far from the epoch.
  static absl::Time Start() { return absl::FromUnixSeconds(1'600'000'200); }

  Simulation() {
    clock_.SetMs(absl::ToUnixMillis(Start()));
    environment_.queries = &queries_;
    environment_.writer = this;
    environment_.alerts = this;
    Restart();
  }
  ~Simulation() override { runner_.reset(); }

  // A new process over the same series: alerts are forgotten.
  void Restart(RuleBacklog backlog = {}) {
    runner_ = std::make_unique<RuleRunner>(&environment_, &clock_, /*threads=*/0, backlog);
  }

  RuleEnvironment& environment() { return environment_; }
  RuleRunner& runner() { return *runner_; }

  // The groups of this file are the ones from now on.
  void SetRules(std::string_view yaml) {
    const auto groups = ParseRuleGroups(yaml, query::RuleLanguage::kPromQl);
    ASSERT_TRUE(groups.ok()) << groups.status();
    std::vector<RunnableGroup> runnable;
    for (const RuleGroupSpec& spec : *groups) {
      RunnableGroup& group = runnable.emplace_back();
      group.key.tenant = kTenant;
      group.key.file = "file";
      group.key.name = spec.name;
      group.spec = spec;
    }
    runner_->SetGroups(std::move(runnable));
  }

  void Add(const model::Labels& labels, absl::Duration since_start, double value) {
    storage::LoadedSample sample;
    sample.timestamp = absl::ToUnixMillis(Start() + since_start);
    sample.value = value;
    source_.Add(labels, sample);
  }

  // Moves the time on in seconds, evaluating what is due; `look` is called behind each.
  void RunUntil(absl::Duration since_start, const std::function<void()>& look = nullptr) {
    while (clock_.Now() < Start() + since_start) {
      clock_.Advance(absl::Seconds(1));
      runner_->RunDue();
      if (look) look();
    }
  }

  absl::Duration now() const { return clock_.Now() - Start(); }
  // A sleeping process: no evaluations.
  void Skip(absl::Duration duration) { clock_.Advance(duration); }

  RuleGroupStatuses Groups() const { return runner_->Statuses(std::string(kTenant)); }
  std::vector<AlertStatus> Alerts(size_t rule = 0) const { return Groups()[0]->rules[rule].alerts; }

  std::vector<RuleSample> Query(const std::string& expr) {
    const auto result = queries_.Instant({std::string(kTenant), query::RuleLanguage::kPromQl, expr,
                                          clock_.Now(), absl::ZeroDuration()});
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : std::vector<RuleSample>();
  }

  const std::vector<SentAlert>& sent() const { return sent_; }
  // All further writes.
  void FailWrites(absl::Status status) { write_failure_ = std::move(status); }

 private:
  absl::Status Write(const std::string&, const std::vector<RuleSample>& samples) override {
    if (!write_failure_.ok()) return write_failure_;
    for (const RuleSample& sample : samples) {
      storage::LoadedSample stored;
      stored.timestamp = sample.timestamp;
      stored.value = sample.value;
      if (sample.histogram != nullptr) stored.histogram = *sample.histogram;
      source_.Add(sample.labels, stored);
    }
    return absl::OkStatus();
  }

  void Send(const std::string&, std::vector<OutgoingAlert> alerts) override {
    for (OutgoingAlert& alert : alerts) sent_.push_back({clock_.Now(), std::move(alert)});
  }

  const model::ConfigTenantRegistry tenants_{model::ConfigFile()};
  model::ManualClock clock_;
  storage::MemorySource source_;
  const std::unique_ptr<query::QueryService> service_ =
      query::CreateQueryService({}, &source_, &tenants_, &clock_);
  EngineQueries queries_{service_.get(), nullptr, absl::Minutes(1)};
  RuleEnvironment environment_;
  absl::Status write_failure_;
  std::vector<SentAlert> sent_;
  std::unique_ptr<RuleRunner> runner_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_SCHEDULE_SIMULATION_H_
