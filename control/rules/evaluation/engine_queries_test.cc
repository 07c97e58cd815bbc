#include "control/rules/evaluation/engine_queries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "model/config/config_tenant_registry.h"
#include "storage/memory_source.h"

namespace tidegate::control {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const absl::Time kTime = absl::FromUnixSeconds(1'600'000'000);

class EngineQueriesTest : public testing::Test {
 protected:
  EngineQueriesTest() {
    storage::LoadedSample sample;
    sample.timestamp = absl::ToUnixMillis(kTime) - 1000;
    sample.value = 7;
    source_.Add(model::Labels{{"__name__", "a"}, {"x", "y"}}, sample);
  }

  absl::StatusOr<std::vector<RuleSample>> Ask(const std::string& expr,
                                              absl::Duration later = absl::ZeroDuration(),
                                              absl::Duration lookback = absl::ZeroDuration()) {
    return queries_.Instant(
        {"default", query::RuleLanguage::kPromQl, expr, kTime + later, lookback});
  }

  const model::ConfigTenantRegistry tenants_{model::ConfigFile()};
  const model::ManualClock clock_;
  storage::MemorySource source_;
  const std::unique_ptr<query::QueryService> service_ =
      query::CreateQueryService({}, &source_, &tenants_, &clock_);
  EngineQueries queries_{service_.get(), nullptr, absl::Minutes(1)};
};

TEST_F(EngineQueriesTest, VectorsAndScalarsAreSamples) {
  const auto vector = Ask("a");
  ASSERT_TRUE(vector.ok()) << vector.status();
  ASSERT_THAT(*vector, SizeIs(1));
  EXPECT_EQ((*vector)[0].labels, (model::Labels{{"__name__", "a"}, {"x", "y"}}));
  EXPECT_EQ((*vector)[0].value, 7);
  const auto scalar = Ask("1 + 1");
  ASSERT_TRUE(scalar.ok()) << scalar.status();
  ASSERT_THAT(*scalar, SizeIs(1));
  EXPECT_TRUE((*scalar)[0].labels.empty());
  EXPECT_EQ((*scalar)[0].value, 2);
}

TEST_F(EngineQueriesTest, OthersAreMistakes) {
  for (const char* expr : {"a[5m]", "\"text\""}) {
    EXPECT_EQ(Ask(expr).status(),
              absl::InvalidArgumentError("rule result is not a vector or scalar"));
  }
  EXPECT_THAT(std::string(Ask("sum(").status().message()), HasSubstr("parse error"));
}

TEST_F(EngineQueriesTest, LooksBackAsFarAsIsAsked) {
  EXPECT_THAT(*Ask("a", absl::Minutes(30)), IsEmpty());
  EXPECT_THAT(*Ask("a", absl::Minutes(30), absl::Hours(1)), SizeIs(1));
}

TEST_F(EngineQueriesTest, WithoutLogsTheirRulesFail) {
  const auto result = queries_.Instant(
      {"default", query::RuleLanguage::kLogQl, "sum(rate({a=\"b\"}[5m]))", kTime, {}});
  EXPECT_TRUE(absl::IsUnavailable(result.status()));
}

TEST_F(EngineQueriesTest, CanBeCancelled) {
  queries_.Cancel();
  EXPECT_TRUE(absl::IsCancelled(Ask("a").status())) << Ask("a").status();
}

}  // namespace
}  // namespace tidegate::control
