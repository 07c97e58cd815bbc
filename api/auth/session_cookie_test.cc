#include "api/auth/session_cookie.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace tidegate::api {
namespace {

Headers With(std::vector<std::pair<std::string_view, std::string_view>> fields) {
  Headers headers;
  for (const auto& [name, value] : fields) headers.Add(name, value);
  return headers;
}

absl::Status Check(HttpMethod method,
                   std::vector<std::pair<std::string_view, std::string_view>> fields) {
  HttpRequest request;
  request.method = method;
  request.headers = With(std::move(fields));
  return CheckSameOrigin(request);
}

TEST(SessionToken, IsFoundAmongOtherCookies) {
  EXPECT_EQ(SessionToken(With({{"Cookie", "tidegate_session=abc"}})), "abc");
  EXPECT_EQ(SessionToken(With({{"cookie", "a=1; tidegate_session=abc; b=2"}})), "abc");
  EXPECT_EQ(SessionToken(With({{"Cookie", "a=1;tidegate_session=a=b"}})), "a=b");
}

TEST(SessionToken, IsEmptyWhereThereIsNone) {
  EXPECT_EQ(SessionToken({}), "");
  for (const char* cookie :
       {"", ";", ";;a", "tidegate_session", "xtidegate_session=abc", "a=tidegate_session"}) {
    EXPECT_EQ(SessionToken(With({{"Cookie", cookie}})), "") << cookie;
  }
}

TEST(SessionCookie, IsOutOfReachOfScriptsAndOtherSites) {
  EXPECT_EQ(SessionCookie("abc", absl::Hours(12), false),
            "tidegate_session=abc; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict");
  EXPECT_EQ(SessionCookie("abc", absl::Hours(1), true),
            "tidegate_session=abc; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict; Secure");
  EXPECT_EQ(SessionCookie("", absl::Hours(1), false),
            "tidegate_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
}

TEST(SameOrigin, TheBrowserSaysWhoseThePageIs) {
  for (HttpMethod method : {HttpMethod::kGet, HttpMethod::kPost, HttpMethod::kDelete}) {
    EXPECT_TRUE(Check(method, {{"Sec-Fetch-Site", "same-origin"}}).ok());
    for (const char* site : {"same-site", "cross-site", "nonsense"}) {
      const absl::Status status = Check(method, {{"Sec-Fetch-Site", site}});
      EXPECT_TRUE(absl::IsPermissionDenied(status)) << site;
      EXPECT_NE(status.message().find(site), absl::string_view::npos);
    }
  }
}

TEST(SameOrigin, ATypedAddressMayBeLookedAt) {
  EXPECT_TRUE(Check(HttpMethod::kGet, {{"Sec-Fetch-Site", "none"}}).ok());
  EXPECT_FALSE(Check(HttpMethod::kPost, {{"Sec-Fetch-Site", "none"}}).ok());
}

TEST(SameOrigin, OriginCountsWhereThereIsNoSecFetchSite) {
  for (HttpMethod method : {HttpMethod::kGet, HttpMethod::kPost}) {
    EXPECT_TRUE(
        Check(method, {{"Origin", "http://a.example:9009"}, {"Host", "A.example:9009"}}).ok());
    EXPECT_TRUE(Check(method, {{"Origin", "https://a.example"}, {"Host", "a.example"}}).ok());
    for (const char* origin : {"http://a.example:8080", "http://evil.example", "null",
                               "http://a.example:9009.evil.example", "ftp://a.example:9009"}) {
      EXPECT_FALSE(Check(method, {{"Origin", origin}, {"Host", "a.example:9009"}}).ok()) << origin;
    }
  }
}

TEST(SameOrigin, WithoutEitherOnlyLookingIsAllowed) {
  EXPECT_TRUE(Check(HttpMethod::kGet, {{"Host", "a"}}).ok());
  EXPECT_TRUE(Check(HttpMethod::kHead, {{"Host", "a"}}).ok());
  for (HttpMethod method : {HttpMethod::kPost, HttpMethod::kPut, HttpMethod::kDelete,
                            HttpMethod::kPatch, HttpMethod::kOther}) {
    EXPECT_FALSE(Check(method, {{"Host", "a"}}).ok());
  }
}

TEST(SameOrigin, AWebSocketIsMoreThanALook) {
  EXPECT_FALSE(Check(HttpMethod::kGet, {{"Host", "a"}, {"Upgrade", "websocket"}}).ok());
  EXPECT_FALSE(
      Check(HttpMethod::kGet, {{"Host", "a"}, {"Upgrade", "websocket"}, {"Origin", "http://b"}})
          .ok());
  EXPECT_TRUE(
      Check(HttpMethod::kGet, {{"Host", "a"}, {"Upgrade", "websocket"}, {"Origin", "http://a"}})
          .ok());
}

}  // namespace
}  // namespace tidegate::api
