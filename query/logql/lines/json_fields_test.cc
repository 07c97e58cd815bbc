#include "query/logql/lines/json_fields.h"

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

LineField Field(std::string_view name, std::string_view value) { return {name, value}; }

class JsonFieldsTest : public testing::Test {
 protected:
  // The fields of a line, every one wanted.
  const std::vector<LineField>& Fields(std::string_view line) {
    result_ = parser_.Parse(line);
    return *result_.fields;
  }

  const WantedFields everything_;
  JsonFieldParser parser_{&everything_};
  LineFields result_;
};

TEST_F(JsonFieldsTest, NestedObjectsAreJoinedWithUnderscores) {
  EXPECT_THAT(Fields(R"({"a":"x","pod":{"uuid":"1","deployment":{"ref":"y"}},"b":"z"})"),
              ElementsAre(Field("a", "x"), Field("pod_uuid", "1"), Field("pod_deployment_ref", "y"),
                          Field("b", "z")));
  EXPECT_TRUE(result_.complete);
}

TEST_F(JsonFieldsTest, NumbersAndBooleansAreAsWrittenArraysAndNullLeftOut) {
  EXPECT_THAT(Fields(R"( {"i": -1 ,"f":5.50e1,"t":true,"f2":false,"n":null,"l":[1,{"x":"]"}]} )"),
              ElementsAre(Field("i", "-1"), Field("f", "5.50e1"), Field("t", "true"),
                          Field("f2", "false")));
  EXPECT_TRUE(result_.complete);
}

TEST_F(JsonFieldsTest, StringsAreDecoded) {
  EXPECT_THAT(
      Fields(R"({"a":"q\"\\\/\n\u00fc\ud83d\ude00","b":"bad \x","c":"half \ud83d"})"),
      ElementsAre(Field("a", "q\"\\/\n\xC3\xBC\xF0\x9F\x98\x80"), Field("b", ""), Field("c", "")));
  EXPECT_THAT(Fields("{\"a\":-1\xFF}"), ElementsAre(Field("a", "-1 ")));
  EXPECT_THAT(Fields("{\"a\":\"x\xEF\xBF\xBDy\xFFz\"}"), ElementsAre(Field("a", "x y z")));
}

TEST_F(JsonFieldsTest, KeysBecomeLabelNames) {
  EXPECT_THAT(Fields(R"({"1a":"1","x-y.z":{"2":"3"}," ":{"foo":"bar"," ":"none"}})"),
              ElementsAre(Field("_1a", "1"), Field("x_y_z_2", "3"), Field("foo", "bar"),
                          Field("", "none")));
}

TEST_F(JsonFieldsTest, RepeatedNamesAreAllDelivered) {
  EXPECT_THAT(Fields(R"({"a":"1","a":"2"})"), ElementsAre(Field("a", "1"), Field("a", "2")));
}

TEST_F(JsonFieldsTest, WhatWasReadBeforeAnErrorStays) {
  EXPECT_THAT(Fields(R"({"a":"1","b":{"c":"2"},"d":{"e":"3")"),
              ElementsAre(Field("a", "1"), Field("b_c", "2")));
  EXPECT_FALSE(result_.complete);
  EXPECT_EQ(result_.error, json_errors::kObject);
}

TEST_F(JsonFieldsTest, ErrorsSayWhatIsMissing) {
  const std::vector<std::pair<std::string, std::string_view>> cases = {
      {"", json_errors::kObject},
      {"text", json_errors::kObject},
      {"{n}", json_errors::kObject},
      {"{", json_errors::kMalformed},
      {R"({"a)", json_errors::kString},
      {R"({"a\)", json_errors::kString},
      {R"({"a"})", json_errors::kMalformed},
      {R"({"a":)", json_errors::kMalformed},
      {R"({"a":x})", json_errors::kUnknown},
      {R"({"a":[1)", json_errors::kArray},
      {R"({"a":1)", json_errors::kArray},
      {R"({"a":1,)", json_errors::kArray},
      {R"({"a":"1";"b":2})", json_errors::kObject},
  };
  for (const auto& [line, error] : cases) {
    Fields(line);
    EXPECT_FALSE(result_.complete) << line;
    EXPECT_EQ(result_.error, error) << line;
  }
}

TEST_F(JsonFieldsTest, TooDeepIsAnErrorAndNoCrash) {
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += R"({"a":)";
  deep += "1" + std::string(1000, '}');
  EXPECT_THAT(Fields(deep), IsEmpty());
  EXPECT_FALSE(result_.complete);
}

TEST(JsonWantedFields, OthersAreNotDeliveredAndTheRestOfTheLineIsNotRead) {
  const WantedFields wanted({"pod_uid", "b"});
  JsonFieldParser parser(&wanted);
  const LineFields result = parser.Parse(R"({"a":"1","podx":{"uid":"0"},"pod":{"uid":"2","x":"3"},)"
                                         R"("b":"4", broken)");
  EXPECT_TRUE(result.complete);
  EXPECT_THAT(*result.fields, ElementsAre(Field("pod_uid", "2"), Field("b", "4")));
}

TEST(JsonWantedFields, NothingWantedReadsNothing) {
  const WantedFields wanted(std::vector<std::string>{});
  JsonFieldParser parser(&wanted);
  EXPECT_TRUE(parser.Parse("broken").complete);
}

}  // namespace
}  // namespace tidegate::logql
