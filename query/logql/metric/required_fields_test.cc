#include "query/logql/metric/required_fields.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "query/logql/syntax/parser.h"

namespace tidegate::logql {
namespace {

using Names = std::vector<std::string>;

// Of a range aggregation grouped by `by` (or not at all); "everything", or the names.
std::string Required(const std::string& query, const std::optional<Grouping>& grouping) {
  const auto expr = ParseExpr(query);
  if (!expr.ok()) return std::string(expr.status().message());
  const auto fields =
      RequiredFields(std::get<RangeAggregation>(std::get<SampleExprPtr>(*expr)->node), grouping);
  if (!fields.ok()) return std::string(fields.status().message());
  return fields->everything() ? "everything" : absl::StrJoin(fields->names(), ",");
}

Grouping By(Names names) { return {false, std::move(names)}; }

TEST(RequiredFields, WithoutGroupsEverything) {
  EXPECT_EQ(Required("rate({a=\"b\"} | json [1m])", std::nullopt), "everything");
  EXPECT_EQ(Required("rate({a=\"b\"} | json [1m])", Grouping{true, {"x"}}), "everything");
}

TEST(RequiredFields, GroupsFiltersFormatsAndUnwrap) {
  EXPECT_EQ(Required("rate({a=\"b\"} | json [1m])", By({})), "");
  EXPECT_EQ(Required("rate({a=\"b\"} | json [1m])", By({"x_extracted"})), "x,x_extracted");
  EXPECT_EQ(Required("rate({a=\"b\"} | json | (b=\"1\" or c>2), d=ip(\"::1\") [1m])", By({"x"})),
            "b,c,d,x");
  EXPECT_EQ(Required("sum_over_time({a=\"b\"} | json | unwrap v | __error__=\"\" [1m])", By({"x"})),
            "__error__,v,x");
  EXPECT_EQ(Required("rate({a=\"b\"} | json | label_format n=o,p=\"{{.q}}\" "
                     "| line_format \"{{.r}}\" | logfmt [1m])",
                     By({"x"})),
            "o,q,r,x");
  EXPECT_EQ(Required("rate({a=\"b\"} | json | drop l,m=\"1\" [1m])", By({"x"})), "x");
}

TEST(RequiredFields, ATemplateMayReadAnything) {
  EXPECT_EQ(Required("rate({a=\"b\"} | json | line_format \"{{.}}\" | logfmt [1m])", By({"x"})),
            "everything");
}

}  // namespace
}  // namespace tidegate::logql
