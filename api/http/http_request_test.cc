#include "api/http/http_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidegate::api {
namespace {

TEST(HttpMethod, RoundTripsEveryName) {
  for (std::string_view name : {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    EXPECT_EQ(MethodName(ParseMethod(name)), name);
  }
}

TEST(HttpMethod, IsCaseSensitive) {
  EXPECT_EQ(ParseMethod("get"), HttpMethod::kOther);
  EXPECT_EQ(ParseMethod("BREW"), HttpMethod::kOther);
  EXPECT_EQ(MethodName(HttpMethod::kOther), "OTHER");
}

TEST(Headers, IgnoresTheCaseOfNames) {
  Headers headers;
  headers.Add("Content-Type", "text/plain");
  EXPECT_EQ(headers.Get("content-type"), "text/plain");
  EXPECT_TRUE(headers.Has("CONTENT-TYPE"));
  EXPECT_FALSE(headers.Has("Content-Typ"));
  EXPECT_EQ(headers.Get("Accept"), "");
}

TEST(Headers, FirstFieldOfANameWins) {
  Headers headers;
  headers.Add("X", "1");
  headers.Add("x", "2");
  EXPECT_EQ(headers.Get("X"), "1");
}

TEST(Parameters, KeepsAllValuesInOrder) {
  Parameters parameters;
  parameters.Add("match[]", "a");
  parameters.Add("start", "1");
  parameters.Add("match[]", "b");
  EXPECT_EQ(parameters.Get("match[]"), "a");
  EXPECT_THAT(parameters.All("match[]"), testing::ElementsAre("a", "b"));
  EXPECT_THAT(parameters.All("end"), testing::IsEmpty());
}

TEST(Parameters, TellsAnEmptyValueFromNone) {
  Parameters parameters;
  parameters.Add("limit", "");
  EXPECT_TRUE(parameters.Has("limit"));
  EXPECT_FALSE(parameters.Has("time"));
  EXPECT_EQ(parameters.Get("time"), "");
}

TEST(Parameters, AppendPutsTheOthersBehind) {
  Parameters form;
  form.Add("query", "form");
  Parameters url;
  url.Add("query", "url");
  form.Append(url);
  EXPECT_THAT(form.All("query"), testing::ElementsAre("form", "url"));
}

}  // namespace
}  // namespace tidegate::api
