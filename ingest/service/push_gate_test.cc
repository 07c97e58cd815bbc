#include "ingest/service/push_gate.h"

#include <thread>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

TEST(PushGateTest, StartsShut) {
  PushGate gate;
  EXPECT_FALSE(gate.Enter());
  EXPECT_FALSE(gate.is_open());
  EXPECT_FALSE(gate.is_closed());
}

TEST(PushGateTest, LetsInWhileOpen) {
  PushGate gate;
  gate.Open();
  EXPECT_TRUE(gate.Enter());
  EXPECT_TRUE(gate.Enter());
  EXPECT_FALSE(gate.AwaitEmpty(absl::InfinitePast()));
  gate.Leave();
  gate.Leave();
  EXPECT_TRUE(gate.AwaitEmpty(absl::InfinitePast()));
}

TEST(PushGateTest, StaysClosed) {
  PushGate gate;
  gate.Close();
  gate.Open();
  EXPECT_FALSE(gate.Enter());
  EXPECT_TRUE(gate.is_closed());
}

TEST(PushGateTest, WaitsForThoseInside) {
  PushGate gate;
  gate.Open();
  ASSERT_TRUE(gate.Enter());
  gate.Close();
  std::thread inside([&] { gate.Leave(); });
  EXPECT_TRUE(gate.AwaitEmpty(absl::InfiniteFuture()));
  inside.join();
}

}  // namespace
}  // namespace tidegate::ingest
