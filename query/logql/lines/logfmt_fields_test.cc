#include "query/logql/lines/logfmt_fields.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "query/logql/lines/logfmt_keys.h"

namespace tidegate::logql {
namespace {

using ::testing::ElementsAre;

constexpr LogfmtOptions kStrict = {/*strict=*/true, /*keep_empty=*/false};

// "name=value|" of every field, then the error.
std::string Read(std::string_view line, LogfmtOptions options = {},
                 const WantedFields& wanted = WantedFields()) {
  LogfmtFieldParser parser(options, &wanted);
  const LineFields result = parser.Parse(line);
  std::string text;
  for (const LineField& field : *result.fields) {
    text += std::string(field.name) + "=" + std::string(field.value) + "|";
  }
  EXPECT_EQ(result.complete, result.error.empty());
  return text + std::string(result.error);
}

TEST(LogfmtFields, Pairs) {
  EXPECT_EQ(Read("a=1  b=\"x y\"\tc.d=2 9=z"), "a=1|b=x y|c_d=2|_9=z|");
  EXPECT_EQ(Read(""), "");
  EXPECT_EQ(Read("a=1 a=2"), "a=1|a=2|");
}

TEST(LogfmtFields, QuotedValuesAreDecoded) {
  EXPECT_EQ(Read(R"(a="x\ny\"z\\")"), "a=x\ny\"z\\|");
  EXPECT_EQ(Read("a=\"line\nbreak\""), "a=line\nbreak|");
  EXPECT_EQ(Read("a=x\xEF\xBF\xBDy b=\"\xFF\""), "a=x y|b= |");
}

TEST(LogfmtFields, BareKeysAndEmptyValuesNeedKeepEmpty) {
  const std::string line = "a b= c=\"\" d=1";
  EXPECT_EQ(Read(line), "d=1|");
  EXPECT_EQ(Read(line, {/*strict=*/false, /*keep_empty=*/true}), "a=|b=|c=|d=1|");
}

TEST(LogfmtFields, BrokenPairsAreSkipped) {
  EXPECT_EQ(Read("a==1=2 b=2"), "b=2|");
  EXPECT_EQ(Read("=x b=2"), "b=2|");
  EXPECT_EQ(Read("a\"b b=2"), "b=2|");
  EXPECT_EQ(Read("k\xEF\xBF\xBD=1 b=2"), "b=2|");
  EXPECT_EQ(Read("b=2 a=\"open c=3"), "b=2|");
  EXPECT_EQ(Read(R"(a="\x" b=2)"), "b=2|");
}

TEST(LogfmtFields, StrictStopsAtTheFirstBrokenPairAndSaysWhere) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"foobar====wqe=sdad1r", "logfmt syntax error at pos 8 : unexpected '='"},
      {"a=1 b=u=v c=3", "a=1|logfmt syntax error at pos 8 : unexpected '='"},
      {"=a", "logfmt syntax error at pos 1 : unexpected '='"},
      {"a\"", "logfmt syntax error at pos 2 : unexpected '\"'"},
      {"b\xFFr=1", "logfmt syntax error at pos 4 : invalid key"},
      {"a=\"b", "logfmt syntax error at pos 5 : unterminated quoted value"},
      {R"(a="\x" b=1)", "logfmt syntax error at pos 7 : invalid quoted value"},
      {R"(a="\)", "logfmt syntax error at pos 5 : unterminated quoted value"},
  };
  for (const auto& [line, want] : cases) EXPECT_EQ(Read(line, kStrict), want) << line;
}

TEST(LogfmtFields, NothingIsReadBehindTheLastWantedField) {
  EXPECT_EQ(Read("a=1 b=2 c=3 d==", kStrict, WantedFields({"a", "c"})), "a=1|c=3|");
}

TEST(LogfmtKeys, EveryFieldIsDelivered) {
  LogfmtKeyParser parser({}, {{"lvl", "level"}, {"app", "app"}, {"again", "level"}, {"no", "no"}});
  EXPECT_THAT(*parser.Parse("x=1 level=warn app=\"a b\" level=info").fields,
              ElementsAre(LineField{"lvl", "warn"}, LineField{"app", "a b"},
                          LineField{"again", "warn"}, LineField{"no", ""}));
}

TEST(LogfmtKeys, StrictErrors) {
  LogfmtKeyParser parser(kStrict, {{"a", "a"}, {"b", "b"}});
  const LineFields result = parser.Parse("a=1 x==");
  EXPECT_FALSE(result.complete);
  EXPECT_EQ(result.error, "logfmt syntax error at pos 7 : unexpected '='");
  EXPECT_THAT(*result.fields, ElementsAre(LineField{"a", "1"}, LineField{"b", ""}));
}

}  // namespace
}  // namespace tidegate::logql
