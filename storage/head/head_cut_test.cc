// What a cut seals is what the head answered, read back through the page room.

#include <algorithm>
#include <bit>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/head.h"
#include "storage/head/head_tester.h"
#include "storage/log/fake_log.h"
#include "storage/page/segment_reader.h"
#include "storage/partition/partition.h"

namespace tidegate::storage::head {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr model::TimestampMs kNow = 1'700'000'000'000;
constexpr uint64_t kProducer = 7;

LabelPairs SeriesOf(int i) {
  return {{"Zone", std::to_string(i % 3)},  // Sorts before __name__.
          {"__name__", "m" + std::to_string(i % 4)},
          {"i", std::to_string(i)}};
}

class SegmentPages final : public PageSource {
 public:
  explicit SegmentPages(const SealedSegment& segment)
      : pages_(segment.pages.begin(), segment.pages.end()) {}
  absl::StatusOr<std::string> Read(std::string_view key) const override {
    const auto found = pages_.find(std::string(key));
    if (found == pages_.end()) return absl::NotFoundError("no such page");
    return found->second;
  }

 private:
  std::map<std::string, std::string> pages_;
};

// Adds what a segment holds to `answer`, exemplars and entries to the counts.
struct SealedAnswer {
  Answer metrics;
  size_t exemplars = 0;
  std::vector<std::string> lines;
};

void ReadSegment(const SealedSegment& segment, SealedAnswer* answer) {
  const auto parsed = ParsePageKey(segment.pages.front().first);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->id.tenant, segment.tenant);
  EXPECT_EQ(parsed->id.producer, kProducer);
  const SegmentPages pages(segment);
  TimeColumnPool pool;
  for (const PageKind kind : {PageKind::kMetricIndex, PageKind::kStreamIndex}) {
    const auto index = ReadIndex(parsed->id, kind, pages);
    if (absl::IsNotFound(index.status())) continue;
    ASSERT_TRUE(index.ok()) << index.status().ToString();
    SegmentReader reader({.id = parsed->id,
                          .index = *index,
                          .source = &pages,
                          .pool = &pool,
                          .damage_fn = [](const PageDamage&) { ADD_FAILURE(); },
                          .streams = {}});
    LabelWalker labels(index->get());
    for (uint32_t i = 0; i < (*index)->series_count(); ++i) {
      const std::string name = model::ToString(labels.At(i));
      if (kind == PageKind::kStreamIndex) {
        LogRead everything;
        everything.range = {.begin = INT64_MIN, .end = INT64_MAX};
        for (const PageEntry* entry : reader.LogPagesOf(i, everything.range)) {
          const auto batch = reader.ReadLogs(*entry, i, everything);
          ASSERT_TRUE(batch.ok());
          answer->lines.insert(answer->lines.end(), batch->lines.begin(), batch->lines.end());
        }
        continue;
      }
      std::vector<FloatPart> floats;
      std::vector<model::HistogramSample> histograms;
      std::vector<model::Exemplar> exemplars;
      ASSERT_TRUE(reader.ReadFloats(i, {}, &floats).ok());
      ASSERT_TRUE(reader.ReadHistograms(i, {}, &histograms).ok());
      ASSERT_TRUE(reader.ReadExemplars(i, {}, &exemplars).ok());
      answer->exemplars += exemplars.size();
      if (floats.empty() && histograms.empty()) continue;
      Answer::Series& series = answer->metrics.series[name];
      for (const FloatPart& part : floats) {
        for (size_t n = 0; n < part.values.size(); ++n) {
          const model::TimestampMs t = (*part.times.column)[part.times.begin + n];
          EXPECT_EQ(PartitionFor(t, kNow), segment.partition) << t;
          EXPECT_TRUE(segment.range.Contains(t));
          series.samples[t] = std::bit_cast<uint64_t>(part.values[n]);
          if (!part.start_timestamps.empty() && part.start_timestamps[n] != 0) {
            series.starts[t] = part.start_timestamps[n];
          }
        }
      }
      for (const model::HistogramSample& histogram : histograms) {
        model::EncodeHistogram(histogram.histogram, &series.histograms[histogram.timestamp]);
      }
    }
  }
}

class HeadCutTest : public ::testing::Test {
 protected:
  void Append(BatchBuilder& batch, const std::string& tenant = "a") {
    const auto result = head_->Append(TestContext(tenant), batch.batch(), TestAdmission());
    ASSERT_TRUE(result.ok());
    ASSERT_THAT(result->rejections, IsEmpty());
  }

