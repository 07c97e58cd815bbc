#include "control/rules/evaluation/for_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/rules/schedule/simulation.h"

namespace tidegate::control {
namespace {

using testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1'600'000'000);

absl::Time Restored(absl::Duration down, absl::Duration pending, absl::Duration hold) {
  return RestoredActiveAt(kNow, kNow - down, kNow - down - pending, hold, {});
}

TEST(RestoredActiveAt, AnAlertThatWasFiringIsAsOldAsItWas) {
  EXPECT_EQ(Restored(absl::Minutes(5), absl::Minutes(30), absl::Minutes(30)),
            kNow - absl::Minutes(35));
}

TEST(RestoredActiveAt, AnAlertThatWasNearlyFiringWaitsTheGracePeriod) {
  EXPECT_EQ(Restored(absl::Minutes(5), absl::Minutes(25), absl::Minutes(30)),
            kNow + absl::Minutes(10) - absl::Minutes(30));
}

TEST(RestoredActiveAt, TheOutageDoesNotCount) {
  EXPECT_EQ(Restored(absl::Minutes(5), absl::Minutes(10), absl::Minutes(30)),
            kNow - absl::Minutes(10));
}

constexpr std::string_view kRules = R"(groups:
- name: g
  interval: 60s
  rules:
  - alert: Down
    expr: up == 0
    for: 30m
)";

class ForState : public testing::Test {
 protected:
  ForState() {
    for (int minute = 0; minute < 300; ++minute) {
      simulation_.Add(model::Labels{{"__name__", "up"}, {"instance", "a"}}, absl::Minutes(minute),
                      0);
    }
    simulation_.SetRules(kRules);
  }

  Simulation simulation_;
};

TEST_F(ForState, IsReadBackAfterARestart) {
  simulation_.RunUntil(absl::Minutes(20));
  ASSERT_THAT(simulation_.Alerts(), SizeIs(1));
  const absl::Time active_at = simulation_.Alerts()[0].active_at;
  simulation_.Restart();
  simulation_.Skip(absl::Minutes(5));
  simulation_.SetRules(kRules);
  simulation_.RunUntil(absl::Minutes(28));
  ASSERT_THAT(simulation_.Alerts(), SizeIs(1));
  EXPECT_EQ(simulation_.Alerts()[0].state, AlertState::kPending);
  // Moved by the time without evaluations, up to the restoration behind the second one.
  EXPECT_GT(simulation_.Alerts()[0].active_at, active_at + absl::Minutes(5));
  EXPECT_LT(simulation_.Alerts()[0].active_at, active_at + absl::Minutes(9));
  simulation_.RunUntil(absl::Minutes(45));
  EXPECT_EQ(simulation_.Alerts()[0].state, AlertState::kFiring);
}

TEST_F(ForState, IsNotReadBackAfterALongOutage) {
  simulation_.RunUntil(absl::Minutes(20));
  simulation_.Restart();
  simulation_.Skip(absl::Minutes(70));
  simulation_.SetRules(kRules);
  simulation_.RunUntil(absl::Minutes(94));
  ASSERT_THAT(simulation_.Alerts(), SizeIs(1));
  EXPECT_GT(simulation_.Alerts()[0].active_at, Simulation::Start() + absl::Minutes(90));
}

}  // namespace
}  // namespace tidegate::control
