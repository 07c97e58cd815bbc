// Deletions of log entries, from the store's door.
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "storage/page/segment_builder.h"
#include "storage/store/store_fixture.h"
#include "storage/store_admin.h"

namespace tidegate::storage {
namespace {

const model::TimestampMs kRecent = SpanContaining(kTestNow, 2 * kHourMs).begin - 2 * kHourMs;
constexpr int64_t kMs = 1'000'000;
// More than a page holds.
constexpr int kManyLines = 80'000;

const model::Matcher kShop = {model::MatchType::kEqual, "app", "shop"};
const LineTest kError = {
    .kind = LineTest::Kind::kContains, .alternatives = {"error"}, .negated = false};
const LineTest kEvenNumber = {
    .kind = LineTest::Kind::kMatches, .alternatives = {"[02468]$"}, .negated = false};

// Stream (its `app`) -> (milliseconds since kRecent, line).
using Lines = std::vector<std::pair<int64_t, std::string>>;
using Streams = std::map<std::string, Lines>;

Lines Numbered(int count, const std::string& text = "line ") {
  Lines lines;
  for (int i = 0; i < count; ++i) lines.emplace_back(i, text + std::to_string(i));
  return lines;
}

Lines Without(Lines lines, const std::function<bool(int64_t, const std::string&)>& hidden) {
  std::erase_if(lines, [&](const auto& line) { return hidden(line.first, line.second); });
  return lines;
}

bool IsEven(int64_t, const std::string& line) { return (line.back() - '0') % 2 == 0; }

class LogDeletionTest : public StoreFixture {
 protected:
  void CommitLogs(uint64_t position, const Streams& streams,
                  const std::string& tenant = "default") {
    const PartitionSpan partition = PartitionFor(kRecent, clock_.NowMs());
    SegmentBuilder builder({.tenant = tenant,
                            .origin = SegmentOrigin::kCut,
                            .position = {position},
                            .producer = 1,
                            .span = {}},
                           partition);
    for (const auto& [app, lines] : streams) {
      std::vector<model::LogEntryView> entries;
      for (const auto& [time, line] : lines) {
        entries.push_back(
            {.timestamp = (kRecent + time) * kMs, .line = line, .structured_metadata = {}});
      }
      const model::Labels labels{{"app", app}};
      ASSERT_TRUE(builder.AddStream(labels.view(), entries).ok());
    }
    auto segment = builder.Finish();
    ASSERT_TRUE(segment.ok()) << segment.status();
    const absl::Status status = TryCommit(1, position, {*std::move(segment)});
    ASSERT_TRUE(status.ok()) << status;
  }

  LogDeletion Deletion(std::vector<model::Matcher> matchers, std::vector<LineTest> tests = {},
                       model::TimeRange range = {}) {
    return {.matchers = Matchers(std::move(matchers)),
            .range = range,
            .tests = std::move(tests),
            .query = "as it was asked",
            .created_at = clock_.NowMs(),
            .final_at = clock_.NowMs()};
  }
  std::string Delete(const LogDeletion& deletion, const std::string& tenant = "default") {
    const auto id = store_->DeleteLogs(ContextOf(tenant), deletion);
    EXPECT_TRUE(id.ok()) << id.status();
    return id.value_or("");
  }

  Streams Ask(LogSelection selection = {}, const std::string& tenant = "default") {
    if (selection.range == LogRange()) {
      selection.range = {.begin = 0, .end = (kTestNow + kHourMs) * kMs};
    }
    Collect<LogBatch> found;
    const absl::Status status = store_->SelectLogs(ContextOf(tenant), selection, found);
    EXPECT_TRUE(status.ok()) << status;
    Streams streams;
    for (const LogBatch& batch : found.items) {
      if (batch.timestamps.empty()) continue;
      Lines& lines = streams[std::string(batch.stream->Get("app"))];
      for (size_t i = 0; i < batch.timestamps.size(); ++i) {
        const std::string line(batch.lines.empty() ? "" : batch.lines[i]);
        lines.emplace_back(batch.timestamps[i] / kMs - kRecent, line);
      }
    }
    return streams;
  }

