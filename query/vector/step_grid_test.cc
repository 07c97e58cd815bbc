#include "query/vector/step_grid.h"

#include "gtest/gtest.h"

namespace tidegate::query {
namespace {

TEST(StepGrid, EndsWhenTheStepHitsIt) {
  EXPECT_EQ((StepGrid{.start = 0, .end = 100, .step = 50}).size(), 3u);
  EXPECT_EQ((StepGrid{.start = 0, .end = 99, .step = 50}).size(), 2u);
  EXPECT_EQ((StepGrid{.start = -100, .end = 0, .step = 50}).at(1), -50);
}

TEST(StepGrid, ReversedIsEmpty) {
  EXPECT_EQ((StepGrid{.start = 1, .end = 0, .step = 50}).size(), 0u);
}

TEST(StepGrid, AnInstantIsOneStep) {
  EXPECT_EQ(StepGrid::Instant(7).size(), 1u);
  EXPECT_EQ(StepGrid::Instant(7).at(0), 7);
  EXPECT_TRUE(StepGrid::Instant(7).is_instant());
}

}  // namespace
}  // namespace tidegate::query