  std::vector<SealedSegment> Seal(const HeadCut& cut, model::TimestampMs now = kNow) {
    std::vector<SealedSegment> segments;
    const absl::Status status = cut.Seal(kProducer, now, [&](SealedSegment segment) {
      segments.push_back(std::move(segment));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status.ToString();
    return segments;
  }

  FakeLog log_;
  std::unique_ptr<Head> head_ = CreateHead({}, &log_);
};

TEST_F(HeadCutTest, SegmentsHoldWhatTheHeadAnswered) {
  BatchBuilder batch;
  for (int i = 0; i < 40; ++i) {
    batch.Series(SeriesOf(i));
    for (int n = 0; n < 700; ++n) {  // Over several chunks and partitions.
      batch.Sample(kNow - (700 - n) * 15'000, n % (i + 1), i == 3 ? kNow - 20'000'000 : 0);
    }
    batch.Histogram(kNow - 999, TestHistogram(static_cast<uint64_t>(i)));
  }
  Append(batch);
  BatchBuilder late;
  late.Series(SeriesOf(5)).Sample(kNow - 3 * kDayMs, 1).Sample(kNow - 400 * kDayMs, 2);
  late.Series(SeriesOf(6)).Sample(kNow - 15'001, model::StaleNan()).Sample(-5, 1);
  Append(late);

  const Answer before = SelectAll(*head_);
  const auto cut = *head_->Cut();
  const std::vector<SealedSegment> segments = Seal(*cut);
  SealedAnswer sealed;
  for (const SealedSegment& segment : segments) {
    ASSERT_NO_FATAL_FAILURE(ReadSegment(segment, &sealed));
  }
  EXPECT_EQ(sealed.metrics, before);
  std::vector<PartitionSpan> partitions;
  for (const SealedSegment& segment : segments) partitions.push_back(segment.partition);
  EXPECT_TRUE(std::ranges::is_sorted(partitions));
  EXPECT_EQ(std::ranges::adjacent_find(partitions), partitions.end()) << "each partition once";
  EXPECT_GE(partitions.size(), 5u);
}

TEST_F(HeadCutTest, SealingAgainGivesTheSameBytes) {
  for (int round = 0; round < 3; ++round) {
    BatchBuilder batch;
    for (int i = 20; i > 0; --i) batch.Series(SeriesOf(i)).Sample(kNow - 100 + round, i);
    Append(batch, "b");
    Append(batch, "a");
  }
  const auto cut = *head_->Cut();
  const std::vector<SealedSegment> first = Seal(*cut);
  BatchBuilder more;  // The index grows meanwhile.
  more.Series(SeriesOf(100)).Sample(kNow, 1);
  Append(more);
  const std::vector<SealedSegment> second = Seal(*cut);
  ASSERT_EQ(first.size(), 2u);
  ASSERT_EQ(second.size(), 2u);
  EXPECT_EQ(first[0].tenant, "a");
  EXPECT_EQ(first[1].tenant, "b");
  for (size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].pages, second[i].pages);
}

TEST_F(HeadCutTest, ReplayedCutSealsToTheSameBytes) {
  BatchBuilder batch;
  for (int i = 0; i < 20; ++i) {
    batch.Series(SeriesOf(i)).Sample(kNow - 100, i).Sample(kNow, i).Sample(kNow - 50, 3);
  }
  Append(batch);
  const auto cut = *head_->Cut();

  std::unique_ptr<Head> replayed = CreateHead({}, &log_);
  ASSERT_TRUE(log_.Replay(
                      {},
                      [&](LogPosition after, std::string_view frame) {
                        return replayed->Replay(after, frame);
                      },
                      [](const LogDamage&) {})
                  .ok());
  const auto again = *replayed->Cut();
  EXPECT_EQ(again->position(), cut->position());
  const std::vector<SealedSegment> first = Seal(*cut);
  const std::vector<SealedSegment> second = Seal(*again);
  ASSERT_EQ(first.size(), second.size());
  for (size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].pages, second[i].pages);
}

TEST_F(HeadCutTest, ExemplarsAndStreamsAreSealedToo) {
  BatchBuilder batch;
  batch.Series(SeriesOf(1)).Exemplar({model::Labels({{"trace_id", "x"}}), 1, kNow});
  batch.Series({{"app", "a"}})
      .Entry({kNow * 1'000'000, "newer", {}})
      .Entry({(kNow - 5 * kHourMs) * 1'000'000 + 7, "older", {}});
  Append(batch);
  SealedAnswer sealed;
  for (const SealedSegment& segment : Seal(**head_->Cut())) {
    ASSERT_NO_FATAL_FAILURE(ReadSegment(segment, &sealed));
  }
  EXPECT_EQ(sealed.exemplars, 1u);
  EXPECT_THAT(sealed.lines, ElementsAre("older", "newer"));
  EXPECT_THAT(sealed.metrics.series, IsEmpty());
}

TEST_F(HeadCutTest, ErrorOfTheReceiverStopsSealing) {
  BatchBuilder batch;
  batch.Series(SeriesOf(1)).Sample(kNow, 1).Sample(kNow - 5 * kHourMs, 1);
  Append(batch);
  const auto cut = *head_->Cut();
  int calls = 0;
  const absl::Status status = cut->Seal(kProducer, kNow, [&](SealedSegment) {
    ++calls;
    return absl::UnavailableError("the store is away");
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(Seal(*cut).size(), 2u) << "and it can be tried again";
}

TEST_F(HeadCutTest, CutOutlivesItsHead) {
  BatchBuilder batch;
  batch.Series(SeriesOf(1)).Sample(kNow, 1);
  Append(batch);
  const auto cut = *head_->Cut();
  head_ = nullptr;
  EXPECT_EQ(Seal(*cut).size(), 1u);
}

}  // namespace
}  // namespace tidegate::storage::head
