#include "query/logql/syntax/literals.h"

#include <gtest/gtest.h>

namespace tidegate::logql {
namespace {

TEST(ParseDurationLiteral, TakesBothKinds) {
  EXPECT_EQ(ParseDurationLiteral("1d2h"), 93'600'000'000'000);
  EXPECT_EQ(ParseDurationLiteral("1.5s"), 1'500'000'000);
  EXPECT_EQ(ParseDurationLiteral("5us"), 5'000);
  EXPECT_EQ(ParseDurationLiteral("5"), std::nullopt);
  EXPECT_EQ(ParseDurationLiteral("s"), std::nullopt);
}

TEST(ParsePrometheusDuration, WantsLongUnitsFirst) {
  EXPECT_EQ(ParsePrometheusDuration("1h30m"), 5'400'000'000'000);
  EXPECT_EQ(ParsePrometheusDuration("30m1h"), std::nullopt);
  EXPECT_EQ(ParsePrometheusDuration("1.5h"), std::nullopt);
}

TEST(ParseByteSize, KnowsThousandsAndPowersOfTwo) {
  EXPECT_EQ(ParseByteSize("2.5KiB"), 2560U);
  EXPECT_EQ(ParseByteSize("10 MB"), 10'000'000U);
  EXPECT_EQ(ParseByteSize("5"), 5U);
  EXPECT_EQ(ParseByteSize("5 parsecs"), std::nullopt);
}

TEST(Unquote, HasGoEscapes) {
  EXPECT_EQ(Unquote(R"("a\n\x41\u00e9")"), "a\nA\xc3\xa9");
  EXPECT_EQ(Unquote(R"(`a\n`)"), R"(a\n)");
  EXPECT_EQ(Unquote(R"("a\q")"), std::nullopt);
}

TEST(GoDurationError, SaysWhatIsMissing) {
  EXPECT_EQ(GoDurationError("90"), "time: missing unit in duration \"90\"");
  EXPECT_EQ(GoDurationError("1h5"), "time: missing unit in duration \"1h5\"");
  EXPECT_EQ(GoDurationError("1d"), "time: unknown unit \"d\" in duration \"1d\"");
  EXPECT_EQ(GoDurationError("x"), "time: invalid duration \"x\"");
  EXPECT_EQ(GoDurationError(""), "time: invalid duration \"\"");
  EXPECT_EQ(GoDurationError("9999999h"), "time: invalid duration \"9999999h\"");
}

TEST(GoDurationText, AsGoPrints) {
  EXPECT_EQ(GoDurationText(0), "0s");
  EXPECT_EQ(GoDurationText(1), "1ns");
  EXPECT_EQ(GoDurationText(1500), "1.5\u00b5s");
  EXPECT_EQ(GoDurationText(-2'050'000), "-2.05ms");
  EXPECT_EQ(GoDurationText(60'000'000'000), "1m0s");
  EXPECT_EQ(GoDurationText(3'600'500'000'000), "1h0m0.5s");
}

}  // namespace
}  // namespace tidegate::logql
