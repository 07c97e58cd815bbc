#include "control/rules/schedule/rule_duty.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "absl/time/clock.h"
#include "control/rule_store.h"
#include "control/rules/schedule/rule_progress.h"
#include "model/config/config_tenant_registry.h"
#include "model/metrics/metrics_registry.h"
#include "storage/memory_source.h"
#include "storage/testing/documents_in_memory.h"

namespace tidegate::control {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// Counts pushes.
class CountingIngester final : public ingest::Ingester {
 public:
  absl::StatusOr<ingest::PushResult> Push(const model::RequestContext&,
                                          const ingest::PushRequest&) override {
    ++pushes;
    return ingest::PushResult();
  }
  absl::Status Flush(const model::RequestContext&) override { return absl::OkStatus(); }
  storage::SeriesSource& series() override { std::abort(); }
  storage::LogSource& logs() override { std::abort(); }
  absl::StatusOr<ingest::IngesterStats> Stats(const model::RequestContext&) override {
    return ingest::IngesterStats();
  }
  absl::Status Ready() const override { return absl::OkStatus(); }

  std::atomic<int> pushes{0};
};

class RuleDutyTest : public testing::Test {
 protected:
  RuleDutyTest() { context_.tenant = "default"; }

  void Set(const std::string& group) {
    ASSERT_TRUE(
        store_
            ->Set(context_, query::RuleLanguage::kPromQl, "ns",
                  "name: " + group + "\ninterval: 20ms\nrules: [{record: a, expr: vector(1)}]")
            .ok());
  }
  template <typename Condition>
  static bool Eventually(const Condition& condition) {
    const absl::Time deadline = absl::Now() + absl::Seconds(30);
    while (!condition() && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(2));
    return condition();
  }

  const model::ConfigTenantRegistry tenants_{model::ConfigFile()};
  const model::SystemClock clock_;
  storage::MemorySource source_;
  const std::unique_ptr<query::QueryService> service_ =
      query::CreateQueryService({}, &source_, &tenants_, &clock_);
  CountingIngester ingester_;
  storage::DocumentsInMemory documents_;
  const std::unique_ptr<RuleStore> store_ = CreateRuleStore({}, &documents_);
  model::MetricsRegistry registry_;
  RuleMetrics metrics_{&registry_};
  Lease lease_{{.holder = "a"}, &documents_, &clock_};
  const RuleDutyParts parts_{service_.get(), nullptr,   &ingester_, &documents_,
                             &clock_,        &metrics_, nullptr,    &lease_};
  RuleDuty duty_{parts_, {}};
  model::RequestContext context_;
};

TEST_F(RuleDutyTest, WithoutRulesThereIsNoWork) {
  EXPECT_FALSE(duty_.HasWork());
  EXPECT_THAT(*duty_.Groups("default"), IsEmpty());
}

TEST_F(RuleDutyTest, EvaluatesWhileItIsActive) {
  Set("g");
  ASSERT_TRUE(duty_.HasWork());
  EXPECT_TRUE(absl::IsUnavailable(duty_.Groups("default").status()));
  duty_.Begin();
  duty_.Continue();
  EXPECT_THAT(*duty_.Groups("default"), SizeIs(1));
  EXPECT_THAT(*duty_.Groups("other"), IsEmpty());
  EXPECT_TRUE(Eventually([&] { return ingester_.pushes > 2; }));
  duty_.End();
  const int pushes = ingester_.pushes;
  EXPECT_TRUE(absl::IsUnavailable(duty_.Groups("default").status()));
  absl::SleepFor(absl::Milliseconds(50));
  EXPECT_EQ(ingester_.pushes, pushes);
}

TEST_F(RuleDutyTest, FollowsChangesWhileItIsActive) {
  Set("g");
  ASSERT_TRUE(duty_.HasWork());
  duty_.Begin();
  duty_.Continue();
  Set("h");
  ASSERT_TRUE(duty_.HasWork());
  duty_.Continue();
  EXPECT_THAT(*duty_.Groups("default"), SizeIs(2));
  duty_.End();
}

TEST_F(RuleDutyTest, TheNextProcessMakesUpForWhatWasLeft) {
  Set("g");
  ASSERT_TRUE(lease_.Renew());
  ASSERT_TRUE(duty_.HasWork());
  ASSERT_TRUE(documents_.Commit({WritingRuleProgress(absl::Now() - absl::Seconds(1))}).ok());
  duty_.Begin();
  duty_.Continue();
  const absl::Time begun = absl::Now();
  // 50 points of 20 ms lie behind.
  EXPECT_TRUE(Eventually([&] { return ingester_.pushes >= 50; }));
  EXPECT_LT(absl::Now() - begun, absl::Milliseconds(900));
  duty_.End();
  const auto done = ReadRuleProgress(&documents_);
  ASSERT_TRUE(done.ok() && done->has_value());
  EXPECT_GE(**done, begun - absl::Milliseconds(50));
}

TEST_F(RuleDutyTest, WithoutTheLeaseNoProgressIsWritten) {
  Set("g");
  ASSERT_TRUE(duty_.HasWork());
  duty_.Begin();
  duty_.Continue();
  duty_.End();
  EXPECT_EQ(*ReadRuleProgress(&documents_), std::nullopt);
}

TEST_F(RuleDutyTest, NoGroupIsEvaluatedMoreOftenThanItsTenantMay) {
  model::ConfigTenantRegistry tenants(*model::ParseConfig("limits: {min_rule_interval: 30s}"));
  const LimitGuard limits(&tenants, nullptr);
  RuleDutyParts parts = parts_;
  parts.limits = &limits;
  RuleDuty duty(parts, {});
  Set("g");
  const auto interval = [&] {
    EXPECT_TRUE(duty.HasWork());
    duty.Continue();
    const auto groups = duty.Groups("default");
    return groups->front()->interval;
  };
  ASSERT_TRUE(duty.HasWork());
  duty.Begin();
  EXPECT_EQ(interval(), absl::Seconds(30));
  tenants.Replace(*model::ParseConfig("limits: {min_rule_interval: 2m}"));
  EXPECT_EQ(interval(), absl::Minutes(2)) << "longer than the default of a minute";
  tenants.Replace(*model::ParseConfig(""));
  EXPECT_EQ(interval(), absl::Milliseconds(20));
  duty.End();
}

TEST_F(RuleDutyTest, TheLastSeriesEndBeforeTheWorkDoes) {
  Set("g");
  ASSERT_TRUE(duty_.HasWork());
  duty_.Begin();
  duty_.Continue();
  ASSERT_TRUE(Eventually([&] { return ingester_.pushes > 0; }));
  ASSERT_TRUE(store_->DeleteNamespace(context_, query::RuleLanguage::kPromQl, "ns").ok());
  EXPECT_TRUE(duty_.HasWork());
  duty_.Continue();
  EXPECT_THAT(*duty_.Groups("default"), IsEmpty());
  EXPECT_TRUE(Eventually([&] { return !duty_.HasWork(); }));
  duty_.End();
}

TEST_F(RuleDutyTest, WaitsUntilItKnowsAllRules) {
  documents_.Fail(absl::UnavailableError("away"));
  duty_.HasWork();
  duty_.Begin();
  duty_.Continue();
  documents_.Fail(absl::OkStatus());
  Set("g");
  ASSERT_TRUE(duty_.HasWork());
  duty_.Continue();
  EXPECT_THAT(*duty_.Groups("default"), SizeIs(1));
  duty_.End();
}

}  // namespace
}  // namespace tidegate::control
