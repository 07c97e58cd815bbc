#include "model/fail_point.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <string>

namespace tidegate::model {
namespace {

// Arming lasts for the life of a process, hence the death tests: each runs in a child of its own.

void ArmOrExit(const std::string& specification) {
  if (!ArmFailPoint(specification).ok()) std::exit(2);
}

TEST(FailPointTest, NothingHappensUnlessArmed) {
  HitFailPoint("log.trimming");
  HitFailPoint("no.such.point");
}

TEST(FailPointDeathTest, KillsAtTheFirstHit) {
  EXPECT_EXIT(
      {
        ArmOrExit("log.trimming:1");
        HitFailPoint("log.trimming");
        std::exit(0);
      },
      testing::KilledBySignal(SIGKILL), "");
}

TEST(FailPointDeathTest, CountsHits) {
  EXPECT_EXIT(
      {
        ArmOrExit("cut.frozen:3");
        HitFailPoint("cut.frozen");
        HitFailPoint("cut.frozen");
        std::exit(7);
      },
      testing::ExitedWithCode(7), "");
  EXPECT_EXIT(
      {
        ArmOrExit("cut.frozen:3");
        for (int i = 0; i < 3; ++i) HitFailPoint("cut.frozen");
        std::exit(7);
      },
      testing::KilledBySignal(SIGKILL), "");
}

TEST(FailPointDeathTest, OtherNamesDoNotCount) {
  EXPECT_EXIT(
      {
        ArmOrExit("store.committed:1");
        HitFailPoint("store.ingested");
        HitFailPoint("store.committed.not");
        std::exit(7);
      },
      testing::ExitedWithCode(7), "");
}

TEST(FailPointTest, RefusesWhatItCannotArm) {
  for (const char* specification :
       {"", ":", "log.trimming", "log.trimming:", "log.trimming:0", "log.trimming:-1",
        "log.trimming:1x", "log.trimming: 1", "log.trimming:99999999999999999999", "log.Trimming:1",
        "nothing:1"}) {
    EXPECT_EQ(ArmFailPoint(specification).code(), absl::StatusCode::kInvalidArgument)
        << specification;
  }
  // A refused specification arms nothing.
  HitFailPoint("log.trimming");
}

TEST(FailPointDeathTest, EveryDocumentedNameCanBeArmed) {
  for (const char* name : {"cut.frozen", "cut.sealed", "store.before_ingest", "store.ingested",
                           "store.committed", "log.before_trim", "log.trimming",
                           "merge.before_ingest", "merge.ingested", "merge.committed"}) {
    EXPECT_EXIT(
        {
          ArmOrExit(std::string(name) + ":1");
          HitFailPoint(name);
          std::exit(0);
        },
        testing::KilledBySignal(SIGKILL), "")
        << name;
  }
}

}  // namespace
}  // namespace tidegate::model
