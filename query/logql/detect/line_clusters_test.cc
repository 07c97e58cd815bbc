#include "query/logql/detect/line_clusters.h"

#include <gtest/gtest.h>

#include "query/logql/lines/line_pattern.h"

namespace tidegate::logql {
namespace {

TEST(LineClusters, WordsWithDigitsVaryAndOthersOnceTheyDiffer) {
  LineClusters clusters;
  EXPECT_EQ(clusters.Add("user ann logged in after 5 ms"), 0U);
  EXPECT_EQ(clusters.Pattern(0), "user ann logged in after <_> ms");
  EXPECT_EQ(clusters.Add("user bob logged in after 71 ms"), 0U);
  EXPECT_EQ(clusters.Pattern(0), "user <_> logged in after <_> ms");
  EXPECT_EQ(clusters.Add("disk full"), 1U);
  EXPECT_EQ(clusters.Add("disk full!"), 2U);
  EXPECT_EQ(clusters.Add("one two three four"), 3U);
  EXPECT_EQ(clusters.Add("five six seven eight"), 4U);
  EXPECT_EQ(clusters.Add(""), std::nullopt);
}

TEST(LineClusters, PatternsMatchTheirLines) {
  const char* const kLines[] = {R"({"level":"info","n":12,"msg":"ok, done"})",
                                R"({"level":"warn","n":7,"msg":"ok, done"})",
                                "GET /a/b?c=1 HTTP/1.1\" 200 5326 \"-\"", "x", " y  z "};
  LineClusters clusters;
  for (const char* line : kLines) {
    const auto cluster = clusters.Add(line);
    ASSERT_TRUE(cluster.has_value());
    const auto pattern = ParseLineFilterPattern(clusters.Pattern(*cluster));
    ASSERT_TRUE(pattern.ok()) << pattern.status();
    EXPECT_TRUE(MatchesPattern(*pattern, line)) << clusters.Pattern(*cluster);
  }
  EXPECT_EQ(clusters.Pattern(0), R"({"level":"<_>","n":<_>,"msg":"ok, done"})");
}

TEST(LineClusters, AreBounded) {
  LineClusters clusters;
  for (size_t i = 0; i < LineClusters::kMaxClusters; ++i) {
    EXPECT_TRUE(clusters.Add(std::string(i + 1, '!')).has_value());
  }
  EXPECT_EQ(clusters.Add("new"), std::nullopt);
  EXPECT_EQ(clusters.Add("!"), 0U);
  LineClusters one;
  std::string line;
  for (size_t i = 0; i < 2 * LineClusters::kMaxWords; ++i) line += "w ";
  ASSERT_EQ(one.Add(line), 0U);
  EXPECT_EQ(one.Pattern(0).substr(one.Pattern(0).size() - 5), "w <_>");
}

}  // namespace
}  // namespace tidegate::logql
