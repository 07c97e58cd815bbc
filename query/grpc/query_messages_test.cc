#include "query/grpc/query_messages.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "proto/wire/points.h"

namespace tidegate::query {
namespace {

std::vector<v1::QueryResponse> MessagesOf(const QueryResult& result) {
  std::vector<v1::QueryResponse> messages;
  ToMessages(result, [&messages](const v1::QueryResponse& message) {
    messages.push_back(message);
    return true;
  });
  return messages;
}

absl::StatusOr<QueryResult> Join(const std::vector<v1::QueryResponse>& messages) {
  ResultJoiner joiner;
  for (const v1::QueryResponse& message : messages) {
    if (absl::Status status = joiner.Add(message); !status.ok()) return status;
  }
  return joiner.Finish();
}

QueryResult RoundTrip(const QueryResult& result) {
  auto back = Join(MessagesOf(result));
  EXPECT_TRUE(back.ok()) << back.status();
  return *std::move(back);
}

QueryResult Of(decltype(QueryResult::value) value) {
  QueryResult result;
  result.value = std::move(value);
  return result;
}

HistogramPoint Histogram(model::TimestampMs time, size_t buckets) {
  auto histogram = std::make_shared<model::FloatHistogram>();
  histogram->positive_spans = {{0, static_cast<uint32_t>(buckets)}};
  for (size_t i = 0; i < buckets; ++i) histogram->positive_buckets.push_back(1.0 / (i + 3.0));
  return {time, histogram};
}

ResultSeries Floats(const std::string& name, size_t count) {
  ResultSeries series{model::Labels({{"__name__", name}}), {}, {}};
  for (size_t i = 0; i < count; ++i) {
    series.floats.push_back({static_cast<int64_t>(i) * 15'000 - 7, 0.1 * static_cast<double>(i)});
  }
  return series;
}

void ExpectSame(const std::vector<ResultSeries>& got, const std::vector<ResultSeries>& want) {
  ASSERT_EQ(got.size(), want.size());
  for (size_t i = 0; i < want.size(); ++i) {
    EXPECT_EQ(got[i].labels, want[i].labels);
    ASSERT_EQ(got[i].floats.size(), want[i].floats.size());
    for (size_t k = 0; k < want[i].floats.size(); ++k) {
      ASSERT_EQ(got[i].floats[k].timestamp, want[i].floats[k].timestamp);
      ASSERT_TRUE(model::SameBits(got[i].floats[k].value, want[i].floats[k].value));
    }
    ASSERT_EQ(got[i].histograms.size(), want[i].histograms.size());
    for (size_t k = 0; k < want[i].histograms.size(); ++k) {
      ASSERT_EQ(got[i].histograms[k].timestamp, want[i].histograms[k].timestamp);
      ASSERT_TRUE(
          model::SameBits(*got[i].histograms[k].histogram, *want[i].histograms[k].histogram));
    }
  }
}

TEST(QueryMessagesTest, Scalar) {
  const QueryResult back = RoundTrip(Of(ScalarResult{{-3, model::StaleNan()}}));
  const auto& scalar = std::get<ScalarResult>(back.value);
  EXPECT_EQ(scalar.point.timestamp, -3);
  EXPECT_TRUE(model::IsStaleNan(scalar.point.value));
}

TEST(QueryMessagesTest, String) {
  const QueryResult back = RoundTrip(Of(StringResult{5, std::string("\0\xff", 2)}));
  EXPECT_EQ(std::get<StringResult>(back.value).timestamp, 5);
  EXPECT_EQ(std::get<StringResult>(back.value).value, std::string("\0\xff", 2));
}

TEST(QueryMessagesTest, VectorOfBothKinds) {
  VectorResult vector{{Floats("b", 1), Floats("a", 1)}};
  vector.series.push_back({model::Labels(), {}, {Histogram(-7, 3)}});
  const QueryResult back = RoundTrip(Of(vector));
  ExpectSame(std::get<VectorResult>(back.value).series, vector.series);
}

TEST(QueryMessagesTest, MatrixOfLongSeries) {
  MatrixResult matrix{{Floats("a", 200'000), Floats("b", 0), Floats("c", 1)}};
  matrix.series[1].histograms = {Histogram(1, 3), Histogram(2, 4)};
  const auto messages = MessagesOf(Of(matrix));
  EXPECT_GT(messages.size(), 2U);
  EXPECT_TRUE(messages[0].has_header());
  EXPECT_FALSE(messages[1].has_header());
  ExpectSame(std::get<MatrixResult>(Join(messages)->value).series, matrix.series);
}

TEST(QueryMessagesTest, LargeHistogramsAreCutByTheirBytes) {
  MatrixResult matrix{{Floats("a", 3)}};
  for (int i = 0; i < 200; ++i) matrix.series[0].histograms.push_back(Histogram(i, 5000));
  const auto messages = MessagesOf(Of(matrix));
  EXPECT_GT(messages.size(), 6U);
  for (const auto& message : messages) EXPECT_LT(message.ByteSizeLong(), size_t{2} << 20);
  ExpectSame(std::get<MatrixResult>(Join(messages)->value).series, matrix.series);
}

TEST(QueryMessagesTest, EmptyAnswersKeepTheirKind) {
  EXPECT_TRUE(std::holds_alternative<VectorResult>(RoundTrip(Of(VectorResult())).value));
  EXPECT_TRUE(std::holds_alternative<MatrixResult>(RoundTrip(Of(MatrixResult())).value));
}

TEST(QueryMessagesTest, NotesAndCounts) {
  QueryResult result = Of(VectorResult());
  result.warnings = {"w1", "w2"};
  result.infos = {"é"};
  result.stats = {uint64_t{1} << 60, 2, 3};
  result.stats.first_step = -5;
  result.stats.step_ms = 10;
  result.stats.total_per_step = {7, 8};
  result.stats.read_per_step = {7, 0};
  const QueryResult back = RoundTrip(result);
  EXPECT_EQ(back.warnings, result.warnings);
  EXPECT_EQ(back.infos, result.infos);
  EXPECT_EQ(back.stats.samples_read, uint64_t{1} << 60);
  EXPECT_EQ(back.stats.series_read, 2U);
  EXPECT_EQ(back.stats.peak_bytes, 3U);
  EXPECT_EQ(back.stats.first_step, -5);
  EXPECT_EQ(back.stats.step_ms, 10);
  EXPECT_EQ(back.stats.total_per_step, (std::vector<uint64_t>{7, 8}));
  EXPECT_EQ(back.stats.read_per_step, (std::vector<uint64_t>{7, 0}));
}

TEST(QueryMessagesTest, AReaderThatHasGoneEndsTheWork) {
  int messages = 0;
  ToMessages(Of(MatrixResult{{Floats("a", 1'000'000)}}), [&messages](const v1::QueryResponse&) {
    ++messages;
    return false;
  });
  EXPECT_EQ(messages, 1);
}

TEST(QueryMessagesTest, MetadataRequests) {
  const MetadataRequest request{{"up", "{a=\"\xff\"}"}, {-1, 9}, 7};
  v1::MatchRequest message;
  ToWire(request, &message);
  const MetadataRequest back = FromWire(message);
  EXPECT_EQ(back.matches, request.matches);
  EXPECT_EQ(back.range, request.range);
  EXPECT_EQ(back.limit, 7U);
}

class HostileResultTest : public testing::Test {
 protected:
  static void ExpectRefused(const std::vector<v1::QueryResponse>& messages) {
    const auto result = Join(messages);
    EXPECT_TRUE(absl::IsInternal(result.status())) << result.status();
  }
  const std::vector<v1::QueryResponse> whole_ =
      MessagesOf(Of(MatrixResult{{Floats("a", 100'000)}}));
};

TEST_F(HostileResultTest, AnAnswerWithoutAHead) {
  ExpectRefused({});
  ExpectRefused({whole_[1]});
  ExpectRefused({v1::QueryResponse()});
}

TEST_F(HostileResultTest, TwoHeads) { ExpectRefused({whole_[0], whole_[0]}); }

TEST_F(HostileResultTest, AKindOfTheFuture) {
  v1::QueryResponse odd;
  odd.mutable_header()->set_kind(static_cast<v1::QueryHeader::Kind>(9));
  ExpectRefused({odd});
}

TEST_F(HostileResultTest, PiecesThatFitNowhere) {
  v1::QueryResponse stray = whole_[0];
  stray.mutable_series(0)->set_continued(true);
  ExpectRefused({stray});
  v1::QueryResponse other = whole_[1];
  other.mutable_series(0)->set_labels("");
  ExpectRefused({whole_[0], other});
  ExpectRefused({whole_[0], whole_[1], whole_[1]});  // The same times again.
  v1::QueryResponse uneven = whole_[0];
  uneven.mutable_series(0)->mutable_values()->RemoveLast();
  ExpectRefused({uneven});
}

TEST_F(HostileResultTest, HistogramsOutOfOrder) {
  v1::QueryResponse message = MessagesOf(Of(MatrixResult{{Floats("a", 0)}}))[0];
  for (const int time : {2, 1}) {
    wire::ToWire(model::HistogramSample{time, 0, *Histogram(0, 1).histogram},
                 message.mutable_series(0)->add_histograms());
  }
  ExpectRefused({message});
}

// Readers of a vector take its points for granted.
TEST_F(HostileResultTest, AVectorHasOnePointPerSeries) {
  for (const size_t points : {0, 2}) {
    v1::QueryResponse message = MessagesOf(Of(MatrixResult{{Floats("a", points)}}))[0];
    message.mutable_header()->set_kind(v1::QueryHeader::VECTOR);
    ExpectRefused({message});
  }
}

TEST_F(HostileResultTest, AScalarHasNoSeries) {
  v1::QueryResponse message = whole_[0];
  message.mutable_header()->set_kind(v1::QueryHeader::SCALAR);
  ExpectRefused({message});
}

}  // namespace
}  // namespace tidegate::query
