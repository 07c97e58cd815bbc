#include "api/http/head_admission.h"

#include <gtest/gtest.h>

namespace tidegate::api {
namespace {

TEST(HeadAdmission, TheRouteSaysHowLargeABodyMayBe) {
  Route route;
  route.max_body_bytes = 7;
  RouteMatch match;
  match.route = &route;
  EXPECT_EQ(AdmitHead(match, {}, true).max_body_bytes, 7u);
  EXPECT_FALSE(AdmitHead(match, {}, true).refusal.has_value());
}

TEST(HeadAdmission, ItsCheckDecidesInstead) {
  Route route;
  route.max_body_bytes = 7;
  route.admit = [](const HttpRequest&) {
    Admission admission;
    admission.refusal = TextResponse(401, "who are you?");
    return admission;
  };
  RouteMatch match;
  match.route = &route;
  EXPECT_EQ(AdmitHead(match, {}, false).refusal->status, 401);
}

TEST(HeadAdmission, WithoutARouteBodiesAreRefused) {
  RouteMatch match;
  match.status = 405;
  match.allow = "GET, HEAD";
  EXPECT_FALSE(AdmitHead(match, {}, false).refusal.has_value());
  const Admission refused = AdmitHead(match, {}, true);
  ASSERT_TRUE(refused.refusal.has_value());
  EXPECT_EQ(refused.refusal->status, 405);
  EXPECT_EQ(refused.refusal->headers.at(0).second, "GET, HEAD");
  match.status = 404;
  EXPECT_TRUE(NoRoute(match).headers.empty());
}

}  // namespace
}  // namespace tidegate::api
