#include "query/logql/engine/engine.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/testing/empty_source.h"

namespace tidegate::logql {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

// Streams {app="a"} and {app="b"} with one line a second, 1 s to 10 s: "v=<second>".
class FakeSource final : public storage::EmptyLogSource {
 public:
  int asked = 0;

  absl::Status SelectLogs(const model::RequestContext&, const storage::LogSelection& selection,
                          storage::Sink<storage::LogBatch>& sink) override {
    ++asked;
    for (const char* app : {"a", "b"}) {
      storage::LogBatch batch;
      batch.stream = std::make_shared<model::Labels>(
          model::Labels{{"app", app}, {"pod", std::string(app) + "1"}});
      if (!selection.matchers.front().Matches(batch.stream->Get("app"))) continue;
      auto lines = std::make_shared<std::vector<std::string>>();
      for (int i = 1; i <= 10; ++i) lines->push_back("v=" + std::to_string(i));
      for (int i = 1; i <= 10; ++i) {
        const int64_t time = i * kSecond;
        if (time < selection.range.begin || time >= selection.range.end) continue;
        batch.timestamps.push_back(time);
        if (selection.lines != storage::LineColumn::kNone) {
          const size_t size = (*lines)[static_cast<size_t>(i - 1)].size();
          batch.line_sizes.push_back(static_cast<uint32_t>(size));
        }
        if (selection.lines == storage::LineColumn::kLines) {
          batch.lines.emplace_back((*lines)[static_cast<size_t>(i - 1)]);
        }
      }
      batch.memory = lines;
      if (absl::Status status = sink.Add(std::move(batch)); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
};

// {labels} value value ...; of an instant query at 10 s.
std::string At10(const std::string& text) {
  FakeSource source;
  query::LogInstantRequest request;
  request.query = text;
  request.time = 10 * kSecond;
  const auto result = RunInstantQuery({}, request, source, {});
  if (!result.ok()) return std::string(result.status().message());
  if (const auto* scalar = std::get_if<query::ScalarResult>(&result->value)) {
    return std::to_string(static_cast<int>(scalar->point.value));
  }
  std::string out;
  for (const query::ResultSeries& one : std::get<query::VectorResult>(result->value).series) {
    out += model::ToString(one.labels) + " " +
           std::to_string(one.floats.front().value).substr(0, 5) + "; ";
  }
  return out;
}

TEST(RunInstantQuery, WindowsAreOpenBelowAndClosedAbove) {
  EXPECT_EQ(At10(R"(count_over_time({app="a"}[5s]))"), R"({app="a", pod="a1"} 5.000; )");
  EXPECT_EQ(At10(R"(count_over_time({app="a"}[5s] offset 8s))"), R"({app="a", pod="a1"} 2.000; )");
  EXPECT_EQ(At10(R"(count_over_time({app="a"}[5s] offset 1h))"), "");
  EXPECT_EQ(At10(R"(absent_over_time({app="a"}[5s] offset 1h))"), R"({app="a"} 1.000; )");
}

TEST(RunInstantQuery, ParsesOnlyWhatIsNeeded) {
  // "v=1" is no JSON, which nobody notices who needs nothing of it.
  EXPECT_EQ(At10(R"(sum(count_over_time({app="a"} | json [10s])))"), "{} 10.00; ");
  EXPECT_EQ(At10(R"(sum by (app) (count_over_time({app="a"} | json [10s])))").substr(0, 31),
            "pipeline error: 'JSONParserErr'");
  EXPECT_EQ(At10(R"(count_over_time({app="a"} | json [10s]))").substr(0, 31),
            "pipeline error: 'JSONParserErr'");
  // Once logfmt has found what is wanted, json has nothing to look for.
  EXPECT_EQ(At10(R"(sum by (v) (count_over_time({app="a"} | logfmt | json | v = "3" [10s])))"),
            "{v=\"3\"} 1.000; ");
  // A format that nobody reads cannot fail.
  EXPECT_EQ(At10(R"(sum(count_over_time({app="a"} | line_format "{{div 1 0}}" [10s])))"),
            "{} 10.00; ");
}

TEST(RunRangeQuery, ALimitedQueryStopsWhenItHasEnough) {
  for (const auto direction : {query::LogDirection::kForward, query::LogDirection::kBackward}) {
    FakeSource source;
    query::LogRangeRequest request;
    request.query = R"({app="a"} | logfmt)";
    request.start = 0;
    request.end = 100'000 * kSecond;
    request.limit = 2;
    request.direction = direction;
    const auto result = RunRangeQuery({}, request, source, {});
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->stats.entries_returned, 2U);
    const bool forward = direction == query::LogDirection::kForward;
    EXPECT_EQ(source.asked, forward ? 1 : 3);
    const auto& streams = std::get<query::StreamsResult>(result->value).streams;
    EXPECT_EQ(streams.size(), 2U);  // v tells them apart.
  }
}

TEST(RunInstantQuery, LimitsOfTheTenant) {
  FakeSource source;
  query::LogInstantRequest request;
  request.query = R"(count_over_time({app=~".+"}[10s]))";
  request.time = 10 * kSecond;
  EngineOptions options;
  options.query_limits.max_series = 2;
  EXPECT_TRUE(RunInstantQuery({}, request, source, options).ok());
  options.query_limits.max_series = 1;
  EXPECT_EQ(RunInstantQuery({}, request, source, options).status().code(),
            absl::StatusCode::kInvalidArgument);
  request.partial_series = true;
  const auto partial = RunInstantQuery({}, request, source, options);
  ASSERT_TRUE(partial.ok()) << partial.status();
  EXPECT_EQ(std::get<query::VectorResult>(partial->value).series.size(), 1u);
  EXPECT_EQ(partial->warnings,
            std::vector<std::string>{"maximum number of series (1) reached for a single query; "
                                     "returning partial results"});
  request.partial_series = false;
  request.query = R"(sum(count_over_time({app=~".+"}[10s])))";
  EXPECT_TRUE(RunInstantQuery({}, request, source, options).ok());
  options.query_limits.max_range_ns = kSecond;
  EXPECT_EQ(RunInstantQuery({}, request, source, options).status().message(),
            "[interval] value exceeds limit: [10s] > [1s]");
}

TEST(RunInstantQuery, ErrorsThatAreAskedForAreData) {
  EXPECT_EQ(At10(R"(sum by (__error__) (count_over_time({app="a"} | json | __error__!="" [10s])))"),
            "{__error__=\"JSONParserErr\"} 10.00; ");
  EXPECT_EQ(At10(R"(sum(count_over_time({app="a"} | json | __error__="" [10s])))"), "");
}

TEST(RunInstantQuery, AggregatesWindows) {
  const std::string unwrap = R"(({app="a"} | logfmt | unwrap v [4s]))";  // 7 8 9 10
  EXPECT_EQ(At10("sum(sum_over_time" + unwrap + ")"), "{} 34.00; ");
  EXPECT_EQ(At10("sum(avg_over_time" + unwrap + ")"), "{} 8.500; ");
  EXPECT_EQ(At10("sum(min_over_time" + unwrap + ")"), "{} 7.000; ");
  EXPECT_EQ(At10("sum(max_over_time" + unwrap + ")"), "{} 10.00; ");
  EXPECT_EQ(At10("sum(stdvar_over_time" + unwrap + ")"), "{} 1.250; ");
  EXPECT_EQ(At10("sum(first_over_time" + unwrap + ")"), "{} 7.000; ");
  EXPECT_EQ(At10("sum(last_over_time" + unwrap + ")"), "{} 10.00; ");
  EXPECT_EQ(At10("sum(rate" + unwrap + ")"), "{} 8.500; ");
  EXPECT_EQ(At10(R"(sum(quantile_over_time(0.5, {app="a"} | logfmt | unwrap v [4s])))"),
            "{} 8.500; ");
  EXPECT_EQ(At10("sum(rate_counter" + unwrap + ")"), "{} 1.000; ");
  EXPECT_EQ(At10(R"(sum(bytes_over_time({app="a"}[2s])))"), "{} 7.000; ");  // v=9 v=10
  EXPECT_EQ(At10(R"(sum(rate({app="a"}[2s])))"), "{} 1.000; ");
}

TEST(RunInstantQuery, GroupsAndChooses) {
  EXPECT_EQ(At10(R"(sum by (app) (count_over_time({app=~"a|b"}[3s])))"),
            R"({app="a"} 3.000; {app="b"} 3.000; )");
  EXPECT_EQ(At10(R"(sum without (pod) (count_over_time({app=~"a|b"}[3s])))"),
            R"({app="a"} 3.000; {app="b"} 3.000; )");
  EXPECT_EQ(At10(R"(count(count_over_time({app=~"a|b"}[3s])))"), "{} 2.000; ");
  EXPECT_EQ(
      At10(R"(topk(1, max_over_time({app=~"a|b"} | logfmt | v < 10 | unwrap v [9s]) by (app)))"),
      R"({app="a"} 9.000; )");
}

TEST(RunInstantQuery, Combines) {
  EXPECT_EQ(At10("1 + 2 * 3"), "7");
  EXPECT_EQ(At10("0x1.8p3"), "12");
  EXPECT_EQ(At10(R"(sum(rate({app="a"}[2s])) * 3)"), "{} 3.000; ");
  EXPECT_EQ(At10(R"(10 / sum(count_over_time({app="a"}[4s])))"), "{} 2.500; ");
  EXPECT_EQ(At10(R"(sum(rate({app="a"}[2s])) > 2)"), "");
  EXPECT_EQ(At10(R"(sum(rate({app="a"}[2s])) > bool 2)"), "{} 0.000; ");
  EXPECT_EQ(
      At10(
          R"(sum by (app) (rate({app=~"a|b"}[2s])) / on (app) sum by (app) (count_over_time({app="a"}[4s])))"),
      R"({app="a"} 0.250; )");
  EXPECT_EQ(At10(R"(sum(rate({app="c"}[2s])) or vector(5))"), "{} 5.000; ");
  EXPECT_EQ(
      At10(R"q(label_replace(sum by (app) (rate({app="a"}[2s])), "b", "<$1>", "app", "(.*)"))q"),
      R"({app="a", b="<a>"} 1.000; )");
}

TEST(RunInstantQuery, SaysWhatIsWrong) {
  EXPECT_NE(At10(R"({app="a"})").find("log queries are not supported"), std::string::npos);
  EXPECT_NE(
      At10(R"(count_over_time({app="a"} | json [2s]))").find("pipeline error: 'JSONParserErr'"),
      std::string::npos);
  EXPECT_EQ(At10(R"(sum(count_over_time({app="a"} | json | __error__="" [2s])))"), "");
}

TEST(RunRangeQuery, GivesAMatrix) {
  FakeSource source;
  query::LogRangeRequest request;
  request.query = R"(sum(count_over_time({app="a"}[2s])))";
  request.start = 0;
  request.end = 4 * kSecond;
  request.step_ns = kSecond;
  const auto result = RunRangeQuery({}, request, source, {});
  ASSERT_TRUE(result.ok()) << result.status();
  const auto& series = std::get<query::MatrixResult>(result->value).series;
  ASSERT_EQ(series.size(), 1U);
  ASSERT_EQ(series[0].floats.size(), 4U);  // Nothing at 0 s.
  EXPECT_EQ(series[0].floats[0].timestamp, 1000);
  EXPECT_EQ(series[0].floats[0].value, 1);
  EXPECT_EQ(series[0].floats[3].value, 2);
}

TEST(RunRangeQuery, KeepsTheFirstEntriesOfALogQuery) {
  FakeSource source;
  query::LogRangeRequest request;
  request.query = R"({app=~"a|b"} | logfmt | v > 3)";
  request.start = 0;
  request.end = 10 * kSecond;  // Exclusive.
  request.limit = 3;
  const auto result = RunRangeQuery({}, request, source, {});
  ASSERT_TRUE(result.ok()) << result.status();
  size_t entries = 0;
  for (const auto& stream : std::get<query::StreamsResult>(result->value).streams) {
    for (const auto& entry : stream.entries) {
      ++entries;
      EXPECT_GE(entry.timestamp, 8 * kSecond);
      EXPECT_LT(entry.timestamp, 10 * kSecond);
    }
  }
  EXPECT_EQ(entries, 3U);
}

}  // namespace
}  // namespace tidegate::logql
