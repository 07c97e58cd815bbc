#include "model/bucket_bounds.h"

#include <limits>

#include "gtest/gtest.h"

namespace tidegate::model {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(ExponentialBound, IsPrometheusTableToTheBit) {
  EXPECT_EQ(ExponentialBound(0, 0), 1);
  EXPECT_EQ(ExponentialBound(1, 0), 2);
  // The roots are those of the table, not the nearest doubles: they end one digit lower.
  EXPECT_EQ(ExponentialBound(-1, 1), 0.7071067811865475);
  EXPECT_EQ(ExponentialBound(1, 1), 1.414213562373095);
  EXPECT_EQ(ExponentialBound(3, 1), 2.82842712474619);
}

TEST(ExponentialBound, CoarseSchemasArePowers) {
  EXPECT_EQ(ExponentialBound(1, -4), 65536);
  EXPECT_EQ(ExponentialBound(-1, -1), 0.25);
}

TEST(ExponentialBound, EndsAtTheLargestDouble) {
  EXPECT_EQ(ExponentialBound(1024, 0), std::numeric_limits<double>::max());
  EXPECT_EQ(ExponentialBound(1025, 0), kInfinity);
}

TEST(CustomBound, FirstAndLastAreInfinite) {
  EXPECT_EQ(CustomBound(-1, {1, 2}), -kInfinity);
  EXPECT_EQ(CustomBound(0, {1, 2}), 1);
  EXPECT_EQ(CustomBound(2, {1, 2}), kInfinity);
}

TEST(IndexInSchema, HalvesPerStep) {
  EXPECT_EQ(IndexInSchema(4, 2, 1), 2);
  EXPECT_EQ(IndexInSchema(3, 2, 1), 2);
  EXPECT_EQ(IndexInSchema(0, 2, 1), 0);
  EXPECT_EQ(IndexInSchema(-1, 2, 1), 0);
  EXPECT_EQ(IndexInSchema(9, 8, 5), 2);
}

}  // namespace
}  // namespace tidegate::model
