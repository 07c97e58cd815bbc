// What every LogQueryService keeps, asked directly and through a socket.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/testing/fake_log_query_service.h"
#include "query/grpc/log_query_client.h"
#include "query/grpc/log_query_rpc.h"
#include "tests/contract/loopback.h"
#include "tests/contract/test_tenants.h"

namespace tidegate::contract {
namespace {

class LogQueryServiceContractTest : public testing::TestWithParam<Wiring> {
 protected:
  LogQueryServiceContractTest() {
    if (GetParam() == Wiring::kInProcess) return;
    rpc_ = std::make_unique<query::LogQueryRpc>(&fake_, loopback_.server_watcher());
    loopback_.Start({rpc_.get()});
    client_ = query::ConnectLogQueryService(loopback_.channel(), loopback_.client_watcher());
  }
  ~LogQueryServiceContractTest() override { loopback_.Stop(); }

  query::LogQueryService& service() { return client_ == nullptr ? fake_ : *client_; }

  api::FakeLogQueryService fake_;
  std::unique_ptr<query::LogQueryRpc> rpc_;
  Loopback loopback_;
  std::unique_ptr<query::LogQueryService> client_;
};

INSTANTIATE_TEST_SUITE_P(Wirings, LogQueryServiceContractTest,
                         testing::Values(Wiring::kInProcess, Wiring::kGrpc), WiringName);

TEST_P(LogQueryServiceContractTest, QueriesTellTheirParameters) {
  fake_.result.value = query::StreamsResult();
  ASSERT_TRUE(
      service().Instant(ContextOf("a"), {"q\xff", -5, 9, query::LogDirection::kForward}).ok());
  EXPECT_EQ(fake_.tenant, "a");
  EXPECT_EQ(fake_.instant.query, "q\xff");
  EXPECT_EQ(fake_.instant.time, -5);
  EXPECT_EQ(fake_.instant.limit, 9u);
  EXPECT_EQ(fake_.instant.direction, query::LogDirection::kForward);
  const query::LogRangeRequest range = {"q", -9, 77, 15, 16, 17, query::LogDirection::kBackward,
                                        true};
  ASSERT_TRUE(service().Range(ContextOf("a"), range).ok());
  EXPECT_EQ(fake_.range.start, -9);
  EXPECT_EQ(fake_.range.end, 77);
  EXPECT_EQ(fake_.range.step_ns, 15);
  EXPECT_EQ(fake_.range.interval_ns, 16);
  EXPECT_EQ(fake_.range.limit, 17u);
  EXPECT_TRUE(fake_.range.partial_series);
  EXPECT_FALSE(fake_.instant.partial_series);
  EXPECT_EQ(fake_.range.direction, query::LogDirection::kBackward);
}

TEST_P(LogQueryServiceContractTest, StreamsOfAnySizeArriveWhole) {
  query::StreamsResult streams;
  for (int s = 0; s < 3; ++s) {
    query::LogStream& stream = streams.streams.emplace_back();
    stream.labels = model::Labels{{"app", std::to_string(s)}, {"x", "y"}};
    stream.stream_labels = model::Labels{{"app", std::to_string(s)}};
    for (int i = 0; i < 2000; ++i) {
      stream.entries.push_back({i, std::string(700, 'x') + std::to_string(i) + "\xff",
                                model::Labels{{"m", "1"}}, model::Labels{{"p", "2"}}});
    }
  }
  fake_.result.value = streams;
  fake_.result.warnings = {"careful"};
  fake_.result.stats.lines_processed = 7;
  fake_.result.stats.exec_seconds = 0.25;
  const auto result = service().Range(ContextOf("a"), {});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->warnings, fake_.result.warnings);
  EXPECT_EQ(result->stats.lines_processed, 7u);
  EXPECT_EQ(result->stats.exec_seconds, 0.25);
  const auto& got = std::get<query::StreamsResult>(result->value).streams;
  ASSERT_EQ(got.size(), 3u);
  for (size_t s = 0; s < 3; ++s) {
    EXPECT_EQ(got[s].labels, streams.streams[s].labels);
    EXPECT_EQ(got[s].stream_labels, streams.streams[s].stream_labels);
    ASSERT_EQ(got[s].entries.size(), 2000u);
    for (size_t i = 0; i < 2000; i += 499) {
      EXPECT_EQ(got[s].entries[i].timestamp, streams.streams[s].entries[i].timestamp);
      EXPECT_EQ(got[s].entries[i].line, streams.streams[s].entries[i].line);
      EXPECT_EQ(got[s].entries[i].structured_metadata,
                streams.streams[s].entries[i].structured_metadata);
      EXPECT_EQ(got[s].entries[i].parsed, streams.streams[s].entries[i].parsed);
    }
  }
}

TEST_P(LogQueryServiceContractTest, MetricAnswersKeepTheirKind) {
  query::ResultSeries series;
  series.labels = model::Labels{{"app", "a"}};
  series.floats = {{1000, 1.5}};
  fake_.result.value = query::VectorResult{{series}};
  auto result = service().Instant(ContextOf("a"), {});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(std::get<query::VectorResult>(result->value).series[0].floats[0].value, 1.5);
  fake_.result.value = query::MatrixResult{{series}};
  result = service().Volume(ContextOf("a"), {"{}", {1, 2}, 3, 4, {"app"}, true});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(std::get<query::MatrixResult>(result->value).series.size(), 1u);
  EXPECT_EQ(fake_.volume.target_labels, std::vector<std::string>{"app"});
  EXPECT_EQ(fake_.volume.step_ns, 3);
  EXPECT_TRUE(fake_.volume.aggregate_by_labels);
  fake_.result.value = query::ScalarResult{{1000, 3}};
  result = service().Instant(ContextOf("a"), {});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(std::get<query::ScalarResult>(result->value).point.value, 3);
}

TEST_P(LogQueryServiceContractTest, LabelsAndSeries) {
  fake_.strings = {"a", "b"};
  const query::LogLabelRequest request = {{"{a=\"b\"}"}, {3, 4}, 5};
  EXPECT_EQ(*service().LabelNames(ContextOf("a"), request), fake_.strings);
  EXPECT_EQ(fake_.labels.matches, request.matches);
  EXPECT_EQ(fake_.labels.range, request.range);
  EXPECT_EQ(fake_.labels.limit, 5u);
  EXPECT_EQ(*service().LabelValues(ContextOf("a"), "app", request), fake_.strings);
  EXPECT_EQ(fake_.text, "app");
  fake_.series = {model::Labels{{"a", "b"}}, model::Labels{{"c", "d"}}};
  EXPECT_EQ(*service().Series(ContextOf("a"), request), fake_.series);
  fake_.stats = {1, 2, 3, 4};
  EXPECT_EQ(service().IndexStats(ContextOf("a"), "{}", {1, 2})->entries, 4u);
}

TEST_P(LogQueryServiceContractTest, WhatDrilldownAsks) {
  fake_.detected_labels = {{"app", 3}};
  EXPECT_EQ((*service().DetectedLabels(ContextOf("a"), "", {1, 2}))[0].cardinality, 3u);
  fake_.detected_fields = {{"status", "int", 2, {"json"}, {"http", "status"}}};
  const auto fields = service().DetectedFields(ContextOf("a"), {"{a=\"b\"}", {1, 2}, 3, 4});
  ASSERT_TRUE(fields.ok()) << fields.status();
  EXPECT_EQ((*fields)[0].json_path, fake_.detected_fields[0].json_path);
  EXPECT_EQ((*fields)[0].parsers, fake_.detected_fields[0].parsers);
  EXPECT_EQ(fake_.fields.line_limit, 3u);
  fake_.strings = {"200"};
  EXPECT_EQ(*service().DetectedFieldValues(ContextOf("a"), "status", {}), fake_.strings);
  EXPECT_EQ(fake_.text, "status");
  fake_.patterns = {{"<_> x", "info", {{5, 6}, {7, 8}}}};
  const auto patterns = service().Patterns(ContextOf("a"), "{a=\"b\"}", {1, 2}, 3);
  ASSERT_TRUE(patterns.ok()) << patterns.status();
  EXPECT_EQ((*patterns)[0].samples, fake_.patterns[0].samples);
  EXPECT_EQ(*service().FormatQuery(ContextOf("a"), "q"), "formatted q");
}

TEST_P(LogQueryServiceContractTest, ErrorsKeepCodeAndText) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kInvalidArgument, absl::StatusCode::kResourceExhausted,
        absl::StatusCode::kDataLoss, absl::StatusCode::kInternal}) {
    fake_.failure = absl::Status(code, "why\nnot");
    EXPECT_EQ(service().Range(ContextOf("a"), {}).status(), fake_.failure);
    EXPECT_EQ(service().LabelNames(ContextOf("a"), {}).status(), fake_.failure);
    EXPECT_EQ(service().Patterns(ContextOf("a"), "", {}, 1).status(), fake_.failure);
  }
}

}  // namespace
}  // namespace tidegate::contract
