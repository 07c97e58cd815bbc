// What every QueryService keeps, asked directly and through a socket.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "query/grpc/query_client.h"
#include "query/grpc/query_rpc.h"
#include "tests/contract/fakes/fake_query_service.h"
#include "tests/contract/loopback.h"
#include "tests/contract/test_tenants.h"

namespace tidegate::contract {
namespace {

using query::QueryResult;

class QueryServiceContractTest : public testing::TestWithParam<Wiring> {
 protected:
  QueryServiceContractTest() {
    if (GetParam() == Wiring::kInProcess) return;
    rpc_ = std::make_unique<query::QueryRpc>(&fake_, loopback_.server_watcher());
    loopback_.Start({rpc_.get()});
    client_ = query::ConnectQueryService(loopback_.channel(), loopback_.client_watcher());
  }
  ~QueryServiceContractTest() override { loopback_.Stop(); }

  query::QueryService& service() { return client_ == nullptr ? fake_ : *client_; }
  QueryResult Answer() {
    auto result = service().Instant(ContextOf("a"), {});
    EXPECT_TRUE(result.ok()) << result.status();
    return *std::move(result);
  }

  FakeQueryService fake_;
  std::unique_ptr<query::QueryRpc> rpc_;
  Loopback loopback_;
  std::unique_ptr<query::QueryService> client_;
};

INSTANTIATE_TEST_SUITE_P(Wirings, QueryServiceContractTest,
                         testing::Values(Wiring::kInProcess, Wiring::kGrpc), WiringName);

TEST_P(QueryServiceContractTest, InstantAndRangeTellTheirParameters) {
  model::RequestContext context = ContextOf("a");
  context.deadline = absl::Now() + absl::Minutes(1);
  ASSERT_TRUE(service().Instant(context, {"up{a=\"é\"}", -5, 7000, 9}).ok());
  AskedQuery asked = fake_.asked();
  EXPECT_EQ(asked.method, "Instant");
  EXPECT_EQ(asked.context.tenant, "a");
  EXPECT_LT(absl::AbsDuration(asked.context.deadline - context.deadline), absl::Milliseconds(100));
  EXPECT_EQ(asked.instant.query, "up{a=\"é\"}");
  EXPECT_EQ(asked.instant.time, -5);
  EXPECT_EQ(asked.instant.lookback_ms, 7000);
  EXPECT_EQ(asked.instant.limit, 9U);
  ASSERT_TRUE(service().Range(context, {"x", -9, 1'767'225'600'000, 15'000, 1, 2}).ok());
  asked = fake_.asked();
  EXPECT_EQ(asked.method, "Range");
  EXPECT_EQ(asked.range.query, "x");
  EXPECT_EQ(asked.range.start, -9);
  EXPECT_EQ(asked.range.end, 1'767'225'600'000);
  EXPECT_EQ(asked.range.step_ms, 15'000);
  EXPECT_EQ(asked.range.lookback_ms, 1);
  EXPECT_EQ(asked.range.limit, 2U);
}

TEST_P(QueryServiceContractTest, AScalarAndWhatBelongsToEveryAnswer) {
  fake_.result.value = query::ScalarResult{{-5, -0.0}};
  fake_.result.warnings = {"PromQL warning: one", "two\n"};
  fake_.result.infos = {"PromQL info: é"};
  fake_.result.stats = {1, 2, 3};
  const QueryResult result = Answer();
  const auto& scalar = std::get<query::ScalarResult>(result.value);
  EXPECT_EQ(scalar.point.timestamp, -5);
  EXPECT_TRUE(model::SameBits(scalar.point.value, -0.0));
  EXPECT_EQ(result.warnings, fake_.result.warnings);
  EXPECT_EQ(result.infos, fake_.result.infos);
  EXPECT_EQ(result.stats.samples_read, 1U);
  EXPECT_EQ(result.stats.series_read, 2U);
  EXPECT_EQ(result.stats.peak_bytes, 3U);
}

TEST_P(QueryServiceContractTest, AStringOfAnyBytes) {
  const std::string bytes("\0\xff text", 7);
  fake_.result.value = query::StringResult{9, bytes};
  const QueryResult result = Answer();
  EXPECT_EQ(std::get<query::StringResult>(result.value).timestamp, 9);
  EXPECT_EQ(std::get<query::StringResult>(result.value).value, bytes);
}

TEST_P(QueryServiceContractTest, AVectorInTheOrderOfTheQuery) {
  auto histogram = std::make_shared<model::FloatHistogram>();
  histogram->schema = 1;
  histogram->count = 2.5;
  histogram->positive_spans = {{0, 2}};
  histogram->positive_buckets = {1, -1.5};
  query::VectorResult vector;
  for (const char* name : {"b", "a", "c"}) {
    vector.series.push_back({model::Labels({{"i", name}}), {{7, model::StaleNan()}}, {}});
  }
  vector.series.push_back({model::Labels(), {}, {{7, histogram}}});
  fake_.result.value = vector;
  const QueryResult result = Answer();
  const auto& got = std::get<query::VectorResult>(result.value).series;
  ASSERT_EQ(got.size(), 4U);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(got[i].labels, vector.series[i].labels);
    ASSERT_EQ(got[i].floats.size(), 1U);
    EXPECT_EQ(got[i].floats[0].timestamp, 7);
    EXPECT_TRUE(model::IsStaleNan(got[i].floats[0].value));
  }
  EXPECT_TRUE(got[3].labels.empty());
  ASSERT_EQ(got[3].histograms.size(), 1U);
  EXPECT_TRUE(model::SameBits(*got[3].histograms[0].histogram, *histogram));
}

TEST_P(QueryServiceContractTest, ALargeMatrix) {
  query::MatrixResult matrix;
  for (int i = 0; i < 3; ++i) {
    query::ResultSeries series{model::Labels({{"i", std::to_string(i)}}), {}, {}};
    const int points = i == 1 ? 1'000'000 : 2;
    for (int k = 0; k < points; ++k) series.floats.push_back({k * 1000, 0.5 * k});
    matrix.series.push_back(std::move(series));
  }
  for (int i = 0; i < 100'000; ++i) {
    matrix.series.push_back({model::Labels({{"n", std::to_string(i)}}), {{i, 1.0 * i}}, {}});
  }
  fake_.result.value = matrix;
  const auto result = service().Range(ContextOf("a"), {});
  ASSERT_TRUE(result.ok()) << result.status();
  const auto& got = std::get<query::MatrixResult>(result->value).series;
  ASSERT_EQ(got.size(), matrix.series.size());
  for (size_t i = 0; i < got.size(); ++i) {
    ASSERT_EQ(got[i].labels, matrix.series[i].labels);
    ASSERT_EQ(got[i].floats.size(), matrix.series[i].floats.size());
    for (size_t k = 0; k < got[i].floats.size(); ++k) {
      ASSERT_EQ(got[i].floats[k].timestamp, matrix.series[i].floats[k].timestamp);
      ASSERT_EQ(got[i].floats[k].value, matrix.series[i].floats[k].value);
    }
  }
}

TEST_P(QueryServiceContractTest, AnEmptyAnswerKeepsItsKind) {
  fake_.result.value = query::MatrixResult();
  EXPECT_TRUE(std::holds_alternative<query::MatrixResult>(Answer().value));
  fake_.result.value = query::VectorResult();
  EXPECT_TRUE(std::holds_alternative<query::VectorResult>(Answer().value));
}

TEST_P(QueryServiceContractTest, LabelCalls) {
  for (int i = 0; i < 50'000; ++i) {
    fake_.strings.values.push_back("value-" + std::to_string(i));
    fake_.labels.series.push_back(model::Labels({{"i", std::to_string(i)}}));
  }
  const query::MetadataRequest request{{"up", "{a=\"b\"}"}, {-1, 5}, 50'001};
  for (const bool truncated : {false, true}) {
    fake_.strings.truncated = truncated;
    fake_.labels.truncated = truncated;
    const auto values = service().LabelValues(ContextOf("a"), "job", request);
    ASSERT_TRUE(values.ok()) << values.status();
    EXPECT_EQ(values->values, fake_.strings.values);
    EXPECT_EQ(values->truncated, truncated);
    const AskedQuery asked = fake_.asked();
    EXPECT_EQ(asked.query, "job");
    EXPECT_EQ(asked.metadata.matches, request.matches);
    EXPECT_EQ(asked.metadata.range, request.range);
    EXPECT_EQ(asked.metadata.limit, request.limit);
    const auto names = service().LabelNames(ContextOf("a"), request);
    ASSERT_TRUE(names.ok());
    EXPECT_EQ(names->values, fake_.strings.values);
    const auto series = service().Series(ContextOf("a"), request);
    ASSERT_TRUE(series.ok());
    EXPECT_EQ(series->series, fake_.labels.series);
    EXPECT_EQ(series->truncated, truncated);
  }
}

TEST_P(QueryServiceContractTest, Exemplars) {
  for (int s = 0; s < 3; ++s) {
    storage::SelectedExemplars series{model::Labels({{"s", std::to_string(s)}}), {}};
    for (int i = 0; i < (s == 1 ? 50'000 : s); ++i) {
      series.exemplars.push_back({model::Labels({{"trace", std::to_string(i)}}), 0.5 * i, i});
    }
    fake_.exemplars.push_back(std::move(series));
  }
  const auto got = service().Exemplars(ContextOf("a"), "up", {3, 4});
  ASSERT_TRUE(got.ok()) << got.status();
  ASSERT_EQ(got->size(), 3U);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ((*got)[i].labels, fake_.exemplars[i].labels);
    EXPECT_EQ((*got)[i].exemplars, fake_.exemplars[i].exemplars);
  }
  EXPECT_EQ(fake_.asked().query, "up");
  EXPECT_EQ(fake_.asked().time, (model::TimeRange{3, 4}));
}

TEST_P(QueryServiceContractTest, QueriesAsText) {
  EXPECT_EQ(*service().FormatQuery(ContextOf("a"), "a+b"), "pretty a+b");
  EXPECT_EQ(*service().ParseQuery(ContextOf("a"), "a+b"), "{\"of\":\"a+b\"}");
}

TEST_P(QueryServiceContractTest, ErrorsComeThroughUnchanged) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kInvalidArgument, absl::StatusCode::kFailedPrecondition,
        absl::StatusCode::kResourceExhausted, absl::StatusCode::kDeadlineExceeded,
        absl::StatusCode::kDataLoss, absl::StatusCode::kInternal}) {
    const absl::Status error(code, "1:3: parse error: unexpected \"é\"\n");
    fake_.Fail(error);
    const model::RequestContext context = ContextOf("a");
    EXPECT_EQ(service().Instant(context, {}).status(), error);
    EXPECT_EQ(service().Range(context, {}).status(), error);
    EXPECT_EQ(service().Series(context, {}).status(), error);
    EXPECT_EQ(service().LabelNames(context, {}).status(), error);
    EXPECT_EQ(service().LabelValues(context, "a", {}).status(), error);
    EXPECT_EQ(service().Exemplars(context, "a", {}).status(), error);
    EXPECT_EQ(service().FormatQuery(context, "a").status(), error);
    EXPECT_EQ(service().ParseQuery(context, "a").status(), error);
  }
}

TEST_P(QueryServiceContractTest, CancellationReachesTheEngine) {
  fake_.Hang();
  const model::RequestContext context = ContextOf("a");
  absl::Status status;
  std::thread asking([&] { status = service().Range(context, {}).status(); });
  ASSERT_TRUE(fake_.AwaitHang());
  const absl::Time cancelled = absl::Now();
  context.Cancel();
  EXPECT_TRUE(absl::IsCancelled(fake_.AwaitEnd()));
  EXPECT_LT(absl::Now() - cancelled, absl::Seconds(1));
  asking.join();
  EXPECT_EQ(status, context.Check());
}

TEST_P(QueryServiceContractTest, TheDeadlineEndsTheQuery) {
  fake_.Hang();
  model::RequestContext context = ContextOf("a");
  context.deadline = absl::Now() + absl::Milliseconds(150);
  EXPECT_TRUE(absl::IsDeadlineExceeded(service().Instant(context, {}).status()));
  EXPECT_FALSE(fake_.AwaitEnd().ok());
}

class RemoteQueryServiceTest : public QueryServiceContractTest {};
INSTANTIATE_TEST_SUITE_P(Wirings, RemoteQueryServiceTest, testing::Values(Wiring::kGrpc),
                         WiringName);

TEST_P(RemoteQueryServiceTest, AnAbsentQuerierIsNamedAndFoundAgain) {
  ASSERT_TRUE(service().Instant(ContextOf("a"), {}).ok());
  loopback_.Stop();
  const absl::Status away = service().Instant(ContextOf("a"), {}).status();
  EXPECT_TRUE(absl::IsUnavailable(away)) << away;
  EXPECT_EQ(std::string(away.message()).substr(0, 9), "querier: ");
  loopback_.Restart();
  const absl::Time start = absl::Now();
  while (!service().Instant(ContextOf("a"), {}).ok()) {
    ASSERT_LT(absl::Now() - start, absl::Seconds(10));
    absl::SleepFor(absl::Milliseconds(20));
  }
}

TEST_P(RemoteQueryServiceTest, AQuerierThatStopsMidQueryIsUnavailable) {
  fake_.Hang();
  absl::Status status;
  std::thread asking([&] { status = service().Range(ContextOf("a"), {}).status(); });
  ASSERT_TRUE(fake_.AwaitHang());
  loopback_.Stop();
  asking.join();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
}

}  // namespace
}  // namespace tidegate::contract
