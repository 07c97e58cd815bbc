#include "query/vector/refused_by.h"

#include "gtest/gtest.h"

namespace tidegate::query {
namespace {

TEST(RefusedBy, NamesTheLimitAndKeepsTheError) {
  const absl::Status error =
      RefusedBy("max_query_series", absl::ResourceExhaustedError("too many"));
  EXPECT_EQ(LimitThatRefused(error), "max_query_series");
  EXPECT_EQ(error.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(error.message(), "too many");
}

TEST(RefusedBy, OtherErrorsHaveNoLimit) {
  EXPECT_EQ(LimitThatRefused(absl::InternalError("x")), "");
  EXPECT_EQ(LimitThatRefused(absl::OkStatus()), "");
}

}  // namespace
}  // namespace tidegate::query
