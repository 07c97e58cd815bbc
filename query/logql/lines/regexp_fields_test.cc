#include "query/logql/lines/regexp_fields.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tidegate::logql {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(RegexpFields, NamedGroupsOfTheFirstMatch) {
  const WantedFields everything;
  auto parser = *RegexpFieldParser::Create(R"((?P<a>\w+)=(\d+)(?P<b>ms)?)", &everything);
  EXPECT_THAT(*parser.Parse("- x=1ms y=2ms").fields,
              ElementsAre(LineField{"a", "x"}, LineField{"b", "ms"}));
  EXPECT_THAT(*parser.Parse("x=1").fields, ElementsAre(LineField{"a", "x"}, LineField{"b", ""}));
  EXPECT_THAT(*parser.Parse("nothing").fields, IsEmpty());
  EXPECT_TRUE(parser.Parse("nothing").complete);
}

TEST(RegexpFields, OnlyWantedGroupsAreDelivered) {
  const WantedFields wanted({"a"});
  auto parser = *RegexpFieldParser::Create(R"((?P<a>\w+) (?P<b>\w+))", &wanted);
  EXPECT_THAT(*parser.Parse("x y").fields, ElementsAre(LineField{"a", "x"}));
  const WantedFields nothing(std::vector<std::string>{});
  auto idle = *RegexpFieldParser::Create(R"((?P<a>\w+))", &nothing);
  EXPECT_THAT(*idle.Parse("x y").fields, IsEmpty());
}

TEST(RegexpFields, ExpressionsThatGiveNoLabels) {
  const WantedFields everything;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "at least one named capture must be supplied"},
      {"(a)", "at least one named capture must be supplied"},
      {"(?P<1a>a)", "invalid extracted label name '1a'"},
      {"(?P<a>a", "error parsing regexp"},
      {"(?P<a>a)(?P<a>b)", "'a'"},
  };
  for (const auto& [expression, error] : cases) {
    const auto parser = RegexpFieldParser::Create(expression, &everything);
    EXPECT_EQ(parser.status().code(), absl::StatusCode::kInvalidArgument) << expression;
    EXPECT_THAT(std::string(parser.status().message()), HasSubstr(error)) << expression;
  }
}

}  // namespace
}  // namespace tidegate::logql
