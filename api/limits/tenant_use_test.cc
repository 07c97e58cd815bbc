#include "api/limits/tenant_use.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/counter.h>
#include <prometheus/registry.h>

namespace tidegate::api {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(TenantUse, WhatCannotBeAskedIsLeftOut) {
  const TenantUse use = UseOf({}, {});
  EXPECT_THAT(use.used, IsEmpty());
  EXPECT_THAT(use.rejected, IsEmpty());
}

TEST(TenantUse, RejectionsAreTheTenantsOwn) {
  prometheus::Registry metrics;
  const auto count = [&metrics](const char* family, const char* tenant, const char* reason, int n) {
    prometheus::BuildCounter()
        .Name(family)
        .Help("h")
        .Register(metrics)
        .Add({{"tenant", tenant}, {"reason", reason}})
        .Increment(n);
  };
  count("tidegate_query_rejected_total", "a", "max_query_samples", 2);
  count("tidegate_query_rejected_total", "a", "max_query_bytes", 0);
  count("tidegate_query_rejected_total", "b", "max_query_samples", 5);
  count("tidegate_control_rejected_total", "a", "max_scrape_jobs", 1);
  count("another_total", "a", "x", 1);
  TenantUseSources sources;
  sources.metrics = &metrics;
  sources.metadata = [](const model::RequestContext&, const std::string&) {
    return std::vector<model::MetricMetadata>(2);
  };
  model::RequestContext context;
  context.tenant = "a";
  const TenantUse use = UseOf(sources, context);
  EXPECT_THAT(use.rejected, ElementsAre(Pair("max_query_samples", 2), Pair("max_scrape_jobs", 1)));
  EXPECT_THAT(use.used, ElementsAre(Pair("max_global_metadata_per_user", 2)));
}

TEST(TenantUse, ReasonsBelongToLimits) {
  EXPECT_EQ(LimitOfReason("series_limit"), "max_series");
  EXPECT_EQ(LimitOfReason("max_query_samples"), "max_query_samples");
  EXPECT_EQ(LimitOfReason("duplicate_timestamp"), "");
}

}  // namespace
}  // namespace tidegate::api
