#include "api/prometheus/api_endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "api/testing/api_call.h"

namespace tidegate::api {
namespace {

using testing::HasSubstr;

// Answers with the tenant and the parameter q.
absl::Status Echo(const ApiRequest& request, ResponseWriter& response) {
  response.Send(
      TextResponse(200, request.context.tenant + ":" + std::string(request.parameters.Get("q"))));
  return absl::OkStatus();
}

ApiEndpoint Failing(absl::Status status) {
  return [status](const ApiRequest&, ResponseWriter&) { return status; };
}

TEST(ApiHandler, HandsOverTenantAndParameters) {
  EXPECT_EQ(ApiCall(Echo).With("q", "1").Body(), "default:1\n");
  ApiCall call(Echo);
  call.tenants().Add("a");
  EXPECT_EQ(call.Header("X-Scope-OrgID", "a").Body(), "a:\n");
}

TEST(ApiHandler, FormsAndJsonCarryParameters) {
  EXPECT_EQ(ApiCall(Echo).Post("application/x-www-form-urlencoded", "q=form").body,
            "default:form\n");
  EXPECT_EQ(ApiCall(Echo).Post("application/json", R"({"q":"json"})").body, "default:json\n");
}

TEST(ApiHandler, UnknownTenantsGetTheEnvelope) {
  const RecordedResponse unknown = ApiCall(Echo).Header("X-Scope-OrgID", "b").Get();
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.body,
            R"({"status":"error","errorType":"not_found","error":"tenant b does not exist"})");
  EXPECT_EQ(ApiCall(Echo).Header("X-Scope-OrgID", "?").Get().status, 401);
}

TEST(ApiHandler, ErrorsBecomeTheEnvelope) {
  const RecordedResponse response = ApiCall(Failing(absl::FailedPreconditionError("no"))).Get();
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.body, R"({"status":"error","errorType":"execution","error":"no"})");
  EXPECT_EQ(response.answers, 1);
}

TEST(ApiHandler, UnavailableAsksToComeBack) {
  const RecordedResponse response = ApiCall(Failing(absl::UnavailableError("store"))).Get();
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.headers.at("Retry-After"), "1");
}

TEST(ApiHandler, MalformedParametersNeverReachTheEndpoint) {
  EXPECT_EQ(ApiCall(Echo).Post("application/json", "{").status, 400);
}

TEST(ApiHandler, DeadlineIsTheTenantsLongestQuery) {
  absl::Time deadline;
  ApiCall call([&deadline](const ApiRequest& request, ResponseWriter& response) {
    deadline = request.context.deadline;
    response.Send(HttpResponse());
    return absl::OkStatus();
  });
  call.Get();
  const absl::Duration left = deadline - absl::Now();
  EXPECT_GT(left, absl::Seconds(60));
  EXPECT_LE(left, model::TenantLimits().max_query_timeout);
}

}  // namespace
}  // namespace tidegate::api
