#include "api/prometheus/control_endpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/api_call.h"

namespace tidegate::api {
namespace {

using testing::HasSubstr;

std::string Refusal(std::string name, std::string value) {
  const RecordedResponse response =
      ApiCall(RulesEndpoint()).With(std::move(name), std::move(value)).Get();
  EXPECT_EQ(response.status, 400);
  return response.body;
}

TEST(Rules, ThereAreNone) {
  EXPECT_EQ(ApiCall(RulesEndpoint())
                .With("type", "Alert")
                .With("exclude_alerts", "true")
                .With("group_limit", "2")
                .With("match[]", "{severity=\"page\"}")
                .Body(),
            R"({"status":"success","data":{"groups":[]}})");
}

TEST(Rules, ParametersAreChecked) {
  EXPECT_THAT(Refusal("type", "foo"),
              HasSubstr(R"(invalid parameter \"type\": not supported value \"foo\")"));
  EXPECT_THAT(Refusal("exclude_alerts", "x"),
              HasSubstr(R"(error converting exclude_alerts: strconv.ParseBool: parsing \"x\")"));
  EXPECT_THAT(Refusal("group_limit", "0"), HasSubstr("group_limit needs to be greater than 0"));
  EXPECT_THAT(Refusal("group_limit", "x"), HasSubstr("group_limit"));
  EXPECT_THAT(Refusal("group_next_token", "t"), HasSubstr("group_limit needs to be set"));
  EXPECT_THAT(Refusal("match[]", "a{"), HasSubstr("unexpected end of input inside braces"));
}

TEST(Constant, AnswersAsItIs) {
  EXPECT_EQ(ApiCall(ConstantEndpoint("[]")).Body(), R"({"status":"success","data":[]})");
}

}  // namespace
}  // namespace tidegate::api
