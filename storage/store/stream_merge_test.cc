#include "storage/store/stream_merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "storage/logs/line_filter.h"
#include "storage/logs/template_filter.h"
#include "storage/page/segment_builder.h"
#include "storage/partition/partition.h"

namespace tidegate::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Entries = std::vector<model::LogEntry>;

constexpr PartitionSpan kSpan = {.begin = 0, .duration = kDayMs};
const model::Labels kStream({{"app", "x"}});

class MapSource final : public PageSource {
 public:
  absl::StatusOr<std::string> Read(std::string_view key) const override {
    ++reads;
    const auto found = values.find(std::string(key));
    if (found == values.end()) return absl::NotFoundError("no such page");
    return found->second;
  }
  std::map<std::string, std::string> values;
  mutable int reads = 0;
};

// Segments of one stream, ascending by rank.
class Segments {
 public:
  explicit Segments(const std::vector<Entries>& segments) {
    for (size_t i = 0; i < segments.size(); ++i) {
      SegmentId id;
      id.tenant = "t";
      id.position.value = i;
      SegmentBuilder builder(id, kSpan);
      EXPECT_TRUE(builder.AddStream(kStream.view(), segments[i]).ok());
      const auto segment = builder.Finish();
      EXPECT_TRUE(segment.ok());
      auto source = std::make_unique<MapSource>();
      source->values.insert(segment->pages.begin(), segment->pages.end());
      ids_.push_back(ParsePageKey(segment->pages.front().first)->id);
      sources_.push_back(std::move(source));
    }
  }

  std::vector<LogBatch> Batches(const LogRead& read) {
    std::vector<std::unique_ptr<SegmentReader>> readers;
    std::vector<StreamMerge::Input> inputs;
    for (size_t i = 0; i < ids_.size(); ++i) {
      SegmentReader::Input input;
      input.id = ids_[i];
      input.index = *ReadIndex(ids_[i], PageKind::kStreamIndex, *sources_[i]);
      input.source = sources_[i].get();
      input.pool = &pool_;
      input.damage_fn = [this](const PageDamage& d) { damage.push_back(d.status); };
      readers.push_back(std::make_unique<SegmentReader>(std::move(input)));
      inputs.push_back({.reader = readers.back().get(), .series = 0});
    }
    StreamMerge merge(std::move(inputs), read);
    std::vector<LogBatch> batches;
    while (true) {
      auto batch = merge.Next();
      EXPECT_TRUE(batch.ok()) << batch.status();
      if (!batch.ok() || batch->timestamps.empty()) return batches;
      batches.push_back(*std::move(batch));
    }
  }

  Entries Read(const LogRead& read) {
    Entries entries;
    for (const LogBatch& batch : Batches(read)) {
      EXPECT_EQ(batch.lines.size(), batch.timestamps.size());
      EXPECT_EQ(batch.line_sizes.size(), batch.timestamps.size());
      for (size_t i = 0; i < batch.lines.size(); ++i) {
        entries.push_back(
            {batch.timestamps[i], std::string(batch.lines[i]),
             batch.metadata.empty() ? model::Labels() : batch.metadata_sets[batch.metadata[i]]});
      }
    }
    return entries;
  }

  MapSource& source(size_t i) { return *sources_[i]; }
  std::vector<absl::Status> damage;

 private:
  std::vector<SegmentId> ids_;
  std::vector<std::unique_ptr<MapSource>> sources_;
  TimeColumnPool pool_;
};

LogRead Everything(LogOrder order = LogOrder::kForward) {
  LogRead read;
  read.range = {.begin = INT64_MIN, .end = INT64_MAX};
  read.order = order;
  return read;
}

bool Same(const model::LogEntry& a, const model::LogEntry& b) {
  return a.timestamp == b.timestamp && a.line == b.line &&
         a.structured_metadata == b.structured_metadata;
}

// What a reader that held everything in memory would say.
Entries Expected(const std::vector<Entries>& segments, const LogRead& read) {
  Entries all;
  for (const Entries& entries : segments) all.insert(all.end(), entries.begin(), entries.end());
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.timestamp < b.timestamp; });
  Entries kept;
  for (const model::LogEntry& entry : all) {
    if (entry.timestamp < read.range.begin || entry.timestamp >= read.range.end) continue;
    if (read.filter != nullptr && !read.filter->Holds(entry.line)) continue;
    if (std::none_of(kept.begin(), kept.end(), [&](const auto& one) { return Same(one, entry); })) {
      kept.push_back(entry);
    }
  }
  if (read.order == LogOrder::kBackward) std::ranges::reverse(kept);
  return kept;
}

std::vector<std::string> LinesOf(const Entries& entries) {
  std::vector<std::string> lines;
  for (const model::LogEntry& entry : entries) lines.push_back(entry.line);
  return lines;
}

TEST(StreamMergeTest, SegmentsBesideEachOtherAreHandedOnPageByPage) {
  Segments segments({{{1, "a", {}}, {2, "b", {}}}, {{3, "c", {}}}});
  EXPECT_THAT(LinesOf(segments.Read(Everything())), ElementsAre("a", "b", "c"));
  EXPECT_THAT(LinesOf(segments.Read(Everything(LogOrder::kBackward))), ElementsAre("c", "b", "a"));
  EXPECT_EQ(segments.Batches(Everything()).size(), 2u);
}

