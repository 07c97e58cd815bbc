#include "api/prometheus/request_parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidegate::api {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

HttpRequest Post(std::string_view type, std::string_view body) {
  HttpRequest request;
  request.method = HttpMethod::kPost;
  request.headers.Add("Content-Type", type);
  request.body = body;
  return request;
}

TEST(CollectParameters, OfTheUrl) {
  HttpRequest request;
  request.query.Add("query", "up");
  EXPECT_THAT(CollectParameters(request)->pairs(), ElementsAre(Pair("query", "up")));
}

TEST(CollectParameters, FormsComeBeforeTheUrl) {
  HttpRequest request = Post("application/x-www-form-urlencoded; charset=utf-8", "a=form+1");
  request.query.Add("a", "url");
  EXPECT_THAT(CollectParameters(request)->All("a"), ElementsAre("form 1", "url"));
}

TEST(CollectParameters, MultipartFormsComeBehindTheUrl) {
  HttpRequest request =
      Post("multipart/form-data; boundary=x",
           "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nform\r\n--x--\r\n");
  request.query.Add("a", "url");
  EXPECT_THAT(CollectParameters(request)->All("a"), ElementsAre("url", "form"));
  EXPECT_EQ(CollectParameters(Post("multipart/form-data", "a=1")).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(CollectParameters, BodiesOfGetsAreIgnored) {
  HttpRequest request = Post("application/json", "not json");
  request.method = HttpMethod::kGet;
  EXPECT_THAT(CollectParameters(request)->pairs(), IsEmpty());
}

TEST(CollectParameters, OtherBodiesAreIgnored) {
  EXPECT_THAT(CollectParameters(Post("text/plain", "a=1"))->pairs(), IsEmpty());
}

TEST(CollectParameters, JsonWithoutABodyLeavesTheUrl) {
  HttpRequest request = Post("application/json", "");
  request.query.Add("query", "up");
  EXPECT_EQ(CollectParameters(request)->Get("query"), "up");
}

TEST(CollectParameters, MalformedFormsAreBadData) {
  EXPECT_EQ(CollectParameters(Post("application/x-www-form-urlencoded", "a=%zz")).status().code(),
            absl::StatusCode::kInvalidArgument);
  HttpRequest request;
  request.query_malformed = true;
  EXPECT_EQ(CollectParameters(request).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(DecodeJsonParameters, ScalarsByTheirText) {
  Parameters out;
  ASSERT_TRUE(DecodeJsonParameters(
                  R"({"query":"up{a=\"b\"}","time":1621894796,"start":1621894796.5,"end":-1,
                      "big":18446744073709551615,"stats":true,"none":null})",
                  &out)
                  .ok());
  EXPECT_THAT(out.pairs(), ElementsAre(Pair("query", "up{a=\"b\"}"), Pair("time", "1621894796"),
                                       Pair("start", "1621894796.5"), Pair("end", "-1"),
                                       Pair("big", "18446744073709551615"), Pair("stats", "true")));
}

TEST(DecodeJsonParameters, ArraysAreSeveralValues) {
  Parameters out;
  ASSERT_TRUE(DecodeJsonParameters(R"({"match[]":["a","b"],"empty":[]})", &out).ok());
  EXPECT_THAT(out.All("match[]"), ElementsAre("a", "b"));
  EXPECT_FALSE(out.Has("empty"));
}

TEST(DecodeJsonParameters, RefusesOtherDocuments) {
  for (const char* text :
       {"[]", "1", "{", "{\"a\":{}}", "{\"a\":[[1]]}", "{\"a\":[null]}", "{\"a\":1}x", "{'a':1}"}) {
    Parameters out;
    EXPECT_EQ(DecodeJsonParameters(text, &out).code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(DecodeJsonParameters, DeepDocumentsAreRefusedEarly) {
  Parameters out;
  EXPECT_FALSE(DecodeJsonParameters(std::string(1'000'000, '['), &out).ok());
}

}  // namespace
}  // namespace tidegate::api
