#include "query/logql/lines/json_paths.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tidegate::logql {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The value at one path of a line.
std::string At(const std::string& path, std::string_view line) {
  absl::StatusOr<FieldPath> steps = ParseJsonPath(path);
  if (!steps.ok()) return std::string(steps.status().message());
  JsonPathParser parser({{"x", *std::move(steps)}});
  const LineFields result = parser.Parse(line);
  return result.complete ? std::string(result.fields->at(0).value) : "incomplete";
}

TEST(JsonPath, StepsAreFieldsKeysAndIndexes) {
  EXPECT_EQ(*ParseJsonPath(R"(pod.list[12]["a \"b"].c)"),
            (FieldPath{"pod", "list", uint64_t{12}, "a \"b", "c"}));
  EXPECT_EQ(*ParseJsonPath(R"(["pod"].list)"), (FieldPath{"pod", "list"}));
}

TEST(JsonPath, ErrorsNameWhatIsNotExpected) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "syntax error: unexpected $end, expecting LSB or FIELD"},
      {"a b", "syntax error: unexpected FIELD"},
      {"\"a\"]", "syntax error: unexpected STRING, expecting LSB or FIELD"},
      {R"(["a""b"])", "syntax error: unexpected STRING, expecting RSB"},
      {R"(["a")", "syntax error: unexpected $end, expecting RSB"},
      {"a..b", "syntax error: unexpected DOT, expecting FIELD"},
      {"a[", "syntax error: unexpected $end, expecting STRING or INDEX"},
      {"a-b", "unexpected char -"},
      {"a[99999999999999999999]", "index out of range: 99999999999999999999"},
  };
  for (const auto& [path, error] : cases) {
    EXPECT_EQ(ParseJsonPath(path).status().message(), error) << path;
  }
  std::string deep = "a";
  for (int i = 0; i < 200; ++i) deep += ".a";
  EXPECT_FALSE(ParseJsonPath(deep).ok());
}

TEST(LogfmtKey, IsOneKey) {
  EXPECT_EQ(*ParseLogfmtKey("level"), "level");
  EXPECT_EQ(*ParseLogfmtKey("\"a b\""), "a b");
  EXPECT_EQ(*ParseLogfmtKey(""), "");
  EXPECT_EQ(ParseLogfmtKey("a b").status().message(), "syntax error: unexpected KEY");
  EXPECT_EQ(ParseLogfmtKey("a\xC3\x9C").status().message(), "unexpected char \xC3\x9C");
}

TEST(JsonPaths, ValuesOfAllKinds) {
  const std::string line =
      R"({"a":{"b":[1,{"c":"x\ny"},"]"]},"n":null,"t":true,"o":{"k": "v"},"l":[ 1 ]})";
  EXPECT_EQ(At("a.b[0]", line), "1");
  EXPECT_EQ(At("a.b[1].c", line), "x\ny");
  EXPECT_EQ(At("a.b[2]", line), "]");
  EXPECT_EQ(At("a.b[3]", line), "");
  EXPECT_EQ(At("a[0]", line), "");
  EXPECT_EQ(At("a.b.c", line), "");
  EXPECT_EQ(At("n", line), "");
  EXPECT_EQ(At("t", line), "true");
  EXPECT_EQ(At("o", line), R"({"k": "v"})");
  EXPECT_EQ(At("l", line), "[ 1 ]");
  EXPECT_EQ(At("[1].k", R"([0,{"k":"v"}])"), "v");
}

TEST(JsonPaths, TheFirstOfEqualKeysCounts) { EXPECT_EQ(At("a", R"({"a":"1","a":"2"})"), "1"); }

TEST(JsonPaths, OnePathMayLeadThroughAnother) {
  JsonPathParser parser({{"x", {"a"}}, {"y", {"a", "b"}}, {"z", {"a", "b"}}, {"w", {"no"}}});
  EXPECT_THAT(*parser.Parse(R"({"a":{"b":"1"}})").fields,
              ElementsAre(LineField{"x", R"({"b":"1"})"}, LineField{"y", "1"}, LineField{"z", "1"},
                          LineField{"w", ""}));
}

TEST(JsonPaths, OnlyTheBeginningOfALineCanBeWrong) {
  EXPECT_EQ(At("a", "text"), "incomplete");
  EXPECT_EQ(At("a", R"({"a":"1", broken)"), "1");
  EXPECT_EQ(At("b", R"({"a":"1", broken)"), "");
  JsonPathParser parser(std::vector<JsonPathField>{{"x", {"a"}}});
  EXPECT_TRUE(parser.Parse("").complete);
  EXPECT_THAT(*parser.Parse("").fields, IsEmpty());
}

}  // namespace
}  // namespace tidegate::logql
