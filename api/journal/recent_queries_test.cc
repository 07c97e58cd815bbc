#include "api/journal/recent_queries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tidegate::api {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

QueryRecord Of(std::string tenant, std::string query, int64_t range_ms = 0) {
  QueryRecord record;
  record.tenant = std::move(tenant);
  record.query = std::move(query);
  record.end = range_ms;
  return record;
}

QueryOutcome Took(absl::Duration duration, int64_t ended_s = 100) {
  QueryOutcome outcome;
  outcome.ended = absl::FromUnixSeconds(ended_s);
  outcome.duration = duration;
  outcome.stats.peak_bytes = 10;
  return outcome;
}

TEST(RecentQueries, AddsUpByTextAndRange) {
  RecentQueries recent;
  recent.Add(Of("a", "up"), Took(absl::Milliseconds(2)));
  recent.Add(Of("a", "up"), Took(absl::Milliseconds(3)));
  recent.Add(Of("a", "up", 60'000), Took(absl::Milliseconds(5)));
  const auto costs = recent.Costs("a", absl::InfinitePast());
  ASSERT_THAT(costs, SizeIs(2));
  EXPECT_EQ(costs[0].query, "up");
  EXPECT_EQ(costs[0].count, 2u);
  EXPECT_EQ(costs[0].duration, absl::Milliseconds(5));
  EXPECT_EQ(costs[0].peak_bytes, 20u);
  EXPECT_EQ(costs[1].range_seconds, 60);
}

TEST(RecentQueries, TenantsAndOldQueriesAreLeftOut) {
  RecentQueries recent;
  recent.Add(Of("a", "up"), Took(absl::Seconds(1), 100));
  EXPECT_THAT(recent.Costs("b", absl::InfinitePast()), IsEmpty());
  EXPECT_THAT(recent.Costs("a", absl::FromUnixSeconds(101)), IsEmpty());
  EXPECT_THAT(recent.Costs("a", absl::FromUnixSeconds(100)), SizeIs(1));
}

TEST(RecentQueries, ShortQueriesDoNotCount) {
  RecentQueries recent;
  recent.Add(Of("a", "up"), Took(absl::Microseconds(999)));
  EXPECT_THAT(recent.Costs("a", absl::InfinitePast()), IsEmpty());
}

TEST(RecentQueries, TheirNumberIsBounded) {
  RecentQueries recent;
  for (size_t i = 0; i < RecentQueries::kMaxQueries + 5; ++i) {
    recent.Add(Of("a", i < 5 ? "old" : "new"), Took(absl::Seconds(1)));
  }
  const auto costs = recent.Costs("a", absl::InfinitePast());
  ASSERT_THAT(costs, SizeIs(1));
  EXPECT_EQ(costs[0].count, RecentQueries::kMaxQueries);
}

TEST(RecentQueries, TheirTextsAreBounded) {
  RecentQueries recent;
  const std::string large(RecentQueries::kMaxTextBytes / 3, 'x');
  for (const char* suffix : {"1", "2", "3", "4"}) {
    recent.Add(Of("a", large + suffix), Took(absl::Seconds(1)));
  }
  EXPECT_THAT(recent.Costs("a", absl::InfinitePast()), SizeIs(2));
}

}  // namespace
}  // namespace tidegate::api
