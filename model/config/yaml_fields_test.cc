#include "model/config/yaml_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tidegate::model {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

struct Everything {
  std::string text;
  bool flag = false;
  uint64_t number = 0;
  uint64_t bytes = 0;
  absl::Duration duration;
  std::vector<std::string> list;
  std::vector<std::pair<std::string, std::string>> map;
};

absl::Status Read(const std::string& yaml, Everything* out) {
  return ReadYamlFields(YAML::Load(yaml), "top",
                        {{"text", YamlString(&out->text)},
                         {"flag", YamlBool(&out->flag)},
                         {"number", YamlUnsigned(&out->number)},
                         {"bytes", YamlBytes(&out->bytes)},
                         {"duration", YamlDuration(&out->duration)},
                         {"list", YamlStrings(&out->list)},
                         {"map", YamlStringMap(&out->map)}});
}

std::string Mistake(const std::string& yaml) {
  Everything out;
  return std::string(Read(yaml, &out).message());
}

TEST(YamlFieldsTest, ReadsEachKind) {
  Everything out;
  ASSERT_TRUE(Read("{text: a b, flag: true, number: 7, bytes: 2KB, duration: 1h30m, list: [x, y],"
                   " map: {k: v, a: b}}",
                   &out)
                  .ok());
  EXPECT_EQ(out.text, "a b");
  EXPECT_TRUE(out.flag);
  EXPECT_EQ(out.number, 7u);
  EXPECT_EQ(out.bytes, 2048u);
  EXPECT_EQ(out.duration, absl::Minutes(90));
  EXPECT_THAT(out.list, ElementsAre("x", "y"));
  EXPECT_THAT(out.map, ElementsAre(Pair("k", "v"), Pair("a", "b")));
}

TEST(YamlFieldsTest, NothingIsAnEmptyMap) {
  Everything out;
  EXPECT_TRUE(Read("", &out).ok());
  EXPECT_TRUE(Read("{list: , map: , text: }", &out).ok());
  EXPECT_TRUE(out.list.empty());
}

TEST(YamlFieldsTest, MistakesNameLineAndPath) {
  EXPECT_EQ(Mistake("text: a\nflags: true"),
            "line 2: top.flags: unknown key; known are text, flag, number, bytes, duration, list, "
            "map");
  EXPECT_EQ(Mistake("flag: maybe"), "line 1: top.flag: must be true or false");
  EXPECT_EQ(Mistake("number: -1"), "line 1: top.number: must be a whole number, not negative");
  EXPECT_EQ(Mistake("list: [a, {b: c}]"), "line 1: top.list[1]: must be a text");
  EXPECT_EQ(Mistake("list: a"), "line 1: top.list: must be a list");
  EXPECT_EQ(Mistake("map: [a]"), "line 1: top.map: must be a map");
  EXPECT_EQ(Mistake("map: {a: [b]}"), "line 1: top.map.a: must be a text");
  EXPECT_EQ(Mistake("[a]"), "line 1: top: must be a map");
  EXPECT_NE(Mistake("duration: soon"), "");
  EXPECT_NE(Mistake("bytes: 1XB"), "");
}

}  // namespace
}  // namespace tidegate::model
