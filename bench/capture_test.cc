#include "bench/capture.h"

#include <sstream>
#include <string>

#include "gtest/gtest.h"

namespace tidegate::bench {
namespace {

std::vector<SeriesTemplate> Read(const std::string& text) {
  std::istringstream in(text);
  auto all = ReadCapture(in);
  EXPECT_TRUE(all.ok()) << all.status();
  return all.ok() ? *std::move(all) : std::vector<SeriesTemplate>();
}

bool Fails(const std::string& text) {
  std::istringstream in(text);
  return !ReadCapture(in).ok();
}

TEST(Capture, ReadsConstantsCountersAndGauges) {
  const auto all = Read(
      "#TS 1000\nup 1\nbytes_total{device=\"sda\"} 512\nload 0.25\n"
      "#TS 2000\nup 1\nbytes_total{device=\"sda\"} 1536\nload 0.2\n");
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].motion, Motion::kConstant);
  EXPECT_EQ(all[0].first, 1);
  EXPECT_EQ(all[1].motion, Motion::kRecordedCounter);
  EXPECT_EQ(all[1].recording->scale.multiplier, 512);
  EXPECT_EQ(all[1].recording->scale.divisor, 1);
  EXPECT_EQ(all[2].motion, Motion::kRecordedGauge);
  EXPECT_EQ(all[2].recording->scale.multiplier, 5);
  EXPECT_EQ(all[2].recording->scale.divisor, 100);
}

TEST(Capture, KeepsDoublesThatAreNoShortDecimals) {
  const auto all = Read("#TS 1\nclock 1795321817.5442461234\n#TS 2\nclock 1795321822.1442467\n");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_FALSE(all[0].recording->has_scale);
}

TEST(Capture, ReadsLabelsWithBracesQuotesAndEmptyValues) {
  const auto all = Read(
      "#TS 1\nm{a=\"x,}\\\"y\",b=\"\",c=\"z\"} 1\n#TS 2\nm{a=\"x,}\\\"y\",b=\"\",c=\"z\"} 1\n");
  ASSERT_EQ(all.size(), 1u);
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"__name__", "m"}, {"a", "x,}\\\"y"}, {"c", "z"}};
  EXPECT_EQ(all[0].labels, expected);
}

TEST(Capture, LeavesOutWhatIsMissingInTwoScrapes) {
  const auto all = Read("#TS 1\na 1\nb 1\nc 1\n#TS 2\na 2\nb 1\n#TS 3\na 3\n#TS 4\na 4\nb 1\n");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].labels[0].second, "a");
  EXPECT_EQ(all[1].labels[0].second, "b");
}

TEST(Capture, AFailedScrapeIsNoScrape) {
  EXPECT_EQ(Read("#TS 1\na 1\n#TS 2\n#TS 3\n#TS 4\na 2\n").size(), 1u);
  EXPECT_TRUE(Fails("#TS 1\nup 1\n#TS 2\n"));
}

TEST(Capture, NamesWhatItCannotRead) {
  EXPECT_TRUE(Fails(""));
  EXPECT_TRUE(Fails("#TS 1\nup 1\n"));
  EXPECT_TRUE(Fails("#TS 1\nup\n#TS 2\nup\n"));
  EXPECT_TRUE(Fails("#TS 1\nup one\n#TS 2\nup 1\n"));
  EXPECT_TRUE(Fails("#TS 1\nup{a=\"x} 1\n#TS 2\nup{a=\"x} 1\n"));
}

}  // namespace
}  // namespace tidegate::bench
