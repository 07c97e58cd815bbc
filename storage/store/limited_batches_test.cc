#include "storage/store/limited_batches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "storage/page/segment_builder.h"
#include "storage/partition/partition.h"

namespace tidegate::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Collect final : public Sink<LogBatch> {
 public:
  absl::Status Add(LogBatch batch) override {
    lines_scanned += batch.lines_scanned;
    for (size_t i = 0; i < batch.timestamps.size(); ++i) {
      found.emplace_back(batch.stream->Get("n"), batch.timestamps[i]);
    }
    return error;
  }
  std::vector<std::pair<std::string, model::TimestampNs>> found;
  uint64_t lines_scanned = 0;
  absl::Status error;
};

LogBatch BatchOf(std::vector<model::TimestampNs> times) {
  LogBatch batch;
  batch.lines_scanned = times.size();
  batch.line_sizes.assign(times.size(), 1);
  batch.lines.assign(times.size(), "x");
  batch.timestamps = std::move(times);
  return batch;
}

LogSelection Limited(uint64_t limit, LogOrder order = LogOrder::kForward) {
  LogSelection selection;
  selection.range = {0, 100};
  selection.limit = limit;
  selection.order = order;
  return selection;
}

const model::Labels kFirst({{"n", "1"}});
const model::Labels kSecond({{"n", "2"}});

TEST(LimitedBatchesTest, WithoutALimitEverythingIsHandedOn) {
  const LogSelection selection = Limited(0);
  Collect sink;
  LimitedBatches batches(selection, &sink);
  batches.StartStream(kFirst);
  ASSERT_TRUE(batches.Add(BatchOf({1, 2})).ok());
  StreamMerge none({}, LogRead());
  EXPECT_TRUE(batches.Narrow(&none));
  EXPECT_EQ(sink.found.size(), 2u);
}

TEST(LimitedBatchesTest, AStreamIsCutAtTheLimit) {
  const LogSelection selection = Limited(3);
  Collect sink;
  LimitedBatches batches(selection, &sink);
  StreamMerge none({}, LogRead());
  batches.StartStream(kFirst);
  ASSERT_TRUE(batches.Add(BatchOf({1, 2})).ok());
  EXPECT_TRUE(batches.Narrow(&none));
  ASSERT_TRUE(batches.Add(BatchOf({3, 4})).ok());
  EXPECT_FALSE(batches.Narrow(&none));
  EXPECT_THAT(sink.found, ElementsAre(std::pair("1", 1), std::pair("1", 2), std::pair("1", 3)));
  batches.StartStream(kSecond);
  EXPECT_TRUE(batches.Narrow(&none)) << "another stream may have earlier ones";
}

TEST(LimitedBatchesTest, WhatWasScannedInVainIsCountedInTheEnd) {
  const LogSelection selection = Limited(0);
  Collect sink;
  LimitedBatches batches(selection, &sink);
  batches.StartStream(kFirst);
  LogBatch scanned;
  scanned.lines_scanned = 7;
  ASSERT_TRUE(batches.Add(std::move(scanned)).ok());
  EXPECT_EQ(sink.lines_scanned, 0u);
  ASSERT_TRUE(batches.Finish().ok());
  EXPECT_EQ(sink.lines_scanned, 7u);
  EXPECT_THAT(sink.found, IsEmpty());
}

TEST(LimitedBatchesTest, ASinksErrorIsReturned) {
  const LogSelection selection = Limited(0);
  Collect sink;
  sink.error = absl::ResourceExhaustedError("enough");
  LimitedBatches batches(selection, &sink);
  batches.StartStream(kFirst);
  EXPECT_EQ(batches.Add(BatchOf({1})), sink.error);
}

class MapSource final : public PageSource {
 public:
  absl::StatusOr<std::string> Read(std::string_view key) const override {
    const auto found = values.find(std::string(key));
    if (found == values.end()) return absl::NotFoundError("no such page");
    return found->second;
  }
  std::map<std::string, std::string> values;
};

// A segment with one stream that has an entry at each nanosecond from 0 to 9.
TEST(LimitedBatchesTest, LaterStreamsAreReadNoFurtherThanWhatWasFound) {
  SegmentId id;
  id.tenant = "t";
  SegmentBuilder builder(id, {.begin = 0, .duration = kDayMs});
  std::vector<model::LogEntry> entries;
  for (int time = 0; time < 10; ++time) entries.push_back({time, std::to_string(time), {}});
  ASSERT_TRUE(builder.AddStream(kSecond.view(), entries).ok());
  const auto segment = builder.Finish();
  MapSource source;
  source.values.insert(segment->pages.begin(), segment->pages.end());
  id = ParsePageKey(segment->pages.front().first)->id;
  for (const LogOrder order : {LogOrder::kForward, LogOrder::kBackward}) {
    const bool forward = order == LogOrder::kForward;
    const LogSelection selection = Limited(2, order);
    Collect sink;
    LimitedBatches batches(selection, &sink);
    batches.StartStream(kFirst);
    ASSERT_TRUE(batches
                    .Add(BatchOf(forward ? std::vector<model::TimestampNs>{0, 1}
                                         : std::vector<model::TimestampNs>{9, 8}))
                    .ok());
    TimeColumnPool pool;
    SegmentReader::Input input;
    input.id = id;
    input.index = *ReadIndex(id, PageKind::kStreamIndex, source);
    input.source = &source;
    input.pool = &pool;
    SegmentReader reader(std::move(input));
    LogRead read;
    read.range = selection.range;
    read.order = order;
    StreamMerge merge({{.reader = &reader, .series = 0}}, read);
    batches.StartStream(kSecond);
    ASSERT_TRUE(batches.Narrow(&merge));
    const auto batch = merge.Next();
    ASSERT_TRUE(batch.ok());
    if (forward) {
      EXPECT_THAT(batch->timestamps, ElementsAre(0, 1));
    } else {
      EXPECT_THAT(batch->timestamps, ElementsAre(9, 8));
    }
  }
}

}  // namespace
}  // namespace tidegate::storage
