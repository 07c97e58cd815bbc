#include "storage/log/verdicts.h"

#include <gtest/gtest.h>

namespace tidegate::storage {
namespace {

const absl::Status kFull = absl::ResourceExhaustedError("full");
const absl::Status kBroken = absl::UnavailableError("broken");

TEST(VerdictsTest, PositionsFailBetweenTheBounds) {
  Verdicts verdicts(100);
  verdicts.Succeed(200);
  verdicts.Fail(300, kFull);
  verdicts.Succeed(400);
  EXPECT_EQ(verdicts.settled(), 400u);
  EXPECT_TRUE(verdicts.Of(100).ok());
  EXPECT_TRUE(verdicts.Of(200).ok());
  EXPECT_EQ(verdicts.Of(201), kFull);
  EXPECT_EQ(verdicts.Of(300), kFull);
  EXPECT_TRUE(verdicts.Of(301).ok());
  EXPECT_TRUE(verdicts.Of(400).ok());
}

TEST(VerdictsTest, EachOutageKeepsItsReason) {
  Verdicts verdicts(0);
  verdicts.Fail(10, kFull);
  verdicts.Fail(20, kBroken);
  verdicts.Fail(20, kFull);  // Nothing new.
  EXPECT_EQ(verdicts.Of(10), kFull);
  EXPECT_EQ(verdicts.Of(20), kBroken);
}

TEST(VerdictsTest, OldOutagesAreForgottenNewOnesAreNot) {
  Verdicts verdicts(0);
  for (uint64_t i = 0; i < 5000; ++i) {
    verdicts.Fail(i * 16 + 8, kFull);
    verdicts.Succeed(i * 16 + 16);
  }
  EXPECT_TRUE(verdicts.Of(8).ok());
  EXPECT_EQ(verdicts.Of(4999 * 16 + 8), kFull);
  EXPECT_EQ(verdicts.Of(4500 * 16 + 8), kFull);
}

TEST(VerdictsTest, ALongOutageIsOneEntry) {
  Verdicts verdicts(0);
  verdicts.Fail(8, kBroken);
  verdicts.Succeed(16);
  for (uint64_t i = 3; i < 5000; ++i) verdicts.Fail(i * 8, kFull);
  EXPECT_EQ(verdicts.Of(8), kBroken) << "not pushed out";
  EXPECT_EQ(verdicts.Of(24), kFull);
  EXPECT_EQ(verdicts.Of(4999 * 8), kFull);
}

}  // namespace
}  // namespace tidegate::storage
