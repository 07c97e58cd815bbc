#include "control/lease/lease.h"

#include <gtest/gtest.h>

#include "storage/testing/documents_in_memory.h"

namespace tidegate::control {
namespace {

class LeaseTest : public ::testing::Test {
 protected:
  LeaseOptions Named(const std::string& holder) {
    LeaseOptions options;
    options.holder = holder;
    return options;
  }
  void Pass(absl::Duration time) { clock_.Advance(time); }

  storage::DocumentsInMemory documents_;
  model::ManualClock clock_;
  Lease a_{Named("a"), &documents_, &clock_};
  Lease b_{Named("b"), &documents_, &clock_};
};

TEST_F(LeaseTest, TheFirstHasItAndTheOtherWaits) {
  EXPECT_FALSE(a_.held());
  EXPECT_TRUE(a_.Renew());
  EXPECT_EQ(a_.epoch(), 1u);
  EXPECT_FALSE(b_.Renew());
  for (int second = 0; second < 60; ++second) {
    Pass(absl::Seconds(1));
    EXPECT_TRUE(a_.Renew());
    EXPECT_FALSE(b_.Renew());
  }
}

TEST_F(LeaseTest, ADeadHolderIsReplacedAfterTheTtl) {
  a_.Renew();
  EXPECT_FALSE(b_.Renew());
  Pass(absl::Seconds(4));
  EXPECT_FALSE(b_.Renew());
  Pass(absl::Seconds(1));
  EXPECT_TRUE(b_.Renew());
  EXPECT_EQ(b_.epoch(), 2u);
  EXPECT_FALSE(a_.Renew()) << "it was asleep, and finds out";
  EXPECT_FALSE(a_.held());
}

TEST_F(LeaseTest, AReleasedOneIsTakenAtOnce) {
  a_.Renew();
  EXPECT_FALSE(b_.Renew());
  a_.Release();
  EXPECT_FALSE(a_.held());
  EXPECT_TRUE(b_.Renew());
}

TEST_F(LeaseTest, TheSameHolderComesBackAtOnce) {
  a_.Renew();
  Lease again(Named("a"), &documents_, &clock_);
  EXPECT_TRUE(again.Renew());
  EXPECT_EQ(again.epoch(), 2u);
  EXPECT_FALSE(a_.Renew());
}

TEST_F(LeaseTest, AStoreThatIsAwayEndsItBeforeOthersTakeIt) {
  a_.Renew();
  documents_.Fail(absl::UnavailableError("away"));
  Pass(absl::Seconds(3));
  EXPECT_TRUE(a_.Renew());
  Pass(absl::Seconds(1));
  EXPECT_FALSE(a_.Renew()) << "two thirds of the ttl are over";
  documents_.Fail(absl::OkStatus());
  EXPECT_TRUE(a_.Renew()) << "its own name is in it still";
  EXPECT_EQ(a_.epoch(), 2u);
}

TEST_F(LeaseTest, WhatAnOldHolderWritesHasNoEffect) {
  a_.Renew();
  EXPECT_TRUE(a_.Commit({{"x", "from a", std::nullopt}}).ok());
  b_.Renew();
  Pass(absl::Seconds(5));
  ASSERT_TRUE(b_.Renew());
  EXPECT_TRUE(absl::IsFailedPrecondition(a_.Commit({{"x", "late", std::nullopt}})));
  EXPECT_FALSE(a_.held());
  EXPECT_EQ(documents_.Get("x")->value, "from a");
  EXPECT_TRUE(b_.Commit({{"x", "from b", std::nullopt}}).ok());
}

TEST_F(LeaseTest, AnExpectedVersionOfTheCallersIsTheCallersMatter) {
  a_.Renew();
  EXPECT_TRUE(absl::IsAborted(a_.Commit({{"x", "y", 7}})));
  EXPECT_TRUE(a_.held());
  EXPECT_TRUE(a_.Commit({{"x", "y", 0}}).ok());
}

TEST_F(LeaseTest, ADocumentThatCannotBeReadIsNotWrittenOver) {
  ASSERT_TRUE(documents_.Commit({{"leases/control", "nonsense", std::nullopt}}).ok());
  EXPECT_FALSE(a_.Renew());
  EXPECT_EQ(documents_.Get("leases/control")->value, "nonsense");
}

}  // namespace
}  // namespace tidegate::control
