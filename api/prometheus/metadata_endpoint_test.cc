#include "api/prometheus/metadata_endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/api_call.h"

namespace tidegate::api {
namespace {

using testing::HasSubstr;

// Two families, one of them described twice.
absl::StatusOr<std::vector<model::MetricMetadata>> Source(const model::RequestContext&,
                                                          const std::string& family) {
  std::vector<model::MetricMetadata> all;
  const auto add = [&](const std::string& name, model::MetricType type, const std::string& help) {
    if (family.empty() || family == name) all.push_back({name, type, help, "seconds"});
  };
  add("up", model::MetricType::kGauge, "Is it?");
  add("requests", model::MetricType::kCounter, "One");
  add("requests", model::MetricType::kCounter, "Two");
  add("requests", model::MetricType::kCounter, "Two");
  return all;
}

ApiCall Metadata() { return ApiCall(MetadataEndpoint(Source)); }

TEST(MetadataEndpoint, FamiliesSortedAndWithoutRepetition) {
  EXPECT_EQ(Metadata().Body(), R"({"status":"success","data":{"requests":[)"
                               R"({"type":"counter","help":"One","unit":"seconds"},)"
                               R"({"type":"counter","help":"Two","unit":"seconds"}],)"
                               R"("up":[{"type":"gauge","help":"Is it?","unit":"seconds"}]}})");
}

TEST(MetadataEndpoint, OneMetric) {
  EXPECT_EQ(
      Metadata().With("metric", "up").Body(),
      R"({"status":"success","data":{"up":[{"type":"gauge","help":"Is it?","unit":"seconds"}]}})");
  EXPECT_EQ(Metadata().With("metric", "none").Body(), R"({"status":"success","data":{}})");
}

TEST(MetadataEndpoint, Limits) {
  const std::string body = Metadata().With("limit", "1").With("limit_per_metric", "1").Body();
  EXPECT_EQ(body, R"({"status":"success","data":{"requests":[)"
                  R"({"type":"counter","help":"One","unit":"seconds"}]}})");
  EXPECT_EQ(Metadata().With("limit", "0").Body(), Metadata().Body());
  EXPECT_EQ(Metadata().With("limit", "-1").Body(), Metadata().Body());
}

TEST(MetadataEndpoint, LimitsAreNumbers) {
  EXPECT_THAT(Metadata().With("limit", "x").Body(), HasSubstr("limit must be a number"));
  EXPECT_THAT(Metadata().With("limit_per_metric", "x").Body(),
              HasSubstr("limit_per_metric must be a number"));
}

TEST(MetadataEndpoint, ErrorsOfTheSource) {
  const auto failing =
      [](const model::RequestContext&,
         const std::string&) -> absl::StatusOr<std::vector<model::MetricMetadata>> {
    return absl::UnavailableError("the store is away");
  };
  EXPECT_EQ(ApiCall(MetadataEndpoint(failing)).Get().status, 503);
}

}  // namespace
}  // namespace tidegate::api
