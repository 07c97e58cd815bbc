#include "storage/logs/stream_batches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidegate::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Collect final : public Sink<LogBatch> {
 public:
  absl::Status Add(LogBatch batch) override {
    batches.push_back(std::move(batch));
    return error;
  }
  std::vector<LogBatch> batches;
  absl::Status error;
};

const model::Labels kStream({{"app", "x"}});
const model::Labels kTrace({{"trace", "1"}});

std::vector<model::LogEntryView> Entries() {
  return {{10, "a", ""}, {20, "b", kTrace.bytes()}, {20, "c", ""}, {30, "d", ""}};
}

std::vector<LogBatch> Batches(const LogSelection& selection,
                              std::vector<model::LogEntryView> entries = Entries()) {
  Collect sink;
  const auto filter = LineFilter::Compile(selection.tests);
  EXPECT_TRUE(AddStreamBatches(kStream, entries, nullptr, selection, *filter, sink).ok());
  return std::move(sink.batches);
}

LogSelection All() {
  LogSelection selection;
  selection.range = {0, 100};
  return selection;
}

TEST(StreamBatchesTest, AllColumnsOfAllEntries) {
  const auto batches = Batches(All());
  ASSERT_EQ(batches.size(), 1u);
  EXPECT_EQ(*batches[0].stream, kStream);
  EXPECT_THAT(batches[0].timestamps, ElementsAre(10, 20, 20, 30));
  EXPECT_THAT(batches[0].lines, ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(batches[0].line_sizes, ElementsAre(1, 1, 1, 1));
  ASSERT_EQ(batches[0].metadata.size(), 4u);
  EXPECT_EQ(batches[0].metadata_sets[batches[0].metadata[1]], kTrace);
  EXPECT_EQ(batches[0].metadata_sets[batches[0].metadata[2]], model::Labels());
}

TEST(StreamBatchesTest, BackwardIsTheReverse) {
  LogSelection selection = All();
  selection.order = LogOrder::kBackward;
  const auto batches = Batches(selection);
  ASSERT_EQ(batches.size(), 1u);
  EXPECT_THAT(batches[0].lines, ElementsAre("d", "c", "b", "a"));
}

TEST(StreamBatchesTest, TheEndOfTheRangeIsExclusive) {
  LogSelection selection = All();
  selection.range = {10, 30};
  const auto batches = Batches(selection);
  ASSERT_EQ(batches.size(), 1u);
  EXPECT_THAT(batches[0].lines, ElementsAre("a", "b", "c"));
}

TEST(StreamBatchesTest, LinesThatFailATestAreScannedOnly) {
  LogSelection selection = All();
  selection.tests = {{LineTest::Kind::kContains, {"c"}, false}};
  const auto batches = Batches(selection);
  ASSERT_EQ(batches.size(), 1u);
  EXPECT_THAT(batches[0].lines, ElementsAre("c"));
  EXPECT_EQ(batches[0].lines_scanned, 4u);
  EXPECT_THAT(batches[0].metadata, IsEmpty()) << "none of what is left has any";
  selection.tests = {{LineTest::Kind::kContains, {"z"}, false}};
  EXPECT_THAT(Batches(selection), IsEmpty());
}

TEST(StreamBatchesTest, TheLimitCountsWhatPassed) {
  LogSelection selection = All();
  selection.limit = 2;
  selection.order = LogOrder::kBackward;
  selection.tests = {{LineTest::Kind::kContains, {"d"}, true}};
  const auto batches = Batches(selection);
  ASSERT_EQ(batches.size(), 1u);
  EXPECT_THAT(batches[0].lines, ElementsAre("c", "b"));
}

TEST(StreamBatchesTest, OnlyTheColumnsThatAreWanted) {
  LogSelection selection = All();
  selection.lines = LineColumn::kSizes;
  selection.structured_metadata = false;
  const auto sizes = Batches(selection);
  ASSERT_EQ(sizes.size(), 1u);
  EXPECT_THAT(sizes[0].line_sizes, ElementsAre(1, 1, 1, 1));
  EXPECT_THAT(sizes[0].lines, IsEmpty());
  EXPECT_THAT(sizes[0].metadata, IsEmpty());
  selection.lines = LineColumn::kNone;
  EXPECT_THAT(Batches(selection)[0].line_sizes, IsEmpty());
}

TEST(StreamBatchesTest, BatchesAreBounded) {
  const std::string line(kMaxBatchBytes / 2, 'x');
  std::vector<model::LogEntryView> entries;
  for (int i = 0; i < 10; ++i) entries.push_back({i, line, ""});
  const auto batches = Batches(All(), entries);
  ASSERT_EQ(batches.size(), 5u);
  EXPECT_THAT(batches[4].timestamps, ElementsAre(8, 9));
}

TEST(StreamBatchesTest, ASinksErrorIsReturned) {
  Collect sink;
  sink.error = absl::ResourceExhaustedError("enough");
  const auto filter = LineFilter::Compile({});
  EXPECT_EQ(AddStreamBatches(kStream, Entries(), nullptr, All(), *filter, sink), sink.error);
}

TEST(StreamBatchesTest, MillisecondsThatARangeTouches) {
  EXPECT_EQ(MillisecondsOf({1'000'000, 2'000'000}), (model::TimeRange{1, 1}));
  EXPECT_EQ(MillisecondsOf({1'999'999, 2'000'001}), (model::TimeRange{1, 2}));
  EXPECT_EQ(MillisecondsOf({-1, 1}), (model::TimeRange{-1, 0}));
  EXPECT_TRUE(MillisecondsOf({5, 5}).empty());
}

TEST(StreamBatchesTest, NanosecondsOfMilliseconds) {
  EXPECT_EQ(NanosecondsOf({1, 1}), (LogRange{1'000'000, 2'000'000}));
  EXPECT_EQ(NanosecondsOf({-1, 0}), (LogRange{-1'000'000, 1'000'000}));
  EXPECT_EQ(NanosecondsOf({model::kMinTimestamp, model::kMaxTimestamp}),
            (LogRange{INT64_MIN, INT64_MAX}));
  EXPECT_TRUE(NanosecondsOf({5, 4}).empty());
  EXPECT_TRUE(NanosecondsOf({model::kMaxTimestamp, model::kMaxTimestamp}).empty());
}

}  // namespace
}  // namespace tidegate::storage
