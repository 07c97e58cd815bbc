#include "api/prometheus/control_endpoints.h"

#include <gtest/gtest.h>

#include "api/testing/api_call.h"

namespace tidegate::api {
namespace {

TEST(Constant, AnswersAsItIs) {
  EXPECT_EQ(ApiCall(ConstantEndpoint("[]")).Body(), R"({"status":"success","data":[]})");
}

}  // namespace
}  // namespace tidegate::api
