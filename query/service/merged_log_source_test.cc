#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "query/log_query_service.h"
#include "storage/log_source.h"

namespace tidegate::query {
namespace {

using storage::LogBatch;
using storage::LogOrder;
using storage::LogSelection;

struct FakeEntry {
  int64_t time;
  std::string line;
};

// One stream with some entries; every batch has at most two of them.
class FakeSource final : public storage::LogSource {
 public:
  FakeSource(model::Labels stream, std::vector<FakeEntry> entries)
      : stream_(std::make_shared<model::Labels>(std::move(stream))), entries_(std::move(entries)) {}

  absl::Status SelectLogs(const model::RequestContext&, const LogSelection& selection,
                          storage::Sink<LogBatch>& sink) override {
    asked.push_back(selection);
    std::vector<FakeEntry> entries;
    std::copy_if(entries_.begin(), entries_.end(), std::back_inserter(entries),
                 [&selection](const FakeEntry& entry) {
                   return selection.range.begin <= entry.time && entry.time < selection.range.end;
                 });
    if (selection.order == LogOrder::kBackward) std::reverse(entries.begin(), entries.end());
    for (size_t at = 0; at < entries.size(); at += 2) {
      auto memory = std::make_shared<std::vector<FakeEntry>>(
          entries.begin() + static_cast<ptrdiff_t>(at),
          entries.begin() + static_cast<ptrdiff_t>(std::min(at + 2, entries.size())));
      LogBatch batch;
      batch.stream = stream_;
      for (const FakeEntry& entry : *memory) {
        batch.timestamps.push_back(entry.time);
        if (selection.lines != storage::LineColumn::kLines) continue;
        batch.lines.emplace_back(entry.line);
        batch.line_sizes.push_back(static_cast<uint32_t>(entry.line.size()));
      }
      batch.memory = std::move(memory);
      batch.memory_bytes = 100;
      if (absl::Status status = sink.Add(std::move(batch)); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<storage::StreamVolume>> StreamVolumes(
      const model::RequestContext&, const storage::StreamQuery&) override {
    return std::vector<storage::StreamVolume>{{*stream_, entries_.size(), 10, 1}};
  }
  absl::StatusOr<std::vector<std::string>> StreamLabelNames(const model::RequestContext&,
                                                            const storage::StreamQuery&) override {
    std::vector<std::string> names;
    for (const model::Label& label : *stream_) names.emplace_back(label.name);
    return names;
  }
  absl::StatusOr<std::vector<std::string>> StreamLabelValues(const model::RequestContext&,
                                                             const std::string& name,
                                                             const storage::StreamQuery&) override {
    return std::vector<std::string>{std::string(stream_->Get(name))};
  }

  std::vector<LogSelection> asked;

 private:
  const std::shared_ptr<const model::Labels> stream_;
  const std::vector<FakeEntry> entries_;
};

class Collected final : public storage::Sink<LogBatch> {
 public:
  absl::Status Add(LogBatch batch) override {
    for (size_t i = 0; i < batch.timestamps.size(); ++i) {
      text += std::to_string(batch.timestamps[i]);
      if (!batch.lines.empty()) text += batch.lines[i];
      text += ' ';
    }
    return absl::OkStatus();
  }
  absl::Status Hold(int64_t bytes) override {
    held += bytes;
    return absl::OkStatus();
  }
  std::string text;
  int64_t held = 0;
};

LogSelection All() {
  LogSelection selection;
  selection.range = {0, 100};
  return selection;
}

std::string Select(storage::LogSource* ingester, storage::LogSource* store,
                   const LogSelection& selection) {
  Collected collected;
  const auto merged = MergeLogSources(ingester, store);
  EXPECT_TRUE(merged->SelectLogs({}, selection, collected).ok());
  EXPECT_EQ(collected.held, 0);
  return collected.text;
}

TEST(MergeLogSources, AnEntryInBothComesOnce) {
  FakeSource store({{"a", "b"}}, {{1, "x"}, {2, "y"}, {3, "p"}, {3, "q"}});
  FakeSource ingester({{"a", "b"}}, {{2, "y"}, {3, "q"}, {3, "r"}, {4, "z"}});
  LogSelection selection = All();
  EXPECT_EQ(Select(&ingester, &store, selection), "1x 2y 3p 3q 3r 4z ");
  selection.order = LogOrder::kBackward;
  EXPECT_EQ(Select(&ingester, &store, selection), "4z 3r 3q 3p 2y 1x ");
}

TEST(MergeLogSources, LeavesOutColumnsThatNobodyAskedFor) {
  FakeSource store({{"a", "b"}}, {{1, "x"}, {2, "y"}});
  FakeSource ingester({{"a", "b"}}, {{2, "y"}, {2, "z"}});
  LogSelection selection = All();
  selection.lines = storage::LineColumn::kNone;
  EXPECT_EQ(Select(&ingester, &store, selection), "1 2 2 ");
}

TEST(MergeLogSources, WhatIsOlderThanTheIngestersIsNotCompared) {
  FakeSource store({{"a", "b"}}, {{1, "x"}, {2, "y"}, {5, "p"}});
  FakeSource ingester({{"a", "b"}}, {{5, "p"}, {6, "q"}});
  LogSelection selection = All();
  selection.lines = storage::LineColumn::kNone;
  EXPECT_EQ(Select(&ingester, &store, selection), "1 2 5 6 ");
  ASSERT_EQ(store.asked.size(), 2U);
  EXPECT_EQ(store.asked[0].range, (storage::LogRange{0, 5}));
  EXPECT_EQ(store.asked[0].lines, storage::LineColumn::kNone);
  EXPECT_EQ(store.asked[1].range, (storage::LogRange{5, 100}));
  EXPECT_EQ(store.asked[1].lines, storage::LineColumn::kLines);
}

TEST(MergeLogSources, ALimitThatIsReachedAsksNoFurther) {
  FakeSource store({{"a", "b"}}, {{1, "x"}, {2, "y"}, {5, "p"}});
  FakeSource ingester({{"a", "b"}}, {{5, "p"}, {6, "q"}});
  LogSelection selection = All();
  selection.limit = 2;
  EXPECT_EQ(Select(&ingester, &store, selection), "1x 2y ");
  EXPECT_EQ(store.asked.size(), 1U);
  store.asked.clear();
  selection.order = LogOrder::kBackward;
  EXPECT_EQ(Select(&ingester, &store, selection), "6q 5p ");
  ASSERT_EQ(store.asked.size(), 1U);
  EXPECT_EQ(store.asked[0].range, (storage::LogRange{5, 100}));
}

TEST(MergeLogSources, OtherStreamsPassThrough) {
  FakeSource store({{"a", "1"}}, {{1, "x"}, {2, "y"}, {3, "z"}});
  FakeSource ingester({{"a", "2"}}, {{5, "x"}});
  EXPECT_EQ(Select(&ingester, &store, All()), "1x 2y 3z 5x ");
}

TEST(MergeLogSources, AddsVolumesAndJoinsLabels) {
  FakeSource store({{"a", "1"}}, {{1, "x"}});
  FakeSource ingester({{"a", "1"}, {"b", "2"}}, {{5, "x"}});
  const auto merged = MergeLogSources(&ingester, &store);
  EXPECT_EQ(merged->StreamVolumes({}, {})->size(), 2U);
  EXPECT_EQ(*merged->StreamLabelNames({}, {}), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(*merged->StreamLabelValues({}, "a", {}), std::vector<std::string>{"1"});
  const auto same = MergeLogSources(&store, &store);
  EXPECT_EQ(same->StreamVolumes({}, {})->front().bytes, 20U);
}

}  // namespace
}  // namespace tidegate::query
