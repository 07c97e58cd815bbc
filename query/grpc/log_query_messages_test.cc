#include "query/grpc/log_query_messages.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace tidegate::query {
namespace {

LogQueryResult ThereAndBack(const LogQueryResult& result) {
  LogResultJoiner joiner;
  ToMessages(result, [&joiner](const v1::LogQueryResponse& message) {
    const absl::Status status = joiner.Add(message);
    EXPECT_TRUE(status.ok()) << status;
    return status.ok();
  });
  absl::StatusOr<LogQueryResult> joined = joiner.Finish();
  EXPECT_TRUE(joined.ok()) << joined.status();
  return joined.ok() ? *std::move(joined) : LogQueryResult();
}

// {app="a", missing=""}, as `| json missing="x"` gives it.
model::Labels WithEmptyValue() {
  std::string bytes;
  model::AppendLabelBytes("app", "a", &bytes);
  model::AppendLabelBytes("missing", "", &bytes);
  return model::Labels::FromCanonical(std::move(bytes));
}

TEST(LogQueryMessages, StatisticsArrive) {
  LogQueryResult result;
  result.value = StreamsResult{};
  result.stats = {uint64_t{1} << 60, 2, 3, 4, 5, 0.5, 0.25};
  const LogQueryStats back = ThereAndBack(result).stats;
  EXPECT_EQ(back.lines_processed, uint64_t{1} << 60);
  EXPECT_EQ(back.bytes_processed, 2U);
  EXPECT_EQ(back.structured_metadata_bytes, 3U);
  EXPECT_EQ(back.lines_after_filter, 4U);
  EXPECT_EQ(back.entries_returned, 5U);
  EXPECT_EQ(back.exec_seconds, 0.5);
  EXPECT_EQ(back.queue_seconds, 0.25);
}

TEST(LogQueryMessages, LabelsWithoutAValueArrive) {
  LogStream stream;
  stream.labels = WithEmptyValue();
  stream.stream_labels = model::Labels{{"app", "a"}};
  stream.entries.push_back({5, "line", model::Labels{{"m", "1"}}, WithEmptyValue()});
  LogQueryResult result;
  result.value = StreamsResult{{stream}};
  const LogQueryResult back = ThereAndBack(result);
  const auto& streams = std::get<StreamsResult>(back.value).streams;
  ASSERT_EQ(streams.size(), 1U);
  EXPECT_EQ(streams[0].labels, stream.labels);
  EXPECT_EQ(streams[0].stream_labels, stream.stream_labels);
  ASSERT_EQ(streams[0].entries.size(), 1U);
  EXPECT_EQ(streams[0].entries[0].line, "line");
  EXPECT_EQ(streams[0].entries[0].structured_metadata, stream.entries[0].structured_metadata);
  EXPECT_EQ(streams[0].entries[0].parsed, stream.entries[0].parsed);
}

TEST(LogQueryMessages, SeriesWithoutAValueArrive) {
  ResultSeries series;
  series.labels = WithEmptyValue();
  series.floats = {{1000, 2}};
  LogQueryResult result;
  result.value = MatrixResult{{series}};
  const LogQueryResult back = ThereAndBack(result);
  const auto& matrix = std::get<MatrixResult>(back.value).series;
  ASSERT_EQ(matrix.size(), 1U);
  EXPECT_EQ(matrix[0].labels, series.labels);
  EXPECT_EQ(matrix[0].floats.size(), 1U);
}

TEST(LogQueryMessages, DetectedFieldsAndPatternsArrive) {
  v1::DetectedFieldList list;
  ToWire(std::vector<DetectedField>{{"n_k", "int", 3, {"json"}, {"n", "k"}}}, &list);
  const std::vector<DetectedField> fields = FromWire(list);
  ASSERT_EQ(fields.size(), 1U);
  EXPECT_EQ(fields[0].label, "n_k");
  EXPECT_EQ(fields[0].cardinality, 3U);
  EXPECT_EQ(fields[0].json_path, (std::vector<std::string>{"n", "k"}));
  v1::LogPatterns message;
  ToWire(std::vector<LogPattern>{{"took <_>", "info", {{10, 2}}}}, &message);
  const std::vector<LogPattern> patterns = FromWire(message);
  ASSERT_EQ(patterns.size(), 1U);
  EXPECT_EQ(patterns[0].pattern, "took <_>");
  EXPECT_EQ(patterns[0].level, "info");
  EXPECT_EQ(patterns[0].samples, (std::vector<std::pair<int64_t, uint64_t>>{{10, 2}}));
}

}  // namespace
}  // namespace tidegate::query
