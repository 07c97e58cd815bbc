#include "api/journal/query_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace tidegate::api {
namespace {

using testing::HasSubstr;

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// A path of its own for each test.
std::string Path() {
  const std::string path =
      testing::TempDir() + testing::UnitTest::GetInstance()->current_test_info()->name();
  std::filesystem::remove(path);
  std::filesystem::remove(path + ".1");
  return path;
}

TEST(QueryLogLine, HasPrometheusFields) {
  const QueryRecord record{.tenant = "team-a",
                           .query = "up == \"0\"",
                           .start = 1'581'170'390'368,
                           .end = 1'581'173'990'368,
                           .step_ms = 5000,
                           .client_ip = "127.0.0.1",
                           .method = "POST",
                           .path = "/api/v1/query_range"};
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
      R"("path":"/api/v1/query_range"},"tenant":"team-a"})"
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

TEST(QueryLog, AppendsToWhatIsThere) {
  const std::string path = Path();
  for (const char* line : {"a\n", "b\n"}) {
    QueryLog log(path, 100);
    EXPECT_TRUE(log.Append(line).ok());
  }
  EXPECT_EQ(Contents(path), "a\nb\n");
}

TEST(QueryLog, IsBounded) {
  const std::string path = Path();
  QueryLog log(path, 10);
  for (const char* line : {"1111\n", "2222\n", "3333\n", "4444\n", "5555\n"}) {
    ASSERT_TRUE(log.Append(line).ok());
  }
  EXPECT_EQ(Contents(path), "5555\n");
  EXPECT_EQ(Contents(path + ".1"), "3333\n4444\n");
}

TEST(QueryLog, ALineBeyondTheBoundHasAFileOfItsOwn) {
  const std::string path = Path();
  QueryLog log(path, 4);
  ASSERT_TRUE(log.Append("123456\n").ok());
  ASSERT_TRUE(log.Append("7\n").ok());
  EXPECT_EQ(Contents(path), "7\n");
  EXPECT_EQ(Contents(path + ".1"), "123456\n");
}

TEST(QueryLog, ReopeningFollowsTheName) {
  const std::string path = Path();
  QueryLog log(path, 100);
  ASSERT_TRUE(log.Reopen().ok());
  ASSERT_TRUE(log.Append("before\n").ok());
  std::filesystem::rename(path, path + ".1");
  ASSERT_TRUE(log.Append("still there\n").ok());
  ASSERT_TRUE(log.Reopen().ok());
  ASSERT_TRUE(log.Append("after\n").ok());
  EXPECT_EQ(Contents(path + ".1"), "before\nstill there\n");
  EXPECT_EQ(Contents(path), "after\n");
}

TEST(QueryLog, SaysWhatIsInTheWay) {
  QueryLog log("/nonexistent/query.log", 100);
  EXPECT_THAT(std::string(log.Reopen().message()), HasSubstr("/nonexistent/query.log: "));
  EXPECT_TRUE(absl::IsUnavailable(log.Append("a\n")));
}

TEST(QueryLog, AFullDiskIsAnError) {
  QueryLog log("/dev/full", 100);
  EXPECT_TRUE(absl::IsUnavailable(log.Append("a\n")));
}

}  // namespace
}  // namespace tidegate::api
