#include "query/rule_expression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidegate::query {
namespace {

using testing::HasSubstr;

std::string Canonical(RuleLanguage language, std::string_view text) {
  const absl::StatusOr<std::string> result = CanonicalRuleExpression(language, text);
  return result.ok() ? *result : "error: " + std::string(result.status().message());
}

TEST(RuleExpression, IsPrintedOnOneLine) {
  EXPECT_EQ(Canonical(RuleLanguage::kPromQl, "sum(rate(a{b='c'}[5m]))\n  by (x) > 1"),
            "sum by (x) (rate(a{b=\"c\"}[5m])) > 1");
  EXPECT_EQ(Canonical(RuleLanguage::kLogQl, "sum(rate({a=\"b\"} |= `c` [5m]))"),
            "sum(rate({a=\"b\"} |= \"c\"[5m]))");
}

TEST(RuleExpression, SaysWhatIsWrong) {
  EXPECT_THAT(Canonical(RuleLanguage::kPromQl, "sum(rate(a))"),
              HasSubstr("error: 1:10: parse error: expected type range vector"));
  EXPECT_THAT(Canonical(RuleLanguage::kLogQl, "{a=\"b\"} |= \"c\""),
              HasSubstr("not a metric query"));
}

}  // namespace
}  // namespace tidegate::query
