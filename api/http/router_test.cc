#include "api/http/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/http/target.h"

namespace tidegate::api {
namespace {

using testing::ElementsAre;
using testing::Pair;

class RouterTest : public testing::Test {
 protected:
  void Add(HttpMethod method, std::string pattern) {
    Route route;
    route.method = method;
    route.pattern = std::move(pattern);
    router_.Add(std::move(route));
  }

  RouteMatch Find(HttpMethod method, std::string_view path) {
    return router_.Find(method, *DecodePath(path));
  }

  std::string Pattern(HttpMethod method, std::string_view path) {
    const RouteMatch match = Find(method, path);
    return match.route == nullptr ? "" : match.route->pattern;
  }

  Router router_;
};

TEST_F(RouterTest, FindsLiteralPaths) {
  Add(HttpMethod::kGet, "/");
  Add(HttpMethod::kGet, "/api/v1/query");
  EXPECT_EQ(Pattern(HttpMethod::kGet, "/"), "/");
  EXPECT_EQ(Pattern(HttpMethod::kGet, "/api/v1/query"), "/api/v1/query");
  EXPECT_EQ(Find(HttpMethod::kGet, "/api/v1").status, 404);
  EXPECT_EQ(Find(HttpMethod::kGet, "/api/v1/query/").status, 404);
}

TEST_F(RouterTest, CapturesParameters) {
  Add(HttpMethod::kGet, "/label/:name/values");
  const RouteMatch match = Find(HttpMethod::kGet, "/label/a%2Fb/values");
  ASSERT_NE(match.route, nullptr);
  EXPECT_THAT(match.path.pairs(), ElementsAre(Pair("name", "a/b")));
}

TEST_F(RouterTest, ParametersAreNeverEmpty) {
  Add(HttpMethod::kGet, "/label/:name/values");
  EXPECT_EQ(Find(HttpMethod::kGet, "/label//values").status, 404);
}

TEST_F(RouterTest, ALastStarTakesTheRest) {
  Add(HttpMethod::kPut, "/metrics/*");
  Add(HttpMethod::kGet, "/metrics");
  EXPECT_EQ(Pattern(HttpMethod::kPut, "/metrics/job/a"), "/metrics/*");
  EXPECT_EQ(Pattern(HttpMethod::kPut, "/metrics/job"), "/metrics/*");
  EXPECT_EQ(Pattern(HttpMethod::kGet, "/metrics"), "/metrics");
  EXPECT_EQ(Find(HttpMethod::kGet, "/metrics/job").status, 405);
  EXPECT_EQ(Find(HttpMethod::kPut, "/other/job").status, 404);
}

TEST_F(RouterTest, LiteralsWinOverPatterns) {
  Add(HttpMethod::kGet, "/status/:what");
  Add(HttpMethod::kGet, "/status/flags");
  EXPECT_EQ(Pattern(HttpMethod::kGet, "/status/flags"), "/status/flags");
  EXPECT_EQ(Pattern(HttpMethod::kGet, "/status/config"), "/status/:what");
}

TEST_F(RouterTest, WrongMethodNamesTheAllowedOnes) {
  Add(HttpMethod::kGet, "/q");
  Add(HttpMethod::kPost, "/q");
  const RouteMatch match = Find(HttpMethod::kDelete, "/q");
  EXPECT_EQ(match.status, 405);
  EXPECT_EQ(match.allow, "GET, HEAD, POST");
}

TEST_F(RouterTest, WrongMethodOnAPattern) {
  Add(HttpMethod::kPost, "/push/:tenant");
  const RouteMatch match = Find(HttpMethod::kGet, "/push/a");
  EXPECT_EQ(match.status, 405);
  EXPECT_EQ(match.allow, "POST");
}

TEST_F(RouterTest, GetAnswersHead) {
  Add(HttpMethod::kGet, "/a");
  Add(HttpMethod::kPost, "/b");
  EXPECT_EQ(Pattern(HttpMethod::kHead, "/a"), "/a");
  EXPECT_EQ(Find(HttpMethod::kHead, "/b").status, 405);
}

TEST_F(RouterTest, HeadOfItsOwnWinsWhateverTheOrder) {
  Add(HttpMethod::kGet, "/a");
  Add(HttpMethod::kHead, "/a");
  EXPECT_EQ(Find(HttpMethod::kHead, "/a").route, &router_.route(1));
}

TEST_F(RouterTest, MethodsOfOnePatternStayTogether) {
  Add(HttpMethod::kGet, "/x/:a");
  Add(HttpMethod::kPut, "/x/:a");
  EXPECT_EQ(Find(HttpMethod::kPut, "/x/1").route, &router_.route(1));
}

TEST_F(RouterTest, OptionsIsAnsweredWhereOtherOriginsMayAsk) {
  router_.AllowCrossOrigin("/api/v1");
  Add(HttpMethod::kGet, "/api/v1/a");
  Add(HttpMethod::kGet, "/b");
  for (const char* path : {"/api/v1/a", "/api/v1/unknown", "/api/v1/un/known", "/api/v1/"}) {
    ASSERT_NE(Find(HttpMethod::kOptions, path).route, nullptr) << path;
    EXPECT_TRUE(Find(HttpMethod::kOptions, path).route->nonblocking);
  }
  EXPECT_EQ(Find(HttpMethod::kOptions, "/b").status, 405);
  EXPECT_EQ(Find(HttpMethod::kOptions, "/api").status, 404);
  EXPECT_EQ(Find(HttpMethod::kGet, "/api/v1/unknown").status, 404);
  EXPECT_EQ(Find(HttpMethod::kPut, "/api/v1/a").allow, "GET, HEAD, OPTIONS");
  EXPECT_EQ(Find(HttpMethod::kPut, "/b").allow, "GET, HEAD");
}

TEST_F(RouterTest, UnknownMethodIs405) {
  Add(HttpMethod::kGet, "/a");
  EXPECT_EQ(Find(HttpMethod::kOther, "/a").status, 405);
}

TEST_F(RouterTest, PatternsThatMeetShareTheMethods) {
  Add(HttpMethod::kPut, "/m/*");
  Add(HttpMethod::kGet, "/m/:scope");
  EXPECT_EQ(Find(HttpMethod::kPut, "/m/a").route->pattern, "/m/*");
  EXPECT_EQ(Find(HttpMethod::kGet, "/m/a").route->pattern, "/m/:scope");
  EXPECT_EQ(Find(HttpMethod::kGet, "/m/a").path.Get("scope"), "a");
  EXPECT_EQ(Find(HttpMethod::kDelete, "/m/a").status, 405);
  EXPECT_EQ(Find(HttpMethod::kDelete, "/m/a").allow, "PUT, GET, HEAD");
  EXPECT_EQ(Find(HttpMethod::kGet, "/m/a/b").status, 405);
}

}  // namespace
}  // namespace tidegate::api
