// Segments from end to end: built, read back, matched, damaged.

#include <algorithm>
#include <map>
#include <random>

#include "gtest/gtest.h"
#include "storage/page/segment_builder.h"
#include "storage/page/segment_reader.h"
#include "storage/page/series_order.h"
#include "storage/partition/partition.h"

namespace tidegate::storage {
namespace {

constexpr PartitionSpan kSpan = {.begin = 16 * kDayMs, .duration = 16 * kDayMs};

struct Series {
  model::Labels labels;
  std::vector<model::TimestampMs> times;
  std::vector<double> values;
  std::vector<model::TimestampMs> starts;
};

SegmentId IdOf(const std::string& tenant) {
  SegmentId id;
  id.tenant = tenant;
  id.position = {4711};
  id.producer = 7;
  return id;
}

void Sort(std::vector<Series>* all) {
  std::sort(all->begin(), all->end(), [](const Series& a, const Series& b) {
    return CompareSeriesOrder(a.labels.view(), b.labels.view()) < 0;
  });
}

SealedSegment Build(const std::vector<Series>& sorted) {
  SegmentBuilder builder(IdOf("t"), kSpan);
  for (const Series& series : sorted) {
    SeriesInput input;
    input.timestamps = series.times;
    input.values = series.values;
    input.start_timestamps = series.starts;
    EXPECT_TRUE(builder.AddSeries(series.labels.view(), input).ok());
  }
  auto segment = builder.Finish();
  EXPECT_TRUE(segment.ok()) << segment.status();
  return *std::move(segment);
}

class MemorySource final : public PageSource {
 public:
  explicit MemorySource(const SealedSegment& segment)
      : pages(segment.pages.begin(), segment.pages.end()) {}
  absl::StatusOr<std::string> Read(std::string_view key) const override {
    const auto at = pages.find(std::string(key));
    if (at == pages.end()) return absl::NotFoundError("no such page");
    return at->second;
  }
  std::map<std::string, std::string> pages;
};

struct Opened {
  explicit Opened(const SealedSegment& segment) : source(segment) {
    const SegmentId id = ParsePageKey(segment.pages[0].first)->id;
    auto read = ReadIndex(id, PageKind::kMetricIndex, source);
    EXPECT_TRUE(read.ok()) << read.status();
    index = *read;
    SegmentReader::Input input;
    input.id = id;
    input.index = index;
    input.source = &source;
    input.pool = &pool;
    input.damage_fn = [this](const PageDamage& d) { damaged.push_back(d.key); };
    reader = std::make_unique<SegmentReader>(std::move(input));
  }
  MemorySource source;
  TimeColumnPool pool;
  std::shared_ptr<const SeriesIndex> index;
  std::unique_ptr<SegmentReader> reader;
  std::vector<std::string> damaged;
};

// Series of several shapes: labels that some lack, gaps, jitter, specials, start timestamps.
std::vector<Series> RandomSeries(uint64_t seed, int count, int samples) {
  std::mt19937_64 random(seed);
  std::vector<Series> all;
  for (int i = 0; i < count; ++i) {
    Series series;
    std::vector<std::pair<std::string, std::string>> labels = {
        {"__name__", "m" + std::to_string(random() % 5)}, {"i", std::to_string(i)}};
    if (random() % 3 != 0) labels.emplace_back("job", "j" + std::to_string(random() % 4));
    if (random() % 9 == 0) labels.emplace_back("Zone", "z" + std::to_string(random() % 300));
    if (random() % 20 == 0) labels.erase(labels.begin());
    series.labels = model::Labels(std::move(labels));
    model::TimestampMs time = kSpan.begin + static_cast<int64_t>(random() % 1000);
    const bool jitter = random() % 4 == 0;
    const int length = 1 + static_cast<int>(random() % static_cast<uint64_t>(samples));
    for (int s = 0; s < length; ++s) {
      time +=
          15'000 * (random() % 30 == 0 ? 3 : 1) + (jitter ? static_cast<int64_t>(random() % 7) : 0);
      series.times.push_back(time);
      series.values.push_back(i % 3 == 0 ? 5.25 : static_cast<double>(random() % 10000) / 100);
      if (random() % 50 == 0) series.values.back() = model::StaleNan();
    }
    if (i % 6 == 0) series.starts.assign(series.times.size(), kSpan.begin);
    all.push_back(std::move(series));
  }
  Sort(&all);
  return all;
}

Series ReadBack(Opened* opened, uint32_t number, const model::TimeRange& range) {
  Series series;
  std::vector<FloatPart> parts;
  EXPECT_TRUE(opened->reader->ReadFloats(number, range, &parts).ok());
  for (const FloatPart& part : parts) {
    series.times.insert(series.times.end(), part.times.column->begin() + part.times.begin,
                        part.times.column->begin() + part.times.end);
    series.values.insert(series.values.end(), part.values.begin(), part.values.end());
    series.starts.insert(series.starts.end(), part.start_timestamps.begin(),
                         part.start_timestamps.end());
  }
  return series;
}

void ExpectSame(const Series& found, const Series& expected) {
  ASSERT_EQ(found.times, expected.times);
  ASSERT_EQ(found.starts, expected.starts);
  ASSERT_EQ(found.values.size(), expected.values.size());
  for (size_t i = 0; i < found.values.size(); ++i) {
    ASSERT_TRUE(model::SameBits(found.values[i], expected.values[i])) << i;
  }
}

TEST(SegmentTest, EverySampleComesBack) {
  for (const auto& [count, samples] : {std::pair{1, 1}, {300, 40}, {700, 3}, {40, 3000}}) {
    const std::vector<Series> all = RandomSeries(static_cast<uint64_t>(count), count, samples);
    const SealedSegment segment = Build(all);
    Opened opened(segment);
    ASSERT_EQ(opened.index->series_count(), all.size());
    LabelWalker walker(opened.index.get());
    uint64_t total = 0;
    for (uint32_t i = 0; i < all.size(); ++i) {
      ASSERT_EQ(walker.At(i), all[i].labels);
      ASSERT_NO_FATAL_FAILURE(ExpectSame(ReadBack(&opened, i, {}), all[i]));
      EXPECT_EQ(opened.index->RangeOf(i),
                (model::TimeRange{all[i].times.front(), all[i].times.back()}));
      total += all[i].times.size();
    }
    EXPECT_EQ(segment.samples, total);
    EXPECT_EQ(segment.series, all.size());
  }
}

TEST(SegmentTest, ARangeYieldsExactlyItsSamples) {
  const std::vector<Series> all = RandomSeries(9, 30, 2500);
  Opened opened(Build(all));
  const model::TimeRange range{.min = kSpan.begin + 5 * kHourMs, .max = kSpan.begin + 6 * kHourMs};
  for (uint32_t i = 0; i < all.size(); ++i) {
    std::vector<model::TimestampMs> expected;
    for (const model::TimestampMs time : all[i].times) {
      if (range.Contains(time)) expected.push_back(time);
    }
    ASSERT_EQ(ReadBack(&opened, i, range).times, expected);
  }
}

TEST(SegmentTest, TheSameInputMakesTheSameBytes) {
  const std::vector<Series> all = RandomSeries(10, 100, 100);
  EXPECT_EQ(Build(all).pages, Build(all).pages);
}

TEST(SegmentTest, KeysAscendAndBelongToTheSegment) {
  const SealedSegment segment = Build(RandomSeries(11, 600, 100));
  ASSERT_GT(segment.pages.size(), 2u);
  SegmentId id = IdOf("t");
  id.span = kSpan;
  for (size_t i = 0; i < segment.pages.size(); ++i) {
    EXPECT_TRUE(segment.pages[i].first.starts_with(SegmentKeyPrefix(id)));
    if (i > 0) {
      EXPECT_LT(segment.pages[i - 1].first, segment.pages[i].first);
    }
    const auto parsed = ParsePageKey(segment.pages[i].first);
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(parsed->id, id);
  }
}

TEST(SegmentTest, TheCallersMistakesAreNamed) {
  const std::vector<Series> all = RandomSeries(12, 2, 3);
  const auto add = [](SegmentBuilder* builder, const Series& series) {
    SeriesInput input;
    input.timestamps = series.times;
    input.values = series.values;
    return builder->AddSeries(series.labels.view(), input);
  };
  SegmentBuilder order(IdOf("t"), kSpan);
  ASSERT_TRUE(add(&order, all[1]).ok());
  EXPECT_TRUE(absl::IsInternal(add(&order, all[0])));
  EXPECT_TRUE(absl::IsInternal(add(&order, all[1])));
  Series outside = all[0];
  outside.times.assign(outside.times.size(), kSpan.end());
  outside.times.resize(1);
  outside.values.resize(1);
  SegmentBuilder bounds(IdOf("t"), kSpan);
  EXPECT_TRUE(absl::IsInternal(add(&bounds, outside)));
  EXPECT_TRUE(bounds.empty());
  Series twice = all[0];
  twice.times = {kSpan.begin, kSpan.begin};
  twice.values = {1, 2};
  EXPECT_TRUE(absl::IsInternal(add(&bounds, twice)));
}

bool MatchesAll(const std::vector<model::CompiledMatcher>& matchers, const model::Labels& labels) {
  return std::all_of(matchers.begin(), matchers.end(), [&](const model::CompiledMatcher& m) {
    return m.Matches(labels.Get(m.name()));
  });
}

TEST(SegmentTest, MatchersFindWhatBruteForceFinds) {
  const std::vector<Series> all = RandomSeries(13, 500, 5);
  Opened opened(Build(all));
  std::mt19937_64 random(14);
  const std::vector<std::string> names = {"__name__", "job", "i", "Zone", "none"};
  const std::vector<std::string> values = {"",   "m1",    "m3",  "j2", "z7",       "m1|m4", ".+",
                                           ".*", "j[01]", "1.*", "m.", "(m2|j3|)", "4|5|6", "zz"};
  size_t hits = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<model::Matcher> matchers;
    for (uint64_t i = random() % 4; i > 0; --i) {
      matchers.push_back({static_cast<model::MatchType>(random() % 4),
                          names[random() % names.size()], values[random() % values.size()]});
    }
    const auto compiled = *model::CompileMatchers(matchers);
    std::vector<uint32_t> expected;
    for (uint32_t i = 0; i < all.size(); ++i) {
      if (MatchesAll(compiled, all[i].labels)) expected.push_back(i);
    }
    hits += expected.size();
    std::string text;
    for (const auto& matcher : matchers) text += model::ToString(matcher) + " ";
    ASSERT_EQ(opened.index->Match(compiled, {}), expected) << text;
  }
  EXPECT_GT(hits, 10'000u);
}

TEST(SegmentTest, EveryKindOfPointComesBack) {
  SegmentBuilder builder(IdOf("t"), kSpan);
  std::vector<model::HistogramSample> histograms(5000);
  for (size_t i = 0; i < histograms.size(); ++i) {
    model::IntHistogram histogram;
    histogram.counter_reset_hint = model::CounterResetHint::kNotReset;
    histogram.count = i;
    histogram.positive_spans = {{.offset = 2, .length = 1}};
    histogram.positive_deltas = {static_cast<int64_t>(i)};
    histograms[i].timestamp = kSpan.begin + static_cast<int64_t>(i) * 1000;
    histograms[i].start_timestamp = kSpan.begin;
    histograms[i].histogram = histogram;
  }
  model::Exemplar exemplar;
  exemplar.labels = model::Labels({{"trace_id", "abc"}});
  exemplar.value = 0.25;
  exemplar.timestamp = kSpan.begin + 5;
  SeriesInput input;
  input.histograms = histograms;
  input.exemplars = {&exemplar, 1};
  const model::Labels labels({{"__name__", "h"}});
  ASSERT_TRUE(builder.AddSeries(labels.view(), input).ok());
  std::vector<model::LogEntry> entries(3);
  for (size_t i = 0; i < entries.size(); ++i) {
    entries[i].timestamp = kSpan.begin * 1'000'000 + static_cast<int64_t>(i / 2);
    entries[i].line = std::string(i == 1 ? 3 << 20 : 4, static_cast<char>('a' + i));
    entries[i].structured_metadata = model::Labels({{"n", std::to_string(i)}});
  }
  ASSERT_TRUE(builder.AddStream(model::Labels({{"app", "x"}}).view(), entries).ok());
  const auto segment = builder.Finish();
  ASSERT_TRUE(segment.ok());
  EXPECT_EQ(segment->samples, 5004u);
  EXPECT_EQ(segment->series, 2u);
  Opened opened(*segment);
  std::vector<model::HistogramSample> found;
  ASSERT_TRUE(opened.reader->ReadHistograms(0, {}, &found).ok());
  ASSERT_EQ(found.size(), histograms.size());
  for (size_t i = 0; i < found.size(); ++i) {
    ASSERT_EQ(found[i].timestamp, histograms[i].timestamp);
    ASSERT_EQ(found[i].start_timestamp, histograms[i].start_timestamp);
    ASSERT_TRUE(model::SameBits(found[i].histogram, histograms[i].histogram));
  }
  std::vector<model::Exemplar> exemplars;
  ASSERT_TRUE(opened.reader->ReadExemplars(0, {}, &exemplars).ok());
  EXPECT_EQ(exemplars, std::vector<model::Exemplar>{exemplar});
  const SegmentId id = ParsePageKey(segment->pages[0].first)->id;
  SegmentReader::Input streams;
  streams.id = id;
  streams.index = *ReadIndex(id, PageKind::kStreamIndex, opened.source);
  streams.source = &opened.source;
  streams.pool = &opened.pool;
  SegmentReader stream_reader(std::move(streams));
  LogRead everything;
  everything.range = {.begin = INT64_MIN, .end = INT64_MAX};
  size_t at = 0;
  for (const PageEntry* entry : stream_reader.LogPagesOf(0, everything.range)) {
    const auto batch = stream_reader.ReadLogs(*entry, 0, everything);
    ASSERT_TRUE(batch.ok());
    for (size_t i = 0; i < batch->lines.size(); ++i, ++at) {
      ASSERT_LT(at, entries.size());
      EXPECT_EQ(batch->timestamps[i], entries[at].timestamp);
      EXPECT_EQ(batch->lines[i], entries[at].line);
      EXPECT_EQ(batch->metadata_sets[batch->metadata[i]], entries[at].structured_metadata);
    }
  }
  EXPECT_EQ(at, 3u);
}

TEST(SegmentTest, AnEntryThatIsThereAlreadyIsLeftOut) {
  SegmentId segment_id;
  segment_id.tenant = "t";
  SegmentBuilder builder(segment_id, kSpan);
  const model::Labels stream({{"app", "x"}});
  const int64_t time = kSpan.begin * 1'000'000;
  const std::vector<model::LogEntry> first = {{time, "a", {}}, {time, "b", {}}, {time, "a", {}}};
  const std::vector<model::LogEntry> second = {
      {time, "b", {}}, {time, "a", model::Labels({{"n", "1"}})}, {time + 1, "a", {}}};
  ASSERT_TRUE(builder.AddStream(stream.view(), first).ok());
  ASSERT_TRUE(builder.AddStream(stream.view(), second).ok()) << "the same stream goes on";
  EXPECT_FALSE(builder.AddStream(stream.view(), first).ok()) << "back in time";
  const auto segment = builder.Finish();
  ASSERT_TRUE(segment.ok());
  EXPECT_EQ(segment->samples, 4u) << "a, b, a with metadata, a later";
  EXPECT_EQ(segment->series, 1u);
}

TEST(SegmentTest, ADamagedPageIsLeftOutAndNamedOnce) {
  const std::vector<Series> all = RandomSeries(15, 600, 60);
  const SealedSegment segment = Build(all);
  const std::string& victim = segment.pages[0].first;
  for (size_t offset = 0; offset < segment.pages[0].second.size(); offset += 97) {
    Opened opened(segment);
    opened.source.pages[victim][offset] ^= 4;
    size_t missing = 0;
    for (uint32_t i = 0; i < all.size(); ++i) {
      const Series found = ReadBack(&opened, i, {});
      if (found.times.empty()) {
        ++missing;
      } else {
        ASSERT_NO_FATAL_FAILURE(ExpectSame(found, all[i]));
      }
    }
    EXPECT_EQ(missing, 256u);
    EXPECT_EQ(opened.damaged, std::vector<std::string>{victim});
  }
}

TEST(SegmentTest, APageCannotStandInForAnother) {
  const SealedSegment segment = Build(RandomSeries(16, 600, 60));
  Opened opened(segment);
  opened.source.pages[segment.pages[0].first] = segment.pages[1].second;
  std::vector<FloatPart> parts;
  ASSERT_TRUE(opened.reader->ReadFloats(0, {}, &parts).ok());
  EXPECT_TRUE(parts.empty());
  EXPECT_EQ(opened.damaged.size(), 1u);
}

TEST(SegmentIdTest, KeysHaveTheseBytes) {
  SegmentId id;
  id.tenant = "ab";
  id.position = {0x0102};
  id.producer = 3;
  id.span = {.begin = 0, .duration = kDayMs};
  using std::string_literals::operator""s;
  EXPECT_EQ(PageKey(id, 5, PageKind::kFloat),
            "ab\0\x01\0\0\0\0\0\0\x01\x02\0\0\0\0\0\0\0\x03\x80\0\0\0\0\0\0\0\x01\0\0\0\x05\x01"s);
  for (const std::string& bad : {""s, "ab"s, "ab\0\x01"s, PageKey(id, 5, PageKind::kFloat) + "x"}) {
    EXPECT_TRUE(absl::IsDataLoss(ParsePageKey(bad).status()));
  }
}

TEST(SeriesOrderTest, MetricsAreNeighbours) {
  const model::Labels a({{"__name__", "a"}, {"Zone", "z"}});
  const model::Labels b({{"__name__", "b"}, {"A", "1"}});
  EXPECT_LT(CompareSeriesOrder(a.view(), b.view()), 0);
  EXPECT_GT(model::Compare(a.view(), b.view()), 0);
  EXPECT_EQ(CompareSeriesOrder(a.view(), a.view()), 0);
}

}  // namespace
}  // namespace tidegate::storage
