#include "storage/store/local_store.h"

#include <algorithm>
#include <fstream>

#include "storage/store/directory.h"
#include "storage/store/store_fixture.h"

namespace tidegate::storage {
namespace {

using LocalStoreTest = StoreFixture;

const model::TimestampMs kRecent = SpanContaining(kTestNow, 2 * kHourMs).begin - 2 * kHourMs;

TEST_F(LocalStoreTest, AnswersWhatWasHandedOver) {
  Commit(100, {{Metric("up", {{"job", "a"}}), Ramp(kRecent, 100)},
               {Metric("up", {{"job", "b"}}), Ramp(kRecent, 50, 15'000, 7)}});
  const Answer answer = Ask();
  ASSERT_EQ(answer.size(), 2u);
  EXPECT_EQ(answer.at("up{job=\"a\"}"), Ramp(kRecent, 100));
  EXPECT_EQ(answer.at("up{job=\"b\"}"), Ramp(kRecent, 50, 15'000, 7));
}

TEST_F(LocalStoreTest, NothingIsThereBeforeTheCommit) {
  Register(1);
  auto hand_over = store_->StartHandOver(ContextOf(""), 1, {100});
  ASSERT_TRUE(hand_over.ok());
  for (SealedSegment& segment :
       Seal("default", 1, 100, {{Metric("up"), Ramp(kRecent, 10)}}, kTestNow)) {
    ASSERT_TRUE((*hand_over)->Add(std::move(segment)).ok());
  }
  EXPECT_TRUE(Ask().empty());
  hand_over->reset();
  EXPECT_TRUE(Ask().empty());
  EXPECT_EQ(Register(1), 0u);
  EXPECT_TRUE(std::filesystem::is_empty(directory_.path() + "/rocks/incoming"));
}

TEST_F(LocalStoreTest, KeepsEverythingOverARestart) {
  Commit(100, {{Metric("up"), Ramp(kRecent, 100)}});
  Commit(200, {{Metric("up"), Ramp(kRecent + 100 * 15'000, 100, 15'000, 100)}});
  Reopen();
  EXPECT_EQ(Ask().at("up"), Ramp(kRecent, 200));
  EXPECT_EQ(Register(1), 200u);
  EXPECT_EQ(Register(2), 0u);
}

TEST_F(LocalStoreTest, AReplayedHandOverIsToldSoAndChangesNothing) {
  Commit(100, {{Metric("up"), Ramp(kRecent, 100)}});
  const auto again = Seal("default", 1, 100, {{Metric("up"), Ramp(kRecent, 100)}}, kTestNow);
  EXPECT_TRUE(absl::IsAlreadyExists(TryCommit(1, 100, again)));
  EXPECT_TRUE(absl::IsInvalidArgument(TryCommit(1, 99, again))) << "its data may be other data";
  EXPECT_EQ(Ask().at("up"), Ramp(kRecent, 100));
  EXPECT_EQ(StatsOf(*store_).segments, 1u);
}

TEST_F(LocalStoreTest, TwoHandOversOfOneCutCommitOnce) {
  Register(1);
  const auto segments = Seal("default", 1, 100, {{Metric("up"), Ramp(kRecent, 10)}}, kTestNow);
  auto first = store_->StartHandOver(ContextOf(""), 1, {100});
  auto second = store_->StartHandOver(ContextOf(""), 1, {100});
  ASSERT_TRUE(first.ok() && second.ok());
  ASSERT_TRUE((*first)->Add(segments[0]).ok());
  ASSERT_TRUE((*second)->Add(segments[0]).ok());
  EXPECT_TRUE((*first)->Commit().ok());
  EXPECT_TRUE(absl::IsAlreadyExists((*second)->Commit()));
  EXPECT_EQ(StatsOf(*store_).segments, 1u);
}

TEST_F(LocalStoreTest, AnEmptyCutMovesThePosition) {
  ASSERT_TRUE(TryCommit(1, 50, {}).ok());
  Reopen();
  EXPECT_EQ(Register(1), 50u);
}

TEST_F(LocalStoreTest, ASuccessorTakesThePositionAndEndsItsPredecessor) {
  Commit(100, {{Metric("up"), Ramp(kRecent, 10)}});
  const auto open = store_->StartHandOver(ContextOf(""), 1, {200});
  ASSERT_TRUE(open.ok());
  EXPECT_EQ(store_->RegisterProducer(ContextOf(""), 2, {7, 1})->value, 100u);
  EXPECT_EQ(store_->RegisterProducer(ContextOf(""), 2, {7, 1})->value, 100u) << "repeatable";
  EXPECT_TRUE(absl::IsNotFound((*open)->Commit())) << "was under way when its id ended";
  Reopen();
  EXPECT_TRUE(absl::IsNotFound(store_->StartHandOver(ContextOf(""), 1, {200}).status()));
  EXPECT_TRUE(absl::IsNotFound(store_->RegisterProducer(ContextOf(""), 3, {1}).status()))
      << "only one takes its place";
  EXPECT_TRUE(absl::IsNotFound(store_->StartHandOver(ContextOf(""), 3, {200}).status()));
  EXPECT_EQ(Register(2), 100u);
}

TEST_F(LocalStoreTest, ProducersDoNotHideEachOther) {
  const auto of = [](uint64_t producer, double value) {
    return Seal("default", producer, 100,
                {{Metric("up", {{"p", std::to_string(producer)}}), {{kRecent, value}}}}, kTestNow);
  };
  ASSERT_TRUE(TryCommit(1, 100, of(1, 1)).ok());
  ASSERT_TRUE(TryCommit(2, 100, of(2, 2)).ok());
  EXPECT_EQ(Ask().size(), 2u);
}

TEST_F(LocalStoreTest, OneCutSpansPartitionsOfAllWidths) {
  Samples samples;
  for (const int64_t days : {2000, 400, 100, 20, 5, 2, 0}) {
    samples.emplace_back(kTestNow - days * kDayMs - 5 * kHourMs, days);
    samples.emplace_back(kTestNow - days * kDayMs - 1 * kHourMs, days + 0.5);
  }
  Commit(100, {{Metric("old"), samples}});
  Reopen();
  EXPECT_EQ(Ask().at("old"), samples);
  EXPECT_GE(StatsOf(*store_).partitions, 7u);
}

TEST_F(LocalStoreTest, TenantsAreApart) {
  Commit(100, {{Metric("up"), Ramp(kRecent, 10)}}, "a");
  Commit(200, {{Metric("up"), Ramp(kRecent, 10, 15'000, 50)}}, "b");
  EXPECT_TRUE(Ask().empty());
  EXPECT_EQ(Ask({}, {}, "a").at("up"), Ramp(kRecent, 10));
  EXPECT_EQ(Ask({}, {}, "b").at("up"), Ramp(kRecent, 10, 15'000, 50));
}

TEST_F(LocalStoreTest, TheRangeIsClosedOnBothEnds) {
  Commit(100, {{Metric("up"), Ramp(kRecent, 100)}});
  const Answer answer = Ask({}, {.min = kRecent + 15'000, .max = kRecent + 45'000});
  EXPECT_EQ(answer.at("up"), Ramp(kRecent + 15'000, 3, 15'000, 1));
  EXPECT_TRUE(Ask({}, {.min = kRecent + 1, .max = kRecent + 14'999}).empty());
}

TEST_F(LocalStoreTest, OverlappingCutsAreWovenTogetherAndTheFirstStoredValueWins) {
  Commit(100, {{Metric("up"), {{kRecent, 1}, {kRecent + 2000, 3}}}});
  Commit(200, {{Metric("up"), {{kRecent, 99}, {kRecent + 1000, 2}, {kRecent + 2000, 3}}}});
  EXPECT_EQ(Ask().at("up"), (Samples{{kRecent, 1}, {kRecent + 1000, 2}, {kRecent + 2000, 3}}));
  EXPECT_EQ(StatsOf(*store_).conflicts, 1u);
}

TEST_F(LocalStoreTest, SiblingsShareTheirTimestamps) {
  std::vector<CutSeries> first, second;
  for (int i = 0; i < 20; ++i) {
    const model::Labels labels = Metric("m", {{"i", std::to_string(i)}});
    first.push_back({labels, Ramp(kRecent, 20)});
    second.push_back({labels, Ramp(kRecent + 20 * 15'000, 20)});
  }
  Commit(100, first);
  Commit(200, second);
  Collect<SelectedSeries> found;
  ASSERT_TRUE(store_->Select(ContextOf("default"), {}, found).ok());
  ASSERT_EQ(found.items.size(), 20u);
  for (const SelectedSeries& series : found.items) {
    EXPECT_EQ(series.columns.timestamps, found.items[0].columns.timestamps);
    EXPECT_EQ(series.columns.timestamps->size(), 40u);
  }
}

TEST_F(LocalStoreTest, LabelCallsFollowMatchersAndRange) {
  Commit(100, {{Metric("up", {{"job", "a"}, {"zone", "z"}}), Ramp(kRecent, 10)},
               {Metric("down", {{"job", "b"}}), Ramp(kRecent + kHourMs, 10)}});
  const auto context = ContextOf("default");
  EXPECT_EQ(*store_->LabelNames(context, {}),
            (std::vector<std::string>{"__name__", "job", "zone"}));
  EXPECT_EQ(*store_->LabelValues(context, "job", {}), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(*store_->LabelValues(context, "none", {}), std::vector<std::string>());
  LabelQuery late;
  late.range.min = kRecent + kHourMs;
  EXPECT_EQ(*store_->LabelNames(context, late), (std::vector<std::string>{"__name__", "job"}));
  EXPECT_EQ(*store_->LabelValues(context, "job", late), (std::vector<std::string>{"b"}));
  LabelQuery up;
  up.selections.push_back(Matchers({{model::MatchType::kEqual, "__name__", "up"}}));
  EXPECT_EQ(store_->Series(context, up)->size(), 1u);
  up.selections.push_back(Matchers({{model::MatchType::kRegex, "job", "a|b"}}));
  EXPECT_EQ(store_->Series(context, up)->size(), 2u);
  up.limit = 1;
  EXPECT_EQ(store_->Series(context, up)->size(), 1u);
  EXPECT_EQ(store_->LabelValues(context, "job", up)->size(), 1u);
}

TEST_F(LocalStoreTest, CancellationAndDeadlineEndASelection) {
  Commit(100, {{Metric("up"), Ramp(kRecent, 10)}});
  Collect<SelectedSeries> found;
  auto context = ContextOf("default");
  context.Cancel();
  EXPECT_TRUE(absl::IsCancelled(store_->Select(context, {}, found)));
  context = ContextOf("default");
  context.deadline = absl::InfinitePast();
  EXPECT_TRUE(absl::IsDeadlineExceeded(store_->Select(context, {}, found)));
  EXPECT_TRUE(found.items.empty());
}

TEST_F(LocalStoreTest, ForeignAndBrokenSegmentsAreRefused) {
  const auto good = Seal("default", 1, 100, {{Metric("up"), Ramp(kRecent, 10)}}, kTestNow);
  auto other = good;
  other[0].tenant = "someone";
  EXPECT_TRUE(absl::IsInvalidArgument(TryCommit(1, 100, other)));
  other = good;
  other[0].partition.begin += 1;
  EXPECT_TRUE(absl::IsInvalidArgument(TryCommit(1, 100, other)));
  other = good;
  std::swap(other[0].pages.front(), other[0].pages.back());
  EXPECT_TRUE(absl::IsInvalidArgument(TryCommit(1, 100, other)));
  EXPECT_TRUE(absl::IsInvalidArgument(TryCommit(2, 100, good)));
  EXPECT_TRUE(absl::IsInvalidArgument(TryCommit(1, 100, {good[0], good[0]})));
  EXPECT_TRUE(Ask().empty());
}

TEST_F(LocalStoreTest, MetadataKeepsTheLastWord) {
  const auto put = [&](const std::string& tenant, const std::string& help) {
    ASSERT_TRUE(store_
                    ->PutMetadata(ContextOf(tenant), {{tenant,
                                                       {.metric_family = "up",
                                                        .type = model::MetricType::kGauge,
                                                        .help = help,
                                                        .unit = "s"}}})
                    .ok());
  };
  put("a", "one");
  put("a", "two");
  put("b", "other");
  Reopen();
  const auto all = store_->Metadata(ContextOf("a"), "");
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 1u);
  EXPECT_EQ((*all)[0].help, "two");
  EXPECT_EQ((*all)[0].type, model::MetricType::kGauge);
  EXPECT_EQ(store_->Metadata(ContextOf("b"), "up")->at(0).help, "other");
  EXPECT_TRUE(store_->Metadata(ContextOf("a"), "down")->empty());
}

TEST_F(LocalStoreTest, DocumentsHaveOptimisticVersions) {
  Documents& documents = store_->documents();
  ASSERT_TRUE(documents.Commit({{"t/a", "1", 0}}).ok());
  EXPECT_TRUE(absl::IsAborted(documents.Commit({{"t/b", "1", std::nullopt}, {"t/a", "2", 0}})));
  EXPECT_TRUE(absl::IsNotFound(documents.Get("t/b").status()));
  const uint64_t first = documents.Get("t/a")->version;
  ASSERT_TRUE(documents.Commit({{"t/a", std::nullopt, first}}).ok());
  ASSERT_TRUE(documents.Commit({{"t/a", "3", 0}}).ok());
  EXPECT_GT(documents.Get("t/a")->version, first);
  EXPECT_TRUE(absl::IsAborted(documents.Commit({{"t/a", "4", first}})));
  EXPECT_EQ(documents.Get("t/a")->value, "3");
}

TEST_F(LocalStoreTest, DocumentsAreListedInPages) {
  Documents& documents = store_->documents();
  for (const char* key : {"t/a", "t/b", "t/c", "u/a"}) {
    ASSERT_TRUE(documents.Commit({{key, key, std::nullopt}}).ok());
  }
  EXPECT_EQ(documents.List("t/", "", 0)->size(), 3u);
  const auto page = documents.List("t/", "t/a", 1);
  ASSERT_EQ(page->size(), 1u);
  EXPECT_EQ(page->at(0).key, "t/b");
}

TEST_F(LocalStoreTest, ASecondOpenIsRefused) {
  const auto second = OpenLocalStore(options_, &clock_, &tenants_);
  EXPECT_TRUE(absl::IsFailedPrecondition(second.status()));
  EXPECT_NE(second.status().message().find("in use by another process"), std::string::npos);
}

TEST_F(LocalStoreTest, ANewerFormatIsRefused) {
  store_.reset();
  std::ofstream(directory_.path() + "/STORAGE_FORMAT") << "tidegate storage format 5\n";
  const auto opened = OpenLocalStore(options_, &clock_, &tenants_);
  EXPECT_TRUE(absl::IsFailedPrecondition(opened.status()));
  EXPECT_NE(opened.status().message().find("says format 5"), std::string::npos);
}

TEST_F(LocalStoreTest, TheFormatBeforeIsReadAndBecomesThisOne) {
  store_.reset();
  std::ofstream(directory_.path() + "/STORAGE_FORMAT") << "tidegate storage format 3\n";
  EXPECT_TRUE(OpenLocalStore(options_, &clock_, &tenants_).ok());
  std::ifstream in(directory_.path() + "/STORAGE_FORMAT");
  std::string text;
  std::getline(in, text);
  EXPECT_EQ(text, "tidegate storage format 4");
}

TEST_F(LocalStoreTest, AnOlderFormatIsRefused) {
  store_.reset();
  std::ofstream(directory_.path() + "/STORAGE_FORMAT") << "tidegate storage format 2\n";
  const auto opened = OpenLocalStore(options_, &clock_, &tenants_);
  EXPECT_TRUE(absl::IsFailedPrecondition(opened.status()));
  EXPECT_NE(opened.status().message().find("use the older version"), std::string::npos);
}

TEST_F(LocalStoreTest, RetentionHidesAtOnceAndMaintenanceFrees) {
  tenants_.SetRetention("short", absl::Hours(3));
  Commit(100, {{Metric("up"), Ramp(kTestNow - 2 * kHourMs, 10, 60'000)}}, "short");
  Commit(200, {{Metric("up"), Ramp(kTestNow - 2 * kHourMs, 10, 60'000)}}, "long");
  clock_.Advance(absl::Minutes(65));
  EXPECT_EQ(Ask({}, {}, "short").at("up").size(), 5u);
  clock_.Advance(absl::Hours(1));
  EXPECT_TRUE(Ask({}, {}, "short").empty());
  EXPECT_EQ(StatsOf(*store_).segments, 2u);
  ASSERT_TRUE(store_->RunMaintenance().ok());
  EXPECT_EQ(StatsOf(*store_).segments, 1u);
  EXPECT_EQ(Ask({}, {}, "long").at("up").size(), 10u);
  tenants_.SetRetention("long", absl::Hours(3));
  ASSERT_TRUE(store_->RunMaintenance().ok());
  EXPECT_EQ(StatsOf(*store_).partitions, 0u);
}

// Two days of cuts every two hours, with late samples and conflicts.
std::vector<std::vector<CutSeries>> TwoDays() {
  std::vector<std::vector<CutSeries>> cuts;
  for (int cut = 0; cut < 24; ++cut) {
    std::vector<CutSeries> series;
    for (int s = 0; s < 30; ++s) {
      if ((cut + s) % 7 == 0) continue;
      Samples samples = Ramp(kTestNow + cut * 2 * kHourMs, 60, 120'000, cut * 1000 + s * 0.25);
      if (cut > 3 && s % 5 == 0) {
        samples.insert(samples.begin(), {samples.front().first - 3 * kHourMs, -1.5});
      }
      series.push_back({Metric("m", {{"s", std::to_string(s)}}), samples});
    }
    cuts.push_back(std::move(series));
  }
  return cuts;
}

TEST_F(LocalStoreTest, AMergeChangesNoAnswer) {
  uint64_t position = 0;
  for (auto& cut : TwoDays()) {
    Commit(++position, std::move(cut));
    clock_.Advance(absl::Hours(2));
  }
  const Answer before = Ask();
  const model::TimeRange hour{.min = kTestNow + 9 * kHourMs, .max = kTestNow + 10 * kHourMs};
  const Answer hour_before = Ask({}, hour);
  ASSERT_EQ(before.size(), 30u);
  const StoreStats stats_before = StatsOf(*store_);
  clock_.Advance(absl::Hours(72));
  ASSERT_TRUE(store_->RunMaintenance().ok());
  EXPECT_EQ(Ask(), before);
  EXPECT_EQ(Ask({}, hour), hour_before);
  EXPECT_LT(StatsOf(*store_).partitions, stats_before.partitions);
  EXPECT_LT(StatsOf(*store_).segments, stats_before.segments);
  Reopen();
  EXPECT_EQ(Ask(), before);
  clock_.Advance(absl::Hours(24 * 60));
  ASSERT_TRUE(store_->RunMaintenance().ok());
  EXPECT_LE(StatsOf(*store_).partitions, 2u);
  EXPECT_EQ(Ask(), before);
}

TEST_F(LocalStoreTest, ManySmallCutsInOnePartitionBecomeFew) {
  Samples all;
  for (int cut = 0; cut < 40; ++cut) {
    const Samples samples = Ramp(kRecent + cut * 60'000, 4, 15'000, cut * 4);
    all.insert(all.end(), samples.begin(), samples.end());
    Commit(static_cast<uint64_t>(cut) + 1, {{Metric("up"), samples}});
  }
  EXPECT_EQ(StatsOf(*store_).segments, 40u);
  ASSERT_TRUE(store_->RunMaintenance().ok());
  EXPECT_LT(StatsOf(*store_).segments, 8u);
  EXPECT_EQ(Ask().at("up"), all);
  Reopen();
  EXPECT_EQ(Ask().at("up"), all);
}

TEST_F(LocalStoreTest, AMergeLeavesOutWhatHasExpired) {
  tenants_.SetRetention("default", absl::Hours(24 * 3));
  uint64_t position = 0;
  for (auto& cut : TwoDays()) {
    Commit(++position, std::move(cut));
    clock_.Advance(absl::Hours(2));
  }
  clock_.Advance(absl::Hours(36));
  const Answer before = Ask();
  const uint64_t samples = StatsOf(*store_).samples;
  ASSERT_TRUE(store_->RunMaintenance().ok());
  EXPECT_LT(StatsOf(*store_).samples, samples);
  EXPECT_EQ(Ask(), before);
}

// A sink that runs maintenance in the middle of a selection.
class MaintainingSink final : public Sink<SelectedSeries> {
 public:
  explicit MaintainingSink(LocalStore* store) : store_(store) {}
  absl::Status Add(SelectedSeries series) override {
    if (samples == 0) {
      EXPECT_TRUE(store_->RunMaintenance().ok());
    }
    samples += series.columns.values.size();
    return absl::OkStatus();
  }
  size_t samples = 0;

 private:
  LocalStore* store_;
};

TEST_F(LocalStoreTest, ASelectionReadsOnWhileItsSegmentsAreMergedAway) {
  uint64_t position = 0;
  for (auto& cut : TwoDays()) {
    Commit(++position, std::move(cut));
    clock_.Advance(absl::Hours(2));
  }
  size_t samples = 0;
  for (const auto& [name, series] : Ask()) samples += series.size();
  clock_.Advance(absl::Hours(72));
  MaintainingSink sink(store_.get());
  const absl::Status status = store_->Select(ContextOf("default"), {}, sink);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(sink.samples, samples);
  EXPECT_EQ(StatsOf(*store_).damaged_pages, 0u);
}

}  // namespace
}  // namespace tidegate::storage
