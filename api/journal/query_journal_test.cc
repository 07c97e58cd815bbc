#include "api/journal/query_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "model/metrics/metrics_registry.h"

namespace tidegate::api {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class QueryJournalTest : public testing::Test {
 protected:
  QueryJournalTest() { clock_.SetMs(1'000'000); }

  static QueryRecord Of(std::string tenant, std::string query) {
    QueryRecord record;
    record.tenant = std::move(tenant);
    record.query = std::move(query);
    return record;
  }
  std::string Metrics() { return prometheus::TextSerializer().Serialize(registry_.Collect()); }

  model::ManualClock clock_;
  model::MetricsRegistry registry_;
};

TEST_F(QueryJournalTest, AQueryIsActiveUntilItIsFinished) {
  QueryJournal journal({}, &clock_, &registry_);
  const auto first = journal.Begin(Of("a", "up"));
  clock_.Advance(absl::Seconds(2));
  const auto second = journal.Begin(Of("a", "down"));
  auto active = journal.Active("a");
  ASSERT_THAT(active, SizeIs(2));
  EXPECT_EQ(active[0].record.query, "up");
  EXPECT_EQ(active[0].duration, absl::Seconds(2));
  EXPECT_NE(active[0].id, active[1].id);
  EXPECT_THAT(journal.Active("b"), IsEmpty());
  first->Finish(absl::OkStatus(), {});
  EXPECT_THAT(journal.Active("a"), SizeIs(1));
  EXPECT_EQ(journal.Costs("a", absl::Minutes(1))[0].duration, absl::Seconds(2));
  EXPECT_THAT(
      Metrics(),
      HasSubstr(R"(tidegate_query_requests_total{language="promql",result="ok",tenant="a"} 1)"));
}

TEST_F(QueryJournalTest, LogQlIsToldApart) {
  QueryJournal journal({}, &clock_, &registry_);
  QueryRecord record = Of("a", "{app=\"x\"}");
  record.language = QueryLanguage::kLogQl;
  const auto entry = journal.Begin(record);
  EXPECT_EQ(journal.Active("a")[0].record.language, QueryLanguage::kLogQl);
  clock_.Advance(absl::Seconds(1));
  entry->FinishLogQuery(absl::OkStatus(), {});
  const auto costs = journal.Costs("a", absl::Minutes(1));
  ASSERT_THAT(costs, SizeIs(1));
  EXPECT_EQ(costs[0].language, QueryLanguage::kLogQl);
  EXPECT_EQ(costs[0].duration, absl::Seconds(1));
  EXPECT_THAT(Metrics(), HasSubstr(R"({language="logql",result="ok",tenant="a"} 1)"));
  EXPECT_THAT(Metrics(), HasSubstr(R"(tidegate_query_duration_seconds_count{language="logql"} 1)"));
}

TEST_F(QueryJournalTest, AQueryThatNobodyFinishesIsOver) {
  QueryJournal journal({}, &clock_, &registry_);
  journal.Begin(Of("a", "up"));
  EXPECT_THAT(journal.Active("a"), IsEmpty());
  EXPECT_THAT(Metrics(), HasSubstr(R"(result="canceled",tenant="a"} 1)"));
}

TEST_F(QueryJournalTest, TheLogHasWhatRanAndWhatFailedButNotWhatDoesNotParse) {
  const std::string path = testing::TempDir() + "journal";
  std::filesystem::remove(path);
  QueryJournal journal({.log_file = path}, &clock_, &registry_);
  ASSERT_TRUE(journal.ReopenLog().ok());
  journal.Begin(Of("a", "good"))->Finish(absl::OkStatus(), {});
  journal.Begin(Of("b", "large"))->Finish(absl::ResourceExhaustedError("too much"), {});
  journal.Begin(Of("a", "bad{"))->Finish(absl::InvalidArgumentError("parse error"), {});
  std::ifstream file(path);
  const std::string lines(std::istreambuf_iterator<char>(file), {});
  EXPECT_THAT(lines, HasSubstr(R"("query":"good")"));
  EXPECT_THAT(lines, HasSubstr(R"("error":"too much")"));
  EXPECT_THAT(lines, Not(HasSubstr("bad{")));
  EXPECT_THAT(Metrics(), HasSubstr(R"(result="bad_data",tenant="a"} 1)"));
}

TEST_F(QueryJournalTest, LinesThatCannotBeWrittenAreCountedAndHurtNoQuery) {
  QueryJournal journal({.log_file = "/dev/full"}, &clock_, &registry_);
  journal.Begin(Of("a", "good"))->Finish(absl::OkStatus(), {});
  EXPECT_THAT(Metrics(), HasSubstr("tidegate_query_log_failures_total 1"));
}

}  // namespace
}  // namespace tidegate::api