  uint64_t Samples() { return StatsOf(*store_).samples; }
};

TEST_F(LogDeletionTest, HidesTheSelectedStreamsAtOnceAndAfterARestart) {
  CommitLogs(100, {{"shop", Numbered(10)}, {"till", Numbered(10)}});
  Delete(Deletion({kShop}, {}, {kRecent + 3, kRecent + 5}));
  const Lines left =
      Without(Numbered(10), [](int64_t time, const auto&) { return 3 <= time && time <= 5; });
  for (int restart = 0; restart < 2; ++restart) {
    EXPECT_EQ(Ask(), (Streams{{"shop", left}, {"till", Numbered(10)}}));
    Reopen();
  }
}

TEST_F(LogDeletionTest, AFilterSelectsLines) {
  CommitLogs(100, {{"shop", {{1, "an error"}, {1, "fine"}, {1, "error too"}, {2, "fine"}}},
                   {"till", {{1, "an error"}}}});
  Delete(Deletion({kShop}, {kError}));
  const Streams left = {{"shop", {{1, "fine"}, {2, "fine"}}}, {"till", {{1, "an error"}}}};
  EXPECT_EQ(Ask(), left);
  Reopen();
  EXPECT_EQ(Ask(), left);
}

TEST_F(LogDeletionTest, ManyPagesInBothOrdersWithEveryColumnAndFilter) {
  CommitLogs(100, {{"shop", Numbered(kManyLines)}, {"till", Numbered(100)}});
  Delete(Deletion({kShop}, {kEvenNumber}, {kRecent + 10'000, kRecent + 50'000}));
  Delete(Deletion({kShop}, {}, {kRecent + 60'000, kRecent + 70'000}));
  const Lines left = Without(Numbered(kManyLines), [](int64_t time, const std::string& line) {
    return (10'000 <= time && time <= 50'000 && IsEven(time, line)) ||
           (60'000 <= time && time <= 70'000);
  });
  EXPECT_EQ(Ask().at("shop"), left);
  LogSelection selection;
  selection.order = LogOrder::kBackward;
  EXPECT_EQ(Ask(selection).at("shop"), Lines(left.rbegin(), left.rend()));
  for (const LineColumn lines : {LineColumn::kNone, LineColumn::kSizes}) {
    selection = {};
    selection.lines = lines;
    EXPECT_EQ(Ask(selection).at("shop").size(), left.size());
  }
  selection = {};
  selection.tests = {
      {.kind = LineTest::Kind::kContains, .alternatives = {"999"}, .negated = false}};
  EXPECT_EQ(Ask(selection).at("shop"), Without(left, [](int64_t, const std::string& line) {
              return line.find("999") == std::string::npos;
            }));
  EXPECT_EQ(Ask(selection).count("till"), 0u);
}

TEST_F(LogDeletionTest, ALimitCountsWhatIsLeft) {
  CommitLogs(100, {{"shop", Numbered(1000)}});
  Delete(Deletion({kShop}, {}, {kRecent, kRecent + 99}));
  Delete(Deletion({kShop}, {kEvenNumber}));
  LogSelection selection;
  selection.limit = 3;
  const Lines first = Ask(selection).at("shop");
  ASSERT_GE(first.size(), 3u);
  EXPECT_EQ(Lines(first.begin(), first.begin() + 3),
            (Lines{{101, "line 101"}, {103, "line 103"}, {105, "line 105"}}));
}

TEST_F(LogDeletionTest, VolumesCountWhatIsLeft) {
  CommitLogs(100, {{"shop", Numbered(10)}, {"till", Numbered(10)}});
  Delete(Deletion({kShop}, {kEvenNumber}));
  const auto volumes = store_->StreamVolumes(
      ContextOf("default"),
      {.selections = {}, .range = {.begin = 0, .end = kTestNow * kMs}, .limit = 0});
  ASSERT_TRUE(volumes.ok());
  std::map<std::string, uint64_t> entries;
  for (const StreamVolume& volume : *volumes) {
    entries[std::string(volume.stream.Get("app"))] = volume.entries;
  }
  EXPECT_EQ(entries, (std::map<std::string, uint64_t>{{"shop", 5}, {"till", 10}}));
}

TEST_F(LogDeletionTest, WhatIsStoredLaterIsSeenAlsoAfterAMerge) {
  CommitLogs(100, {{"shop", Numbered(10)}});
  Delete(Deletion({kShop}, {kEvenNumber}));
  for (uint64_t cut = 1; cut <= 20; ++cut) {
    CommitLogs(100 + cut, {{"shop", {{4, "line 4"}, {20 + cut, "later " + std::to_string(cut)}}}});
  }
  Lines left = Without(Numbered(10), IsEven);
  left.insert(left.begin() + 2, {4, "line 4"});
  for (int64_t cut = 1; cut <= 20; ++cut)
    left.emplace_back(20 + cut, "later " + std::to_string(cut));
  EXPECT_EQ(Ask(), (Streams{{"shop", left}}));
  ASSERT_TRUE(store_->RunMaintenance().ok());
  EXPECT_LT(StatsOf(*store_).segments, 21u);
  EXPECT_EQ(Ask(), (Streams{{"shop", left}}));
}

TEST_F(LogDeletionTest, CleaningRemovesWhatIsHiddenAndChangesNoAnswer) {
  CommitLogs(100, {{"shop", Numbered(100)}, {"till", Numbered(10)}});
  Delete(Deletion({kShop}, {kEvenNumber}));
  EXPECT_EQ(Samples(), 110u);
  ASSERT_TRUE(store_->CleanTombstones(ContextOf("default")).ok());
  EXPECT_EQ(Samples(), 60u);
  EXPECT_EQ(Ask(), (Streams{{"shop", Without(Numbered(100), IsEven)}, {"till", Numbered(10)}}));
}

TEST_F(LogDeletionTest, StreamsAreNotHiddenByDeletionsOfSeriesNorSeriesByThoseOfEntries) {
  CommitLogs(100, {{"shop", Numbered(10)}});
  Commit(200, {{Metric("up", {{"app", "shop"}}), Ramp(kRecent, 10)}});
  ASSERT_TRUE(store_->Delete(ContextOf("default"), {{Matchers({kShop}), {}}}).ok());
  EXPECT_EQ(Ask(), (Streams{{"shop", Numbered(10)}}));
  EXPECT_TRUE(StoreFixture::Ask().empty());
  Commit(300, {{Metric("up", {{"app", "shop"}}), Ramp(kRecent, 10)}});
  Delete(Deletion({kShop}));
  EXPECT_TRUE(Ask().empty());
  EXPECT_EQ(StoreFixture::Ask().size(), 1u);
}

TEST_F(LogDeletionTest, TenantsAreApart) {
  CommitLogs(100, {{"shop", Numbered(10)}}, "a");
  CommitLogs(200, {{"shop", Numbered(10)}}, "b");
  const std::string id = Delete(Deletion({kShop}), "a");
  EXPECT_TRUE(Ask({}, "a").empty());
  EXPECT_EQ(Ask({}, "b").size(), 1u);
  EXPECT_TRUE(store_->LogDeletions(ContextOf("b"))->empty());
  EXPECT_TRUE(absl::IsNotFound(store_->CancelLogDeletion(ContextOf("b"), id)));
}

TEST_F(LogDeletionTest, UntilItIsFinalItCanBeCancelledAndNothingIsRemoved) {
  CommitLogs(100, {{"shop", Numbered(10)}});
  LogDeletion deletion = Deletion({kShop});
  deletion.final_at = clock_.NowMs() + 1000;
  const std::string id = Delete(deletion);
  for (uint64_t cut = 1; cut <= 20; ++cut) CommitLogs(100 + cut, {{"till", Numbered(10)}});
  EXPECT_EQ(Ask().count("shop"), 0u);
  ASSERT_TRUE(store_->RunMaintenance().ok());
  ASSERT_TRUE(store_->CleanTombstones(ContextOf("default")).ok());
  EXPECT_LT(StatsOf(*store_).segments, 21u);  // Of those that it does not concern.
  Reopen();
  EXPECT_EQ(Ask().count("shop"), 0u);
  ASSERT_TRUE(store_->CancelLogDeletion(ContextOf("default"), id).ok());
  EXPECT_EQ(Ask().at("shop"), Numbered(10));
  EXPECT_TRUE(store_->LogDeletions(ContextOf("default"))->empty());
  Reopen();
  EXPECT_EQ(Ask().at("shop"), Numbered(10));
  EXPECT_TRUE(absl::IsNotFound(store_->CancelLogDeletion(ContextOf("default"), id)));
}

TEST_F(LogDeletionTest, OnceItIsFinalItIsCarriedOut) {
  CommitLogs(100, {{"shop", Numbered(10)}});
  LogDeletion deletion = Deletion({kShop});
  deletion.final_at = clock_.NowMs() + 1000;
  const std::string id = Delete(deletion);
  clock_.SetMs(deletion.final_at);
  EXPECT_TRUE(absl::IsFailedPrecondition(store_->CancelLogDeletion(ContextOf("default"), id)));
  ASSERT_TRUE(store_->CleanTombstones(ContextOf("default")).ok());
  EXPECT_EQ(Samples(), 0u);
}

TEST_F(LogDeletionTest, IsListedForThirtyDays) {
  CommitLogs(100, {{"shop", Numbered(10)}});
  const std::string id = Delete(Deletion({kShop}, {kError}, {5, 6}));
  const LogDeletionRecord record = {.id = id,
                                    .query = "as it was asked",
                                    .range = {5, 6},
                                    .created_at = kTestNow,
                                    .final_at = kTestNow};
  ASSERT_TRUE(store_->RunMaintenance().ok());
  Reopen();
  EXPECT_EQ(*store_->LogDeletions(ContextOf("default")), std::vector<LogDeletionRecord>{record});
  clock_.SetMs(kTestNow + 30 * 24 * kHourMs);
  ASSERT_TRUE(store_->RunMaintenance().ok());
  EXPECT_TRUE(store_->LogDeletions(ContextOf("default"))->empty());
}

TEST_F(LogDeletionTest, WhatMakesNoSenseIsRefused) {
  EXPECT_TRUE(
      absl::IsInvalidArgument(store_->DeleteLogs(ContextOf("default"), Deletion({})).status()));
  const LineTest broken = {
      .kind = LineTest::Kind::kMatches, .alternatives = {"("}, .negated = false};
  EXPECT_TRUE(absl::IsInvalidArgument(
      store_->DeleteLogs(ContextOf("default"), Deletion({kShop}, {broken})).status()));
  EXPECT_TRUE(absl::IsNotFound(store_->CancelLogDeletion(ContextOf("default"), "x")));
  EXPECT_TRUE(store_->LogDeletions(ContextOf("default"))->empty());
}

}  // namespace
}  // namespace tidegate::storage
