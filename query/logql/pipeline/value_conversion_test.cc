#include "query/logql/pipeline/value_conversion.h"

#include <gtest/gtest.h>

namespace tidegate::logql {
namespace {

TEST(ConvertValue, ReadsWhatGoReads) {
  EXPECT_EQ(ConvertValue(ValueKind::kNumber, "+1.5e3"), 1500);
  EXPECT_EQ(ConvertValue(ValueKind::kNumber, "1s"), std::nullopt);
  EXPECT_EQ(ConvertValue(ValueKind::kNumber, ""), std::nullopt);
  EXPECT_EQ(ConvertValue(ValueKind::kDuration, "1m1ms"), 60'001'000'000.0);
  EXPECT_EQ(ConvertValue(ValueKind::kDuration, "1d"), std::nullopt);
  EXPECT_EQ(ConvertValue(ValueKind::kBytes, "1.5KiB"), 1536);
  EXPECT_EQ(ConvertValue(ValueKind::kBytes, "KiB"), std::nullopt);
}

TEST(ConversionError, SaysWhatGoSays) {
  EXPECT_EQ(ConversionError(ValueKind::kNumber, "x"),
            "strconv.ParseFloat: parsing \"x\": invalid syntax");
  EXPECT_EQ(ConversionError(ValueKind::kDuration, "x"), "time: invalid duration \"x\"");
  EXPECT_EQ(ConversionError(ValueKind::kBytes, "x"),
            "strconv.ParseFloat: parsing \"\": invalid syntax");
  EXPECT_EQ(ConversionError(ValueKind::kBytes, "1,000 Foos"), "unhandled size name: foos");
}

}  // namespace
}  // namespace tidegate::logql
