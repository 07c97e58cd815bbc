#include "api/http/body_budget.h"

#include <gtest/gtest.h>

#include <utility>

namespace tidegate::api {
namespace {

TEST(BodyBudget, BodiesTogetherAreBounded) {
  BodyBudget budget(10);
  const auto first = budget.Reserve(6);
  EXPECT_TRUE(first.ok());
  EXPECT_FALSE(budget.Reserve(5).ok());
  EXPECT_TRUE(budget.Reserve(4).ok());  // A refused one holds nothing.
}

TEST(BodyBudget, NoBodyAlwaysFits) {
  BodyBudget budget(0);
  EXPECT_TRUE(budget.Reserve(0).ok());
  EXPECT_FALSE(budget.Reserve(1).ok());
}

TEST(BodyBudget, ReleasedOnceHoweverOften) {
  BodyBudget budget(10);
  auto first = budget.Reserve(10);
  first.Release();
  first.Release();
  auto second = budget.Reserve(10);
  EXPECT_TRUE(second.ok());
  EXPECT_FALSE(budget.Reserve(1).ok());
}

TEST(BodyBudget, MovesWithItsOwner) {
  BodyBudget budget(10);
  auto first = budget.Reserve(10);
  auto second = std::move(first);
  EXPECT_FALSE(budget.Reserve(1).ok());
  second = BodyBudget::Reservation();
  EXPECT_TRUE(budget.Reserve(10).ok());
}

}  // namespace
}  // namespace tidegate::api
