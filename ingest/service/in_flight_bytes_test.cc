#include "ingest/service/in_flight_bytes.h"

#include <utility>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

TEST(InFlightBytesTest, ReservationsGiveTheirBytesBack) {
  InFlightBytes bytes(100);
  {
    const auto first = bytes.Reserve(60);
    const auto second = bytes.Reserve(40);
    ASSERT_TRUE(first.ok() && second.ok());
    EXPECT_EQ(bytes.bytes(), 100u);
  }
  EXPECT_EQ(bytes.bytes(), 0u);
}

TEST(InFlightBytesTest, BeyondTheBoundSendersAreToBackOff) {
  InFlightBytes bytes(100);
  const auto first = bytes.Reserve(60);
  const absl::Status status = bytes.Reserve(41).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(status.message(), "too many bytes in flight: 60 are at work, 41 more would exceed 100");
  EXPECT_EQ(bytes.bytes(), 60u);
}

TEST(InFlightBytesTest, AHugeRequestComesThroughAlone) {
  InFlightBytes bytes(100);
  const auto huge = bytes.Reserve(500);
  EXPECT_TRUE(huge.ok());
  EXPECT_FALSE(bytes.Reserve(1).ok());
}

TEST(InFlightBytesTest, AMovedReservationGivesBackOnce) {
  InFlightBytes bytes(100);
  {
    auto first = bytes.Reserve(60);
    const InFlightBytes::Reservation moved = *std::move(first);
    EXPECT_EQ(bytes.bytes(), 60u);
  }
  EXPECT_EQ(bytes.bytes(), 0u);
}

}  // namespace
}  // namespace tidegate::ingest
