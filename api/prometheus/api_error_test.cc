#include "api/prometheus/api_error.h"

#include <gtest/gtest.h>

namespace tidegate::api {
namespace {

TEST(ErrorResponse, IsPrometheusEnvelope) {
  const HttpResponse response = ErrorResponse(absl::InvalidArgumentError("bad \"x\""));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body, R"({"status":"error","errorType":"bad_data","error":"bad \"x\""})");
}

TEST(ErrorKindOf, EveryCode) {
  const struct {
    absl::StatusCode code;
    int http;
    std::string_view type;
  } kCases[] = {
      {absl::StatusCode::kInvalidArgument, 400, "bad_data"},
      {absl::StatusCode::kOutOfRange, 400, "bad_data"},
      {absl::StatusCode::kUnauthenticated, 401, "unauthorized"},
      {absl::StatusCode::kPermissionDenied, 403, "forbidden"},
      {absl::StatusCode::kNotFound, 404, "not_found"},
      {absl::StatusCode::kFailedPrecondition, 422, "execution"},
      {absl::StatusCode::kResourceExhausted, 422, "execution"},
      {absl::StatusCode::kCancelled, 499, "canceled"},
      {absl::StatusCode::kDeadlineExceeded, 503, "timeout"},
      {absl::StatusCode::kUnavailable, 503, "unavailable"},
      {absl::StatusCode::kDataLoss, 500, "internal"},
      {absl::StatusCode::kInternal, 500, "internal"},
      {absl::StatusCode::kUnknown, 500, "internal"},
  };
  for (const auto& expected : kCases) {
    EXPECT_EQ(ErrorKindOf(expected.code).http_status, expected.http);
    EXPECT_EQ(ErrorKindOf(expected.code).error_type, expected.type);
  }
}

TEST(ErrorResponse, TextsThatAreNotUtf8StayJson) {
  EXPECT_EQ(ErrorResponse(absl::InternalError("\xff")).body,
            R"({"status":"error","errorType":"internal","error":"\ufffd"})");
}

}  // namespace
}  // namespace tidegate::api