TEST(StreamMergeTest, WhatSeveralSegmentsHoldComesOnceInTheOrderOfArrival) {
  const model::Labels trace({{"trace", "1"}});
  Segments segments({{{5, "b", {}}, {5, "a", {}}, {9, "z", {}}},
                     {{1, "first", {}}, {5, "c", {}}, {5, "a", {}}, {5, "a", trace}}});
  EXPECT_THAT(LinesOf(segments.Read(Everything())), ElementsAre("first", "b", "a", "c", "a", "z"));
  EXPECT_THAT(LinesOf(segments.Read(Everything(LogOrder::kBackward))),
              ElementsAre("z", "a", "c", "a", "b", "first"));
}

TEST(StreamMergeTest, SegmentsThatTouchAreComparedWhereTheyTouch) {
  Segments segments({{{1, "a", {}}, {5, "b", {}}}, {{5, "b", {}}, {7, "c", {}}}});
  EXPECT_THAT(LinesOf(segments.Read(Everything())), ElementsAre("a", "b", "c"));
  LogRead counts = Everything();
  counts.lines = LineColumn::kNone;
  counts.structured_metadata = false;
  size_t entries = 0;
  for (const LogBatch& batch : segments.Batches(counts)) entries += batch.timestamps.size();
  EXPECT_EQ(entries, 3u);
}

TEST(StreamMergeTest, CountsReadTheHeadsOnly) {
  Segments segments({{{1, "a", model::Labels({{"n", "1"}})}}, {{2, "b", {}}}});
  LogRead counts = Everything();
  counts.lines = LineColumn::kSizes;
  counts.structured_metadata = false;
  const auto batches = segments.Batches(counts);
  ASSERT_EQ(batches.size(), 2u);
  EXPECT_THAT(batches[0].line_sizes, ElementsAre(1));
  EXPECT_EQ(segments.source(0).reads, 2) << "the index, the head";
  EXPECT_EQ(segments.source(1).reads, 2);
}

TEST(StreamMergeTest, ANeedleThatIsNowhereReadsTheHeadsOnly) {
  Segments segments({{{1, "up 1", {}}, {2, "up 2", {}}, {3, "up 3", {}}, {4, "plain", {}}}});
  const std::vector<LineTest> tests = {{LineTest::Kind::kContains, {"needle"}, false}};
  const auto filter = LineFilter::Compile(tests);
  const TemplateFilter templates(tests);
  LogRead read = Everything();
  read.filter = &*filter;
  read.templates = &templates;
  EXPECT_THAT(segments.Read(read), IsEmpty());
  EXPECT_EQ(segments.source(0).reads, 2) << "the index, the head";
}

TEST(StreamMergeTest, RandomSegmentsAnswerAsMemoryWould) {
  std::mt19937_64 random(5);
  const std::vector<LineTest> tests = {{LineTest::Kind::kContains, {"1"}, false},
                                       {LineTest::Kind::kMatches, {"x+[0-4]"}, true}};
  const auto filter = LineFilter::Compile(tests);
  const TemplateFilter templates(tests);
  for (int round = 0; round < 60; ++round) {
    std::vector<Entries> all(1 + random() % 4);
    const int64_t spread = static_cast<int64_t>(1 + random() % 40);
    for (size_t s = 0; s < all.size(); ++s) {
      // Apart, beside each other, or over one another.
      const auto begin = static_cast<int64_t>(s * (random() % 30));
      for (size_t i = 0; i < 1 + random() % 40; ++i) {
        std::string line =
            "n " + std::to_string(random() % 4) + " x" + std::to_string(random() % 6);
        // Some rounds have pages of a few entries.
        if (round % 10 == 0) line += std::string(400'000, 'y');
        all[s].push_back({begin + static_cast<int64_t>(random() % static_cast<uint64_t>(spread)),
                          std::move(line),
                          random() % 3 == 0 ? model::Labels({{"m", "1"}}) : model::Labels()});
      }
      std::stable_sort(all[s].begin(), all[s].end(),
                       [](const auto& a, const auto& b) { return a.timestamp < b.timestamp; });
    }
    Segments segments(all);
    for (const LogOrder order : {LogOrder::kForward, LogOrder::kBackward}) {
      for (const bool filtered : {false, true}) {
        LogRead read = Everything(order);
        if (random() % 2 == 0) read.range = {.begin = 3, .end = 30};
        if (filtered) read.filter = &*filter;
        if (filtered) read.templates = &templates;
        const Entries found = segments.Read(read);
        const Entries expected = Expected(all, read);
        ASSERT_EQ(found.size(), expected.size()) << "round " << round;
        for (size_t i = 0; i < found.size(); ++i) {
          ASSERT_TRUE(Same(found[i], expected[i])) << "round " << round << ", entry " << i;
        }
      }
    }
  }
}

TEST(StreamMergeTest, DamageIsNamedAndTheRestComes) {
  const std::vector<Entries> all = {{{1, "a 1", model::Labels({{"m", "1"}})}}, {{2, "b 2", {}}}};
  for (const auto& [kind, text] :
       std::vector<std::pair<PageKind, std::string>>{{PageKind::kLogPage, "checksum"},
                                                     {PageKind::kLogLines, "its lines"},
                                                     {PageKind::kLogMetadata, "its metadata"}}) {
    Segments segments(all);
    for (auto& [key, value] : segments.source(0).values) {
      if (ParsePageKey(key)->kind == kind) value[value.size() / 2] ^= 1;
    }
    EXPECT_THAT(LinesOf(segments.Read(Everything())), ElementsAre("b 2"));
    ASSERT_EQ(segments.damage.size(), 1u);
    EXPECT_TRUE(absl::IsDataLoss(segments.damage[0]));
    EXPECT_THAT(std::string(segments.damage[0].message()), testing::HasSubstr(text));
  }
}

}  // namespace
}  // namespace tidegate::storage
