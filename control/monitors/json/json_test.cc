#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "control/monitors/json/fields.h"
#include "control/monitors/json/json_text.h"
#include "control/monitors/json/short_id.h"

namespace tidegate::control {
namespace {

boost::json::object Object(const char* text) { return *ParseJsonObject(text); }

TEST(FieldsTest, NullIsAsGoodAsNone) {
  const auto object = Object(R"({"a":null,"b":"x"})");
  Fields fields(object);
  EXPECT_FALSE(fields.Has("a"));
  EXPECT_TRUE(fields.Names("a"));
  EXPECT_FALSE(fields.Names("c"));
  EXPECT_EQ(fields.Text("a"), std::nullopt);
  EXPECT_EQ(fields.Text("b"), "x");
  EXPECT_TRUE(fields.ok());
}

TEST(FieldsTest, TheFirstMistakeStays) {
  const auto object = Object(R"({"a":1,"b":"x","c":[1],"d":3.5,"e":true,"f":""})");
  Fields fields(object, "x.");
  fields.Text("a");
  fields.Number("b");
  EXPECT_EQ(fields.status().message(), "x.a is not a text");
  for (const auto& [name, read] :
       {std::pair<const char*, void (*)(Fields&)>{"c", [](Fields& f) { f.Texts("c"); }},
        {"d", [](Fields& f) { f.Integer("d"); }},
        {"b", [](Fields& f) { f.Bool("b"); }},
        {"f", [](Fields& f) { f.RequiredText("f", 10); }},
        {"g", [](Fields& f) { f.RequiredText("g", 10); }},
        {"a", [](Fields& f) { f.IntegerIn("a", 2, 3); }},
        {"b",
         [](Fields& f) {
           f.OneOf("b", {"y", "z"});
         }},
        {"b", [](Fields& f) { f.BoundedText("b", 0); }}}) {
    Fields one(object);
    read(one);
    EXPECT_TRUE(absl::IsInvalidArgument(one.status())) << name;
  }
}

TEST(FieldsTest, WholeNumbersMayBeWrittenAsDoubles) {
  const auto object = Object(R"({"a":3,"b":3.0,"c":1e300})");
  Fields fields(object);
  EXPECT_EQ(fields.Integer("a"), 3);
  EXPECT_EQ(fields.Integer("b"), 3);
  EXPECT_EQ(fields.Number("a"), 3.0);
  EXPECT_TRUE(fields.ok());
  fields.Integer("c");
  EXPECT_FALSE(fields.ok());
}

TEST(FieldsTest, CharactersAreCodePoints) {
  EXPECT_EQ(CharacterCount("監視"), 2u);
  const auto object = Object(R"({"a":"監視"})");
  Fields fields(object);
  fields.BoundedText("a", 2);
  EXPECT_TRUE(fields.ok());
}

TEST(ParseJsonTest, ObjectsOnlyAndNotTooDeep) {
  for (const std::string& text : {std::string(), std::string("{"), std::string("[]"),
                                  std::string(100, '[') + std::string(100, ']')}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseJsonObject(text).status())) << text;
  }
}

TEST(JsonTextTest, NumbersArePlain) {
  EXPECT_EQ(JsonText(Object(R"({"b":20000.0,"a":[400000,0.5,null,true,"\"\n"],"c":{},"d":5.0})")),
            R"({"b":20000,"a":[400000,0.5,null,true,"\"\n"],"c":{},"d":5})");
  EXPECT_EQ(JsonText(boost::json::value(1e300)), "1e+300");
  EXPECT_EQ(JsonText(boost::json::value(std::nan(""))), "null");
}

TEST(ShortIdTest, LaterIsLarger) {
  const absl::Time now = absl::FromUnixMillis(1'700'000'000'123);
  const std::string first = *NewShortId(now);
  const std::string second = *NewShortId(now + absl::Milliseconds(1));
  EXPECT_EQ(first.size(), 11u);
  EXPECT_LT(first, second);
  EXPECT_GT(DescendingKey(first), DescendingKey(second));
  EXPECT_EQ(TimeOfShortId(first), now);
  EXPECT_TRUE(IsShortId(first));
  for (const char* text : {"", "a/b", "0cSZzK3XfmG", "zzzzzzzzzzz", "2cSZzK3Xfm", "2cSZzK3XfmGG"}) {
    EXPECT_FALSE(IsShortId(text)) << text;
  }
  EXPECT_TRUE(IsShortId("2cSZzK3XfmG"));
}

}  // namespace
}  // namespace tidegate::control
