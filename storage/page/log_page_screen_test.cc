#include "storage/page/log_page_screen.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "model/labels.h"
#include "storage/logs/line_filter.h"
#include "storage/page/segment_builder.h"
#include "storage/partition/partition.h"

namespace tidegate::storage {
namespace {

using Kind = LineTest::Kind;

constexpr model::TimestampNs kTime = 1'700'000'000'000'000'000;

// Counts what is read of each kind.
class Pages final : public PageSource {
 public:
  absl::StatusOr<std::string> Read(std::string_view key) const override {
    const auto parsed = ParsePageKey(key);
    if (!parsed.ok()) return parsed.status();
    ++reads[parsed->kind];
    const auto at = values.find(std::string(key));
    if (at == values.end()) return absl::NotFoundError("no such page");
    return at->second;
  }
  std::map<std::string, std::string> values;
  mutable std::map<PageKind, int> reads;
};

// Lines of three programs: identifiers, numbers around 1,400,000,000, and prose.
std::vector<std::string> Lines() {
  std::mt19937_64 random(5);
  std::vector<std::string> lines;
  for (int i = 0; i < 600; ++i) {
    char text[160];
    std::snprintf(text, sizeof text, "took %d ms trace=%016llx from 10.0.%d.%d",
                  static_cast<int>(random() % 1200), static_cast<unsigned long long>(random()),
                  static_cast<int>(random() % 3), static_cast<int>(random() % 250));
    lines.emplace_back(text);
    lines.push_back("task " + std::to_string(1'400'000'000 + random() % 1'000'000) + " is done");
    if (i % 100 == 0) lines.push_back("rare: " + std::string(static_cast<size_t>(1 + i / 50), '!'));
  }
  return lines;
}

class LogPageScreenTest : public testing::Test {
 protected:
  // A segment of one page.
  LogPageScreenTest() : lines_(Lines()) {
    const PartitionSpan span = SpanContaining(kTime / 1'000'000, kPartitionWidths[0]);
    id_ = {.tenant = "a", .position = LogPosition{7}, .producer = 1, .span = span};
    SegmentBuilder builder(id_, span);
    std::vector<model::LogEntryView> entries;
    for (const std::string& line : lines_) {
      entries.push_back({kTime + static_cast<int64_t>(entries.size()), line, {}});
    }
    EXPECT_TRUE(builder.AddStream(model::Labels({{"app", "x"}}).view(), entries).ok());
    const auto segment = builder.Finish();
    EXPECT_TRUE(segment.ok()) << segment.status();
    for (const auto& [key, value] : segment->pages) pages_.values[key] = value;
  }

  bool MayPass(const std::vector<LineTest>& tests) {
    pages_.reads.clear();
    auto outlines = ReadLogOutlines(id_, pages_);
    EXPECT_TRUE(outlines.ok()) << outlines.status();
    const TemplateFilter filter(tests);
    LogPageScreen screen({.id = id_,
                          .outlines = *std::move(outlines),
                          .filter = &filter,
                          .source = &pages_,
                          .context = &context_});
    const auto may = screen.MayPass(0);
    EXPECT_TRUE(may.ok()) << may.status();
    const int lines_read = pages_.reads[PageKind::kLogLines];
    EXPECT_EQ(*screen.MayPass(0), *may);
    EXPECT_EQ(pages_.reads[PageKind::kLogLines], lines_read);
    EXPECT_EQ(pages_.reads[PageKind::kLogPage], 0);
    return *may;
  }
  bool MayHold(const std::string& literal) {
    return MayPass({{Kind::kContains, {literal}, false}});
  }
  // Of what was asked last.
  bool ReadColumns() { return pages_.reads[PageKind::kLogLines] > 0; }

  const std::vector<std::string> lines_;
  SegmentId id_;
  Pages pages_;
  model::RequestContext context_;
};

TEST_F(LogPageScreenTest, AbsentNeedlesReadNoColumn) {
  for (const char* needle : {"no-such-needle-7f3a", "tock", "task 15", "9999999999999999999",
                             "172.16.254.31", "from 10.1.0.0", "trace=g", "10.0.0.251", "rarely"}) {
    EXPECT_FALSE(MayHold(needle)) << needle;
    EXPECT_FALSE(ReadColumns()) << needle;
  }
}

TEST_F(LogPageScreenTest, IdentifiersReadTheColumnsWhereTheyCouldStand) {
  EXPECT_FALSE(MayHold("f0f1e2d3c4b5"));
  EXPECT_TRUE(ReadColumns());
  const size_t at = lines_[0].find("trace=") + 6;
  EXPECT_TRUE(MayHold(lines_[0].substr(at, 16)));
  EXPECT_TRUE(MayHold(lines_[0].substr(at + 3, 9)));
}

TEST_F(LogPageScreenTest, WhatEveryLineOfATemplateHoldsReadsNoColumn) {
  EXPECT_TRUE(MayHold("took "));
  EXPECT_FALSE(ReadColumns());
}

TEST_F(LogPageScreenTest, ExpressionsAreLeftToTheReading) {
  EXPECT_TRUE(MayPass({{Kind::kMatches, {"took [0-9]+ ms"}, false}}));
  EXPECT_FALSE(ReadColumns());
  EXPECT_FALSE(MayPass({{Kind::kMatches, {"nothing like [0-9]+ that"}, false}}));
}

TEST_F(LogPageScreenTest, NegatedTests) {
  EXPECT_TRUE(MayPass({{Kind::kContains, {"took"}, true}}));
  EXPECT_FALSE(MayPass({{Kind::kContains, {" "}, true}}));
}

// Whatever some line holds may pass: pieces of lines, of every size.
TEST_F(LogPageScreenTest, NeverLeavesOutALine) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 4000; ++i) {
    const std::string& line = lines_[random() % lines_.size()];
    const size_t begin = random() % line.size();
    const std::string piece = line.substr(begin, 1 + random() % (line.size() - begin));
    EXPECT_TRUE(MayHold(piece)) << piece;
  }
}

// A page whose lines are damaged is left to those who read it; other errors are told.
TEST_F(LogPageScreenTest, DamageAndCancellation) {
  pages_.values[PageKey(id_, 0, PageKind::kLogLines)].back() ^= 1;
  EXPECT_TRUE(MayHold("f0f1e2d3c4b5"));
  context_.Cancel();
  const TemplateFilter filter(std::vector<LineTest>{{Kind::kContains, {"x"}, false}});
  LogPageScreen screen({.id = id_,
                        .outlines = *ReadLogOutlines(id_, pages_),
                        .filter = &filter,
                        .source = &pages_,
                        .context = &context_});
  EXPECT_TRUE(absl::IsCancelled(screen.MayPass(0).status()));
}

TEST_F(LogPageScreenTest, DamagedOutlinesAreDataLoss) {
  std::string& value = pages_.values[PageKey(id_, kLogOutlinesOrdinal, PageKind::kLogOutlines)];
  ASSERT_FALSE(value.empty());
  value[value.size() / 2] ^= 1;
  EXPECT_TRUE(absl::IsDataLoss(ReadLogOutlines(id_, pages_).status()));
}

}  // namespace
}  // namespace tidegate::storage
