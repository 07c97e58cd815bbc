#include "api/prometheus/journal_endpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/api_call.h"
#include "model/metrics/metrics_registry.h"

namespace tidegate::api {
namespace {

using testing::HasSubstr;

class JournalEndpointsTest : public testing::Test {
 protected:
  JournalEndpointsTest() { clock_.SetMs(1'000'000); }

  void Run(std::string query, absl::Duration duration, uint64_t peak_bytes, int64_t range_ms = 0) {
    QueryRecord record;
    record.tenant = "default";
    record.query = std::move(query);
    record.end = range_ms;
    const auto entry = journal_.Begin(record);
    clock_.Advance(duration);
    query::QueryStats stats;
    stats.peak_bytes = peak_bytes;
    entry->Finish(absl::OkStatus(), stats);
  }

  static QueryRecord OfAnother() {
    QueryRecord record;
    record.tenant = "b";
    record.query = "secret";
    return record;
  }

  model::ManualClock clock_;
  model::MetricsRegistry registry_;
  QueryJournal journal_{{}, &clock_, &registry_};
};

TEST_F(JournalEndpointsTest, ActiveQueries) {
  EXPECT_EQ(ApiCall(ActiveQueriesEndpoint(&journal_)).Body(), R"({"status":"ok","data":[]})");
  const auto entry = journal_.Begin({.tenant = "default",
                                     .query = "up",
                                     .start = 1000,
                                     .end = 61'000,
                                     .step_ms = 15'000,
                                     .client_ip = "10.0.0.1",
                                     .method = "GET",
                                     .path = "/api/v1/query_range",
                                     .request_id = "r1"});
  const auto other = journal_.Begin(OfAnother());
  clock_.Advance(absl::Milliseconds(1234));
  EXPECT_EQ(
      ApiCall(ActiveQueriesEndpoint(&journal_)).Body(),
      R"({"status":"ok","data":[{"duration":"1.234s","id":"0000000000000001",)"
      R"("remote_addr":"10.0.0.1","language":"promql","query":"up","start":1000,"end":61000,"step":15000}]})");
}

TEST_F(JournalEndpointsTest, TopQueries) {
  Run("often", absl::Milliseconds(10), 100);
  Run("often", absl::Milliseconds(10), 100);
  Run("slow", absl::Milliseconds(15), 5000, 60'000);
  EXPECT_EQ(
      ApiCall(TopQueriesEndpoint(&journal_)).With("topN", "1").With("maxLifetime", "5m").Body(),
      R"({"topN":"1","maxLifetime":"5m","search.queryStats.lastQueriesCount":20000,)"
      R"("search.queryStats.minQueryDuration":"1ms",)"
      R"("topByCount":[{"language":"promql","query":"often","timeRangeSeconds":0,"count":2}],)"
      R"("topByAvgDuration":[{"language":"promql","query":"slow","timeRangeSeconds":60,"avgDurationSeconds":0.015,)"
      R"("count":1}],)"
      R"("topBySumDuration":[{"language":"promql","query":"often","timeRangeSeconds":0,"sumDurationSeconds":0.02,)"
      R"("count":2}],)"
      R"("topByAvgMemoryUsage":[{"language":"promql","query":"slow","timeRangeSeconds":60,"avgMemoryBytes":5000,)"
      R"("count":1}]})");
}

TEST_F(JournalEndpointsTest, OldQueriesLeaveTheTop) {
  Run("old", absl::Milliseconds(10), 1);
  clock_.Advance(absl::Minutes(11));
  EXPECT_THAT(ApiCall(TopQueriesEndpoint(&journal_)).Body(), HasSubstr(R"("topByCount":[])"));
}

TEST_F(JournalEndpointsTest, ParametersAreChecked) {
  EXPECT_EQ(ApiCall(TopQueriesEndpoint(&journal_)).With("topN", "-1").Get().status, 400);
  EXPECT_EQ(ApiCall(TopQueriesEndpoint(&journal_)).With("maxLifetime", "x").Get().status, 400);
}

}  // namespace
}  // namespace tidegate::api
