#include "api/journal/query_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tidegate::api {
namespace {

using testing::HasSubstr;

TEST(QueryLogLine, HasPrometheusFields) {
  const QueryRecord record{.tenant = "team-a",
                           .query = "up == \"0\"",
                           .start = 1'581'170'390'368,
                           .end = 1'581'173'990'368,
                           .step_ms = 5000,
                           .client_ip = "127.0.0.1",
                           .method = "POST",
                           .path = "/api/v1/query_range",
                           .request_id = "id-7"};
  QueryOutcome outcome{.ended = absl::FromUnixMillis(1'581'173'990'387),
                       .duration = absl::Milliseconds(19),
                       .status = absl::OkStatus(),
                       .stats = {},
                       .log_stats = {}};
  outcome.stats.samples_read = 7;
  outcome.stats.queue_seconds = 0.25;
  EXPECT_EQ(
      QueryLogLine(record, outcome),
      R"({"time":"2020-02-08T14:59:50.387Z","level":"INFO","msg":"promql query logged","params":{)"
      R"("end":"2020-02-08T14:59:50.368Z","query":"up == \"0\"","start":"2020-02-08T13:59:50.368Z",)"
      R"("step":5},"stats":{"timings":{"evalTotalTime":0,"resultSortTime":0,)"
      R"("queryPreparationTime":0,"innerEvalTime":0,"execQueueTime":0.25,"execTotalTime":0.25},)"
      R"("samples":{"totalQueryableSamples":7,"samplesRead":7,"peakSamples":0,"seriesRead":0,)"
      R"("peakBytes":0}},"httpRequest":{"clientIP":"127.0.0.1","method":"POST",)"
      R"("path":"/api/v1/query_range"},"tenant":"team-a","request_id":"id-7"})"
      "\n");
}

TEST(QueryLogLine, OfLogQlHasItsOwnCosts) {
  QueryRecord record;
  record.language = QueryLanguage::kLogQl;
  record.query = "{app=\"a\"}";
  QueryOutcome outcome;
  outcome.log_stats.lines_processed = 100;
  outcome.log_stats.bytes_processed = 2000;
  outcome.log_stats.lines_after_filter = 10;
  outcome.log_stats.entries_returned = 5;
  outcome.log_stats.exec_seconds = 0.5;
  outcome.log_stats.queue_seconds = 0.25;
  const std::string line = QueryLogLine(record, outcome);
  EXPECT_THAT(line, HasSubstr(R"("msg":"logql query logged")"));
  EXPECT_THAT(line, HasSubstr(R"("stats":{"timings":{"execQueueTime":0.25,"execTotalTime":0.75},)"
                              R"("totalLinesProcessed":100,"totalBytesProcessed":2000,)"
                              R"("totalPostFilterLines":10,"totalEntriesReturned":5})"));
}

TEST(QueryLogLine, FailedQueriesHaveTheirError) {
  QueryOutcome outcome;
  outcome.status = absl::ResourceExhaustedError("too much");
  EXPECT_THAT(QueryLogLine({}, outcome), HasSubstr(R"(,"error":"too much",)"));
}

}  // namespace
}  // namespace tidegate::api
