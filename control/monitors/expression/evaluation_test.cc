#include "control/monitors/expression/evaluation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <string>

namespace tidegate::control {
namespace {

constexpr int64_t kNow = 1000;

// Series by the name of the metric, each a function of the minute.
class Functions final : public ExpressionSource {
 public:
  absl::StatusOr<std::vector<MinuteSeries>> Load(const Expression& leaf,
                                                 MinuteRange range) override {
    std::vector<MinuteSeries> list;
    for (const auto& function : of[leaf.metric]) {
      MinuteSeries& series = list.emplace_back();
      for (int64_t minute = range.first; minute <= range.last; ++minute) {
        series.values.push_back(function(static_cast<double>(minute)));
      }
    }
    return list;
  }

  std::map<std::string, std::vector<std::function<double(double)>>> of;
};

class EvaluationTest : public ::testing::Test {
 protected:
  EvaluationTest() {
    source_.of["x"] = {[](double minute) { return minute; }};
    source_.of["two"] = {[](double) { return 2; }, [](double) { return 4; }};
    source_.of["four"] = {[](double) { return 1; }, [](double) { return 2; },
                          [](double) { return 3; }, [](double) { return 4; }};
    source_.of["odd"] = {[](double m) { return std::fmod(m, 2) == 1 ? m : std::nan(""); }};
    source_.of["zero"] = {[](double) { return 0; }};
    source_.of["none"] = {};
  }

  // The value of the only series at kNow.
  double Value(const std::string& text) {
    const auto expression = ParseExpression(text);
    EXPECT_TRUE(expression.ok()) << expression.status();
    const auto result = EvaluateExpression(*expression, {kNow - 20, kNow}, kNow, &source_);
    EXPECT_TRUE(result.ok()) << result.status();
    if (!result.ok() || result->size() != 1) {
      ADD_FAILURE() << text << ": not one series";
      return -1;
    }
    EXPECT_EQ(result->front().values.size(), 21u);
    return result->front().values.back();
  }

  Functions source_;
};

TEST_F(EvaluationTest, Aggregations) {
  EXPECT_EQ(Value("avg(role(a:b, two))"), 3);
  EXPECT_EQ(Value("sum(role(a:b, two))"), 6);
  EXPECT_EQ(Value("min(role(a:b, two))"), 2);
  EXPECT_EQ(Value("max(role(a:b, two))"), 4);
  EXPECT_EQ(Value("stddev(role(a:b, two))"), 1);
  EXPECT_EQ(Value("product(role(a:b, two))"), 8);
  EXPECT_EQ(Value("percentile(role(a:b, four), 50)"), 2.5);
  EXPECT_EQ(Value("percentile(host(a, x), 99)"), kNow);
  EXPECT_EQ(Value("sum(group(host(a, x), role(a:b, two)))"), kNow + 6);
  EXPECT_TRUE(std::isnan(Value("avg(role(a:b, none))")));
  EXPECT_EQ(Value("sum(group(host(a, odd), host(a, zero)))"), 0) << "of those that have a value";
}

TEST_F(EvaluationTest, Arithmetic) {
  EXPECT_EQ(Value("scale(host(a, x), 1/2)"), kNow / 2);
  EXPECT_EQ(Value("offset(host(a, x), -1)"), kNow - 1);
  EXPECT_EQ(Value("diff(host(a, x), host(a, zero))"), kNow);
  EXPECT_EQ(Value("divide(host(a, x), avg(role(a:b, two)))"), kNow / 3.0);
  EXPECT_TRUE(std::isnan(Value("divide(host(a, x), host(a, zero))")));
  EXPECT_TRUE(std::isnan(Value("diff(host(a, x), host(a, odd))")));
  EXPECT_EQ(Value("alias(stack(host(a, x)), 'n')"), kNow);
  const auto uneven = ParseExpression("diff(role(a:b, two), role(a:b, four))");
  EXPECT_FALSE(EvaluateExpression(*uneven, {0, 1}, 1, &source_).ok());
}

TEST_F(EvaluationTest, Time) {
  EXPECT_EQ(Value("timeShift(host(a, x), 1h)"), kNow - 60);
  EXPECT_EQ(Value("movingAverage(host(a, x), 5m)"), kNow - 2);
  EXPECT_EQ(Value("movingAverage(host(a, odd), 4m)"), kNow - 2) << "of 997 and 999";
  EXPECT_EQ(Value("timeShift(movingAverage(host(a, x), 5m), 10m)"), kNow - 12);
}

TEST_F(EvaluationTest, Trends) {
  EXPECT_NEAR(Value("linearRegression(host(a, x), 2h)"), kNow, 1e-6);
  EXPECT_NEAR(Value("linearRegression(host(a, odd), 2h)"), kNow, 1e-6);
  EXPECT_NEAR(Value("timeLeftForecast(host(a, x), 1h, 1010)"), 600, 1e-6);
  EXPECT_NEAR(Value("scale(timeLeftForecast(host(a, x), 1h, 1010), 1/60)"), 10, 1e-6);
  EXPECT_EQ(Value("timeLeftForecast(host(a, x), 1h, 950)"), 0) << "passed already";
  EXPECT_EQ(Value("timeLeftForecast(host(a, x), 1h, 900)"), std::numeric_limits<double>::infinity())
      << "moves away";
  EXPECT_EQ(Value("timeLeftForecast(scale(host(a, x), -1), 1h, 900)"),
            std::numeric_limits<double>::infinity());
  EXPECT_EQ(Value("timeLeftForecast(host(a, zero), 1h, 1)"),
            std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(Value("linearRegression(timeShift(host(a, odd), 1m), 1m)")) ||
              Value("linearRegression(host(a, zero), 1m)") == 0);
}

}  // namespace
}  // namespace tidegate::control
