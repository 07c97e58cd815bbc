#include "ingest/service/cut_policy.h"

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1000);

class CutPolicyTest : public testing::Test {
 protected:
  CutPolicyTest() {
    policy_.interval = absl::Minutes(30);
    policy_.head_bytes = 100;
    policy_.log_bytes = 1000;
    state_.last_cut = kStart;
  }
  bool DueAfter(absl::Duration time) const { return CutIsDue(policy_, state_, kStart + time); }

  CutPolicy policy_;
  CutState state_;
};

TEST_F(CutPolicyTest, TheIntervalIsWaitedFor) {
  EXPECT_FALSE(DueAfter(absl::Minutes(30) - absl::Milliseconds(1)));
  EXPECT_TRUE(DueAfter(absl::Minutes(30)));
}

TEST_F(CutPolicyTest, AnInfiniteIntervalNeverPasses) {
  policy_.interval = absl::InfiniteDuration();
  EXPECT_FALSE(DueAfter(absl::Hours(100000)));
}

TEST_F(CutPolicyTest, MemoryAndLogCutEarly) {
  state_.head_bytes = 100;
  state_.log_bytes = 1000;
  EXPECT_FALSE(DueAfter(absl::ZeroDuration()));
  state_.head_bytes = 101;
  EXPECT_TRUE(DueAfter(absl::ZeroDuration()));
  state_.head_bytes = 0;
  policy_.entry_bytes = 10;
  state_.entry_bytes = 10;
  EXPECT_FALSE(DueAfter(absl::ZeroDuration()));
  state_.entry_bytes = 11;
  EXPECT_TRUE(DueAfter(absl::ZeroDuration()));
  state_.entry_bytes = 0;
  state_.head_bytes = 0;
  state_.log_bytes = 1001;
  EXPECT_TRUE(DueAfter(absl::ZeroDuration()));
}

TEST_F(CutPolicyTest, ZeroBoundsNeverCut) {
  policy_.head_bytes = policy_.log_bytes = 0;
  state_.head_bytes = state_.log_bytes = uint64_t{1} << 60;
  EXPECT_FALSE(DueAfter(absl::ZeroDuration()));
}

TEST_F(CutPolicyTest, FailuresAreRetriedWithGrowingPauses) {
  state_.last_failure = kStart;
  state_.head_bytes = 1'000'000;  // Does not hurry a retry.
  const absl::Duration expected[] = {absl::Seconds(1), absl::Seconds(2), absl::Seconds(4),
                                     absl::Seconds(8)};
  for (const absl::Duration wait : expected) {
    ++state_.failures;
    EXPECT_FALSE(DueAfter(wait - absl::Milliseconds(1))) << state_.failures;
    EXPECT_TRUE(DueAfter(wait)) << state_.failures;
  }
}

TEST_F(CutPolicyTest, PausesEndAtTheLongest) {
  state_.last_failure = kStart;
  state_.failures = 1'000'000;
  EXPECT_FALSE(DueAfter(absl::Seconds(59)));
  EXPECT_TRUE(DueAfter(absl::Minutes(1)));
}

TEST_F(CutPolicyTest, AClockSetBackDoesNotStopCuts) {
  EXPECT_TRUE(DueAfter(-absl::Hours(5)));
  state_.failures = 3;
  state_.last_failure = kStart;
  EXPECT_TRUE(DueAfter(-absl::Hours(5)));
}

}  // namespace
}  // namespace tidegate::ingest
