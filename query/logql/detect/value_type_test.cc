#include "query/logql/detect/value_type.h"

#include <gtest/gtest.h>

namespace tidegate::logql {
namespace {

TEST(DetectedType, TheFirstThatReadsTheValue) {
  EXPECT_STREQ(DetectedType("-12"), "int");
  EXPECT_STREQ(DetectedType("1.5"), "float");
  EXPECT_STREQ(DetectedType("true"), "boolean");
  EXPECT_STREQ(DetectedType("1m30s"), "duration");
  EXPECT_STREQ(DetectedType("10MB"), "bytes");
  EXPECT_STREQ(DetectedType("error"), "string");
  EXPECT_STREQ(DetectedType(""), "string");
}

TEST(IsIdentifier, NumbersAndUuids) {
  EXPECT_TRUE(IsIdentifier("42"));
  EXPECT_TRUE(IsIdentifier("0af7651e-16cd-43dd-8448-eb211c80319c"));
  EXPECT_FALSE(IsIdentifier("0af7651e-16cd-43dd-8448-eb211c80319"));
  EXPECT_FALSE(IsIdentifier("0af7651e-16cd-43dd-8448-eb211c80319x"));
  EXPECT_FALSE(IsIdentifier("0"));
  EXPECT_FALSE(IsIdentifier("1"));
  EXPECT_FALSE(IsIdentifier("prod"));
}

}  // namespace
}  // namespace tidegate::logql
