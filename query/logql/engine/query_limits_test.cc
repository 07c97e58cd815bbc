#include "query/logql/engine/query_limits.h"

#include <gtest/gtest.h>

#include "query/logql/syntax/parser.h"
#include "query/vector/refused_by.h"

namespace tidegate::logql {
namespace {

constexpr int64_t kMinute = 60'000'000'000;

std::string Check(const QueryLimits& limits, const std::string& query) {
  const auto expr = ParseExpr(query);
  EXPECT_TRUE(expr.ok()) << expr.status();
  return std::string(CheckQuery(limits, *expr).message());
}

TEST(CheckQuery, RangesAndMatchers) {
  QueryLimits limits;
  EXPECT_EQ(Check(limits, R"(rate({a="b",c="d",e="f"}[1y]))"), "");
  limits.max_range_ns = 10 * kMinute;
  limits.max_matchers = 2;
  EXPECT_EQ(Check(limits, R"(sum(rate({a="b",c="d"}[10m])) / rate({a="b"}[5m]))"), "");
  EXPECT_EQ(Check(limits, R"(vector(1) + label_replace(rate({a="b"}[1h]), "a", "", "b", ""))"),
            "[interval] value exceeds limit: [1h] > [10m]");
  EXPECT_EQ(Check(limits, R"({a="b",c="d",e="f"} |= "x")"),
            "max streams matchers per query exceeded, matchers-count > limit (3 > 2)");
}

class LimitSeriesTest : public testing::Test {
 protected:
  absl::Status Limit(size_t series) {
    series_.assign(series, {});
    return LimitSeries(limits_, &series_, &warnings_);
  }

  QueryLimits limits_;
  std::vector<query::ResultSeries> series_;
  std::vector<std::string> warnings_;
};

TEST_F(LimitSeriesTest, OfTheAnswer) {
  EXPECT_TRUE(Limit(1000).ok());
  limits_.max_series = 2;
  EXPECT_TRUE(Limit(2).ok());
  EXPECT_EQ(query::LimitThatRefused(Limit(3)), "max_log_query_series");
  EXPECT_EQ(Limit(3).message().substr(0, 35), "maximum number of series (2) reache");
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(LimitSeriesTest, CutsAndWarnsWhereThatIsWelcome) {
  limits_.max_series = 2;
  limits_.partial_series = true;
  EXPECT_TRUE(Limit(2).ok());
  EXPECT_TRUE(warnings_.empty());
  EXPECT_TRUE(Limit(3).ok());
  EXPECT_EQ(series_.size(), 2u);
  EXPECT_EQ(warnings_,
            std::vector<std::string>{"maximum number of series (2) reached for a single query; "
                                     "returning partial results"});
}

TEST(CheckBytesRead, PrintsSizes) {
  QueryLimits limits;
  EXPECT_TRUE(CheckBytesRead(limits, 1000).ok());
  limits.max_bytes_read = 1'000'000;
  EXPECT_TRUE(CheckBytesRead(limits, 1'000'000).ok());
  EXPECT_EQ(CheckBytesRead(limits, 15'340'000'000).message(),
            "the query would read too many bytes (query: 15GB, limit: 1.0MB); consider adding more "
            "specific stream selectors or reduce the time range of the query");
}

}  // namespace
}  // namespace tidegate::logql
