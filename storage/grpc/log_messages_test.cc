#include "storage/grpc/log_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace tidegate::storage {
namespace {

using ::testing::ElementsAre;

const model::Labels kStream({{"app", "x"}});
const model::Labels kTrace({{"trace", "1"}});

LogBatch Batch() {
  LogBatch batch;
  batch.stream = std::make_shared<const model::Labels>(kStream);
  batch.timestamps = {30, 20, -5};
  batch.line_sizes = {1, 0, 2};
  batch.lines = {"a", "", "bc"};
  batch.metadata = {1, 0, 1};
  batch.metadata_sets = {model::Labels(), kTrace};
  batch.lines_scanned = 7;
  batch.bytes_scanned = 70;
  return batch;
}

std::vector<v1::LogBatch> Messages(const LogBatch& batch) {
  std::vector<v1::LogBatch> messages;
  EXPECT_TRUE(ToMessages(batch, [&messages](const v1::LogBatch& message) {
                messages.push_back(message);
                return absl::OkStatus();
              }).ok());
  return messages;
}

TEST(LogMessagesTest, ABatchComesBackAsItWas) {
  const auto messages = Messages(Batch());
  ASSERT_EQ(messages.size(), 1u);
  const auto batch = FromWire(messages[0]);
  ASSERT_TRUE(batch.ok()) << batch.status();
  EXPECT_EQ(*batch->stream, kStream);
  EXPECT_THAT(batch->timestamps, ElementsAre(30, 20, -5));
  EXPECT_THAT(batch->line_sizes, ElementsAre(1, 0, 2));
  EXPECT_THAT(batch->lines, ElementsAre("a", "", "bc"));
  EXPECT_EQ(batch->metadata_sets[batch->metadata[0]], kTrace);
  EXPECT_EQ(batch->metadata_sets[batch->metadata[1]], model::Labels());
  EXPECT_EQ(batch->lines_scanned, 7u);
  EXPECT_EQ(batch->bytes_scanned, 70u);
  EXPECT_GE(batch->memory_bytes, 3u);
}

TEST(LogMessagesTest, WhatWasScannedInVainArrives) {
  LogBatch batch;
  batch.stream = std::make_shared<const model::Labels>(kStream);
  batch.lines_scanned = 7;
  batch.bytes_scanned = 70;
  const auto messages = Messages(batch);
  ASSERT_EQ(messages.size(), 1u);
  const auto back = FromWire(messages[0]);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_TRUE(back->timestamps.empty());
  EXPECT_EQ(back->lines_scanned, 7u);
  EXPECT_EQ(back->bytes_scanned, 70u);
}

TEST(LogMessagesTest, LinesThatAreAllEmptyAreStillLines) {
  LogBatch batch = Batch();
  batch.lines = {"", "", ""};
  batch.line_sizes = {0, 0, 0};
  const auto back = FromWire(Messages(batch)[0]);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->lines.size(), 3u);
}

TEST(LogMessagesTest, ColumnsThatAreNotThereStayAway) {
  LogBatch batch = Batch();
  batch.lines.clear();
  batch.metadata.clear();
  batch.metadata_sets.clear();
  const auto back = FromWire(Messages(batch)[0]);
  ASSERT_TRUE(back.ok());
  EXPECT_TRUE(back->lines.empty());
  EXPECT_TRUE(back->metadata.empty());
  EXPECT_EQ(back->line_sizes.size(), 3u);
}

TEST(LogMessagesTest, LargeBatchesAreCutAndCountedOnce) {
  const std::string line(700 << 10, 'x');
  LogBatch batch = Batch();
  batch.lines = {line, line, line};
  batch.line_sizes.assign(3, static_cast<uint32_t>(line.size()));
  const auto messages = Messages(batch);
  ASSERT_EQ(messages.size(), 2u);
  uint64_t scanned = 0;
  for (const v1::LogBatch& message : messages) {
    const auto part = FromWire(message);
    ASSERT_TRUE(part.ok()) << part.status();
    scanned += part->lines_scanned;
  }
  EXPECT_EQ(scanned, 7u);
  EXPECT_EQ(FromWire(messages[1])->timestamps.front(), -5);
  EXPECT_EQ(FromWire(messages[1])->metadata_sets.size(), 1u) << "only the sets that it uses";
}

TEST(LogMessagesTest, NonsenseOfAPeerIsRefused) {
  const v1::LogBatch good = Messages(Batch())[0];
  const auto is_internal = [](const v1::LogBatch& message) {
    return absl::IsInternal(FromWire(message).status());
  };
  v1::LogBatch bad = good;
  bad.set_line_sizes(0, 100);
  EXPECT_TRUE(is_internal(bad)) << "cut off";
  bad = good;
  bad.mutable_lines()->append("more");
  EXPECT_TRUE(is_internal(bad)) << "bytes behind";
  bad = good;
  bad.mutable_line_sizes()->RemoveLast();
  EXPECT_TRUE(is_internal(bad)) << "lengths";
  bad = good;
  bad.set_metadata(0, 9);
  EXPECT_TRUE(is_internal(bad)) << "unknown set";
  bad = good;
  bad.set_metadata_sets(0, "\x01");
  EXPECT_TRUE(is_internal(bad)) << "labels";
  bad = good;
  bad.set_timestamp_deltas(0, INT64_MAX);
  bad.set_timestamp_deltas(1, 1);
  EXPECT_TRUE(is_internal(bad)) << "overflow";
}

TEST(LogMessagesTest, SelectionsAndQueriesKeepEverything) {
  LogSelection selection;
  selection.matchers = *model::CompileMatchers({{model::MatchType::kEqual, "app", "x"}});
  selection.range = {-1, 5};
  selection.tests = {{LineTest::Kind::kMatches, {"a+", "b"}, true}};
  selection.lines = LineColumn::kSizes;
  selection.structured_metadata = false;
  selection.order = LogOrder::kBackward;
  selection.limit = 9;
  v1::LogSelection message;
  ToWire(selection, &message);
  const auto back = FromWire(message);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->matchers[0].matcher(), selection.matchers[0].matcher());
  EXPECT_EQ(back->range, selection.range);
  ASSERT_EQ(back->tests.size(), 1u);
  EXPECT_EQ(back->tests[0].kind, LineTest::Kind::kMatches);
  EXPECT_THAT(back->tests[0].alternatives, ElementsAre("a+", "b"));
  EXPECT_TRUE(back->tests[0].negated);
  EXPECT_EQ(back->lines, LineColumn::kSizes);
  EXPECT_FALSE(back->structured_metadata);
  EXPECT_EQ(back->order, LogOrder::kBackward);
  EXPECT_EQ(back->limit, 9u);

  StreamQuery query;
  query.selections = {selection.matchers, {}};
  query.range = {3, 4};
  query.limit = 2;
  v1::StreamQuery asked;
  ToWire(query, &asked);
  const auto again = FromWire(asked);
  ASSERT_TRUE(again.ok());
  ASSERT_EQ(again->selections.size(), 2u);
  EXPECT_TRUE(again->selections[1].empty());
  EXPECT_EQ(again->range, query.range);
  EXPECT_EQ(again->limit, 2u);
}

}  // namespace
}  // namespace tidegate::storage
