#include "storage/head.h"

#include <bit>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/head/head_tester.h"
#include "storage/log/fake_log.h"

namespace tidegate::storage::head {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr model::TimestampMs kT = 1'700'000'000'000;
const LabelPairs kUp = {{"__name__", "up"}, {"job", "node"}};
const LabelPairs kDown = {{"__name__", "down"}, {"job", "node"}};

uint64_t Bits(double value) { return std::bit_cast<uint64_t>(value); }

// Passes on to another log; fails every append after the first few.
class FailingLog final : public Log {
 public:
  explicit FailingLog(Log* log) : log_(*log) {}
  void FailAfter(int successes) { successes_ = successes; }

  uint64_t generation() const override { return log_.generation(); }
  absl::Status WaitDurable(LogPosition position, absl::Time deadline) override {
    return log_.WaitDurable(position, deadline);
  }
  absl::Status Replay(LogPosition from,
                      const std::function<absl::Status(LogPosition, std::string_view)>& frame_fn,
                      const std::function<void(const LogDamage&)>& damage_fn) override {
    return log_.Replay(from, frame_fn, damage_fn);
  }
  absl::Status Trim(LogPosition position) override { return log_.Trim(position); }
  absl::Status ReleaseSpace() override { return log_.ReleaseSpace(); }
  LogBounds bounds() const override { return log_.bounds(); }
  LogDurability durability() const override { return log_.durability(); }
  absl::Status Writable() const override { return log_.Writable(); }
  uint64_t SizeBytes() const override { return log_.SizeBytes(); }
  absl::Status Close() override { return log_.Close(); }

 private:
  absl::StatusOr<LogPosition> AppendFrame(std::string_view frame,
                                          std::optional<uint64_t> generation) override {
    if (successes_-- <= 0) return absl::ResourceExhaustedError("the disk is full");
    return generation.has_value() ? log_.Append(frame, *generation) : log_.Append(frame);
  }

  Log& log_;
  int successes_ = 1 << 30;
};

class HeadTest : public ::testing::Test {
 protected:
  AppendResult Append(BatchBuilder& batch, const std::string& tenant = "a",
                      const SeriesAdmission& admission = TestAdmission()) {
    absl::StatusOr<AppendResult> result =
        head_->Append(TestContext(tenant), batch.batch(), admission);
    EXPECT_TRUE(result.ok()) << result.status().ToString();
    return result.ok() ? *std::move(result) : AppendResult();
  }
  AppendResult AppendSample(const LabelPairs& labels, model::TimestampMs t, double value) {
    BatchBuilder batch;
    batch.Series(labels).Sample(t, value);
    return Append(batch);
  }
  std::shared_ptr<const HeadCut> Cut() {
    auto cut = head_->Cut();
    EXPECT_TRUE(cut.ok()) << cut.status().ToString();
    return *std::move(cut);
  }
  // A head that replays everything in the log from `from` on.
  std::unique_ptr<Head> Restart(LogPosition from = {}) {
    std::unique_ptr<Head> head = CreateHead({}, &log_);
    const absl::Status status = log_.Replay(
        from,
        [&head](LogPosition after, std::string_view frame) { return head->Replay(after, frame); },
        [](const LogDamage&) {});
    EXPECT_TRUE(status.ok()) << status.ToString();
    return head;
  }
  Answer All(const std::string& tenant = "a") { return SelectAll(*head_, tenant); }

  FakeLog log_;
  std::unique_ptr<Head> head_ = CreateHead({}, &log_);
};

TEST_F(HeadTest, AnswersWhatWasAppendedAtOnce) {
  BatchBuilder batch;
  batch.Series(kUp).Sample(kT, 1).Sample(kT + 15'000, model::StaleNan());
  batch.Series(kDown).Sample(kT, -0.0);
  const AppendResult result = Append(batch);
  EXPECT_EQ(result.samples, 3u);
  EXPECT_EQ(result.new_series, 2u);
  EXPECT_EQ(result.position, log_.bounds().end);
  EXPECT_THAT(result.rejections, IsEmpty());

  const Answer answer = All();
  ASSERT_EQ(answer.series.size(), 2u);
  EXPECT_EQ(
      answer.series.at(R"({__name__="up", job="node"})").samples,
      (std::map<model::TimestampMs, uint64_t>{{kT, Bits(1)}, {kT + 15'000, model::kStaleNanBits}}));
  EXPECT_EQ(answer.series.at(R"({__name__="down", job="node"})").samples.at(kT), Bits(-0.0));
}

TEST_F(HeadTest, TenantsDoNotSeeEachOther) {
  BatchBuilder batch;
  batch.Series(kUp).Sample(kT, 1);
  Append(batch, "a");
  EXPECT_EQ(All("a").series.size(), 1u);
  EXPECT_THAT(All("b").series, IsEmpty());
  EXPECT_THAT(head_->Tenants(), ElementsAre("a"));
}

TEST_F(HeadTest, RangeCutsColumns) {
  BatchBuilder batch;
  batch.Series(kUp);
  for (int i = 0; i < 10; ++i) batch.Sample(kT + i * 1000, i);
  Append(batch);
  const Answer answer = SelectAll(*head_, "a", {kT + 2000, kT + 4000});
  const auto& samples = answer.series.begin()->second.samples;
  EXPECT_EQ(samples.size(), 3u);
  EXPECT_EQ(samples.begin()->first, kT + 2000);
  EXPECT_THAT(SelectAll(*head_, "a", {kT + 2001, kT + 2999}).series, IsEmpty());
  EXPECT_THAT(SelectAll(*head_, "a", {5, 4}).series, IsEmpty());
}

TEST_F(HeadTest, ReSentSampleIsAcceptedLoggedAndStoredOnce) {
  AppendSample(kUp, kT, 1);
  const LogPosition before = log_.bounds().end;
  const AppendResult again = AppendSample(kUp, kT, 1);
  EXPECT_EQ(again.samples, 1u);
  EXPECT_EQ(again.new_series, 0u);
  EXPECT_GT(again.position, before);
  EXPECT_EQ(head_->Stats("a").samples, 1u);
}

TEST_F(HeadTest, AnotherValueAtAKnownTimeIsRefusedWhereverItLies) {
  BatchBuilder batch;
  batch.Series(kUp).Sample(kT, 1).Sample(kT + 1000, 2).Sample(kT + 2000, 3);
  Append(batch);
  AppendSample(kUp, kT - 500, 7);  // Late buffer.
  for (const auto& [t, known] : {std::pair{kT - 500, 7.0}, {kT, 1.0}, {kT + 2000, 3.0}}) {
    const AppendResult result = AppendSample(kUp, t, 99);
    EXPECT_EQ(result.samples, 0u);
    EXPECT_EQ(result.position, LogPosition()) << "nothing to log";
    ASSERT_EQ(result.rejections.size(), 1u);
    EXPECT_EQ(result.rejections[0].reason, RejectReason::kDuplicateTimestamp);
    EXPECT_EQ(result.rejections[0].timestamp, t);
    EXPECT_EQ(result.rejections[0].samples, 1u);
    EXPECT_THAT(result.rejections[0].message, HasSubstr("duplicate sample for timestamp"));
    EXPECT_EQ(AppendSample(kUp, t, known).samples, 1u) << "the same value again is fine";
  }
}

TEST_F(HeadTest, ConflictInsideOneBatchKeepsTheFirst) {
  BatchBuilder batch;
  batch.Series(kUp).Sample(kT, 1).Sample(kT, 2);
  batch.Series(kUp).Sample(kT, 3).Sample(kT, 1);
  const AppendResult result = Append(batch);
  EXPECT_EQ(result.samples, 2u);
  ASSERT_EQ(result.rejections.size(), 2u);
  EXPECT_EQ(result.rejections[0].series, 0u);
  EXPECT_EQ(result.rejections[1].series, 1u);
  EXPECT_EQ(All().series.begin()->second.samples.at(kT), Bits(1));
  EXPECT_EQ(SelectAll(*Restart()), All());
}

TEST_F(HeadTest, HistogramAndFloatExcludeEachOther) {
  BatchBuilder batch;
  batch.Series(kUp).Sample(kT, 1).Histogram(kT + 1000, TestHistogram(1));
  EXPECT_EQ(Append(batch).histograms, 1u);
  EXPECT_EQ(AppendSample(kUp, kT + 1000, 5).rejections.size(), 1u);
  BatchBuilder onto_float;
  onto_float.Series(kUp).Histogram(kT, TestHistogram(1));
  onto_float.Series(kUp).Histogram(kT + 1000, TestHistogram(2));
  onto_float.Series(kUp).Histogram(kT + 1000, TestHistogram(1));
  const AppendResult result = Append(onto_float);
  EXPECT_EQ(result.histograms, 1u);
  ASSERT_EQ(result.rejections.size(), 2u);
  EXPECT_EQ(result.rejections[0].histograms, 1u);
  const Answer::Series series = All().series.begin()->second;
  EXPECT_EQ(series.samples.size(), 1u);
  EXPECT_EQ(series.histograms.size(), 1u);
}

TEST_F(HeadTest, RefusedSeriesDoNotHurtTheOthers) {
  BatchBuilder batch;
  batch.SeriesBytes("nonsense").Sample(kT, 1).Sample(kT + 1, 1);
  batch.Series(kUp).Sample(kT, 1);
  const AppendResult result = Append(batch);
  EXPECT_EQ(result.samples, 1u);
  ASSERT_EQ(result.rejections.size(), 1u);
  EXPECT_EQ(result.rejections[0].reason, RejectReason::kInvalidLabels);
  EXPECT_EQ(result.rejections[0].samples, 2u);
  EXPECT_EQ(All().series.size(), 1u);
}

TEST_F(HeadTest, SeriesLimitCountsOnlyNewSeries) {
  BatchBuilder batch;
  batch.Series(kUp).Sample(kT, 1);
  batch.Series(kDown).Sample(kT, 1);
  const AppendResult result = Append(batch, "a", TestAdmission(1));
  EXPECT_EQ(result.new_series, 1u);
  ASSERT_EQ(result.rejections.size(), 1u);
  EXPECT_EQ(result.rejections[0].series, 1u);
  EXPECT_EQ(result.rejections[0].reason, RejectReason::kSeriesLimit);
  BatchBuilder known;
  known.Series(kUp).Sample(kT + 1, 1);
  EXPECT_THAT(Append(known, "a", TestAdmission(1)).rejections, IsEmpty());
}

TEST_F(HeadTest, SeriesOfOneMetricAreLimitedForThemselves) {
  TestAdmission admission;
  admission.of_metric = 2;
  const auto append = [&](const std::string& name, const std::string& i, model::TimestampMs at) {
    BatchBuilder batch;
    batch.Series({{"__name__", name}, {"i", i}}).Sample(at, 1);
    return Append(batch, "a", admission);
  };
  EXPECT_THAT(append("m", "1", kT).rejections, IsEmpty());
  EXPECT_THAT(append("m", "2", kT).rejections, IsEmpty());
  const AppendResult refused = append("m", "3", kT);
  ASSERT_EQ(refused.rejections.size(), 1u);
  EXPECT_EQ(refused.rejections[0].reason, RejectReason::kMetricSeriesLimit);
  EXPECT_EQ(refused.rejections[0].message, "full");
  EXPECT_EQ(refused.rejections[0].samples, 1u);
  EXPECT_THAT(append("m", "2", kT + 1).rejections, IsEmpty()) << "known series go on";
  EXPECT_THAT(append("n", "3", kT).rejections, IsEmpty()) << "another metric";
}

TEST_F(HeadTest, IdleSeriesDoNotFillAMetric) {
  TestAdmission admission;
  admission.of_metric = 2;
  const auto append = [&](const std::string& i, model::TimestampMs at) {
    BatchBuilder batch;
    batch.Series({{"__name__", "m"}, {"i", i}}).Sample(at, 1);
    return Append(batch, "a", admission).rejections.size();
  };
  EXPECT_EQ(append("1", kT), 0u);
  EXPECT_EQ(append("2", kT), 0u);
  for (int cut = 1; cut <= 3; ++cut) {
    EXPECT_EQ(append("1", kT + cut), 0u);
    head_->Release(*Cut());
  }
  EXPECT_EQ(append("3", kT + 5), 0u) << "the second series is idle";
  EXPECT_EQ(append("4", kT + 5), 1u);
}

TEST_F(HeadTest, OtherSpellingOfTheLabelsIsTheSameSeries) {
  AppendSample(kUp, kT, 1);
  std::string reversed;
  model::AppendLabelBytes("job", "node", &reversed);
  model::AppendLabelBytes("__name__", "up", &reversed);
  BatchBuilder batch;
  batch.SeriesBytes(reversed).Sample(kT + 1, 2);
  EXPECT_EQ(Append(batch).new_series, 0u);
  EXPECT_EQ(All().series.size(), 1u);
  EXPECT_EQ(All().series.begin()->second.samples.size(), 2u);
}

TEST_F(HeadTest, TimestampOutOfBoundsStoresNothing) {
  BatchBuilder batch;
  batch.Series(kUp).Sample(kT, 1).Sample(model::kMaxTimestamp + 1, 1);
  EXPECT_EQ(head_->Append(TestContext(), batch.batch(), TestAdmission()).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(All().series, IsEmpty());
}

TEST_F(HeadTest, ImpossibleTenantIsRefused) {
  BatchBuilder batch;
  batch.Series(kUp).Sample(kT, 1);
  for (const char* tenant : {"", "a/b", ".."}) {
    EXPECT_EQ(head_->Append(TestContext(tenant), batch.batch(), TestAdmission()).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
  EXPECT_THAT(head_->Tenants(), IsEmpty());
}

TEST_F(HeadTest, LogErrorStoresNothingAndDefinesAgain) {
  log_.RefuseAppends(absl::ResourceExhaustedError("full"));
  BatchBuilder batch;
  batch.Series(kUp).Sample(kT, 1);
  EXPECT_EQ(head_->Append(TestContext(), batch.batch(), TestAdmission()).status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(All().series, IsEmpty());
  log_.RefuseAppends(absl::OkStatus());
  EXPECT_EQ(AppendSample(kUp, kT, 2).samples, 1u);
  EXPECT_EQ(SelectAll(*Restart()), All());
}

// The definition of a series was in a frame that the log took and then lost.
TEST_F(HeadTest, FramesBehindALostOneStandAlone) {
  log_.HoldBack(true);
  const AppendResult lost = AppendSample(kUp, kT, 1);
  log_.LoseHeldBack(absl::UnavailableError("the disk failed"));
  log_.HoldBack(false);
  EXPECT_FALSE(log_.WaitDurable(lost.position, absl::InfinitePast()).ok());

  const AppendResult kept = AppendSample(kUp, kT + 1000, 2);
  EXPECT_TRUE(log_.WaitDurable(kept.position, absl::InfinitePast()).ok());
  const Answer answer = SelectAll(*Restart(), "a");
  ASSERT_EQ(answer.series.size(), 1u);
  EXPECT_EQ(answer.series.begin()->second.samples,
            (std::map<model::TimestampMs, uint64_t>{{kT + 1000, Bits(2)}}));
}

// A series that the log has to define again is not one more, and not one less.
TEST_F(HeadTest, DefiningAgainDoesNotChangeTheNumberOfSeries) {
  AppendSample(kUp, kT, 1);
  AppendSample(kDown, kT, 1);
  head_ = Restart();
  AppendSample(kUp, kT + 1, 1);
  EXPECT_EQ(head_->Stats("a").series, 2u) << "after a restart";
  log_.LoseHeldBack(absl::UnavailableError("the disk failed"));
  AppendSample(kUp, kT + 2, 1);
  EXPECT_EQ(head_->Stats("a").series, 2u) << "after a failure of the log";
  BatchBuilder third;
  third.Series({{"__name__", "third"}}).Sample(kT, 1);
  EXPECT_THAT(Append(third, "a", TestAdmission(3)).rejections, IsEmpty()) << "the limit is three";
}

TEST_F(HeadTest, FailuresOfTheLogDoNotMakeSeriesIdle) {
  AppendSample(kUp, kT, 1);
  AppendSample(kDown, kT, 1);
  for (int i = 1; i <= 5; ++i) {
    log_.LoseHeldBack(absl::UnavailableError("the disk failed"));
    AppendSample(kUp, kT + i, 1);
  }
  head_->Release(*Cut());
  EXPECT_EQ(head_->Stats("a").series, 2u) << "one cut is not two";
}

TEST_F(HeadTest, AnIdleSeriesThatComesBackIsCountedOnceHoweverOftenTheLogRefuses) {
  FailingLog failing(&log_);
  head_ = CreateHead({.idle_cuts = 1}, &failing);
  BatchBuilder many;  // So many that leaving out one is not worth a new index.
  for (int i = 0; i < 17'000; ++i) {
    many.Series({{"__name__", "many"}, {"i", std::to_string(i)}}).Sample(kT, 1);
  }
  AppendSample(kUp, kT, 1);
  Append(many);
  head_->Release(*Cut());
  Append(many);
  head_->Release(*Cut());
  ASSERT_EQ(head_->Stats("a").series, 17'000u) << "up is idle";
  failing.FailAfter(0);
  for (int i = 0; i < 3; ++i) {
    BatchBuilder batch;
    batch.Series(kUp).Sample(kT + 1, 1);
    EXPECT_FALSE(head_->Append(TestContext(), batch.batch(), TestAdmission()).ok());
  }
  failing.FailAfter(1 << 30);
  AppendSample(kUp, kT + 1, 1);
  EXPECT_EQ(head_->Stats("a").series, 17'001u);
}

// A cut holds what was appended, durable or not; the log behind it must not repeat half of it.
TEST_F(HeadTest, CutBeginsBehindWhatIsNotDurableYet) {
  log_.HoldBack(true);
  const AppendResult result = AppendSample(kUp, kT, 1);
  EXPECT_EQ(Cut()->position(), result.position);
}

TEST_F(HeadTest, HeadHoldsWhatTheLogHoldsWhenALaterFrameFails) {
  FailingLog failing(&log_);
  head_ = CreateHead({}, &failing);
  BatchBuilder batch;
  batch.Series(kUp);
  for (int i = 0; i < 20'000; ++i) batch.Sample(kT + i, i);
  failing.FailAfter(2);  // The definitions alone, and the first frame of samples.
  EXPECT_FALSE(head_->Append(TestContext(), batch.batch(), TestAdmission()).ok());
  EXPECT_EQ(SelectAll(*Restart()), All());
  failing.FailAfter(1 << 30);
  EXPECT_EQ(Append(batch).samples, 20'000u);
  EXPECT_EQ(All().series.begin()->second.samples.size(), 20'000u);
  EXPECT_EQ(SelectAll(*Restart()), All());
}

TEST_F(HeadTest, StartTimestampsComeBackWhereTheyWereSent) {
  BatchBuilder batch;
  batch.Series(kUp).Sample(kT, 1).Sample(kT + 1000, 2, kT - 5).Sample(kT + 2000, 3, kT - 5);
  batch.Sample(kT + 3000, 0, kT + 2500).Sample(kT + 4000, 1);
  Append(batch);
  BatchBuilder late;
  late.Series(kUp).Sample(kT + 1500, 9, kT + 1200);
  Append(late);
  const std::map<model::TimestampMs, model::TimestampMs> expected = {
      {kT + 1000, kT - 5}, {kT + 1500, kT + 1200}, {kT + 2000, kT - 5}, {kT + 3000, kT + 2500}};
  EXPECT_EQ(All().series.begin()->second.starts, expected);
  EXPECT_EQ(SelectAll(*Restart()), All());
}

// What decides on early cuts is what was pushed, not what blocks happen to hold: thousands of
// tenants with a line each must not cut without end.
TEST_F(HeadTest, EntriesOfManyTenantsCountByTheirBytes) {
  for (int tenant = 0; tenant < 300; ++tenant) {
    BatchBuilder batch;
    batch.Series(kUp).Entry({kT * 1'000'000, "a line", {}});
    Append(batch, "tenant" + std::to_string(tenant));
  }
  EXPECT_EQ(head_->Stats("").entry_bytes, 300u * (6 + 24));
}

TEST_F(HeadTest, TooManyExemplarsOfOneSeriesAreLeftOut) {
  for (int push = 0; push < 2; ++push) {
    BatchBuilder batch;
    batch.Series(kUp);
    for (int i = 0; i < 5000; ++i) batch.Exemplar({{}, 1, kT - 5000 * push - i});
    const AppendResult result = Append(batch);
    ASSERT_EQ(result.rejections.size(), static_cast<size_t>(push));
    if (push == 0) continue;
    EXPECT_EQ(result.rejections[0].reason, RejectReason::kExemplarLimit);
    EXPECT_EQ(result.rejections[0].exemplars, 5000u);
  }
  EXPECT_EQ(AllExemplars(*head_)[0].exemplars.size(), 4096u);
}

TEST_F(HeadTest, ExemplarsAndEntriesAreKeptOnceAndInOrder) {
  const model::Exemplar early{model::Labels({{"trace_id", "1"}}), 1, kT};
  const model::Exemplar later{model::Labels({{"trace_id", "2"}}), 2, kT + 5};
  const model::LogEntry first{kT * 1'000'000, "first", {}};
  const model::LogEntry second{kT * 1'000'000, "second", model::Labels({{"k", "v"}})};
  for (int repeat = 0; repeat < 2; ++repeat) {
    BatchBuilder batch;
    batch.Series(kUp).Exemplar(later).Exemplar(early).Entry(first).Entry(second);
    const AppendResult result = Append(batch);
    EXPECT_EQ(result.exemplars, 2u);
    EXPECT_EQ(result.entries, 2u);
  }
  auto cut = Cut();
  BatchBuilder again;
  again.Series(kUp).Exemplar(early).Entry(second);
  Append(again);

  const auto exemplars = AllExemplars(*head_);
  ASSERT_EQ(exemplars.size(), 1u);
  EXPECT_THAT(exemplars[0].exemplars, ElementsAre(early, later));
  const auto streams = AllStreams(*head_);
  ASSERT_EQ(streams.size(), 1u);
  ASSERT_EQ(streams[0].entries.size(), 2u);
  EXPECT_EQ(streams[0].entries[0].line, "first");
  EXPECT_EQ(streams[0].entries[1].structured_metadata, second.structured_metadata);
  EXPECT_EQ(AllStreams(*Restart())[0].entries.size(), 2u);
  EXPECT_THAT(AllExemplars(*head_, {kT + 1, kT + 4}), IsEmpty());
  EXPECT_THAT(AllStreams(*head_, {kT + 1, kT + 4}), IsEmpty());
  EXPECT_THAT(All().series, IsEmpty()) << "neither is a metric sample";
}

TEST_F(HeadTest, LateSamplesAreMergedOnRead) {
  for (int t : {50, 10, 30, 20, 60, 40, 15}) AppendSample(kUp, kT + t, t);
  const Answer answer = All();
  EXPECT_EQ(answer.series.begin()->second.samples.size(), 7u);
  for (const auto& [t, bits] : answer.series.begin()->second.samples) {
    EXPECT_EQ(bits, Bits(static_cast<double>(t - kT)));
  }
}

TEST_F(HeadTest, SeriesScrapedTogetherShareTheirTimeColumn) {
  BatchBuilder batch;
  batch.Series(kUp).Sample(kT, 1).Sample(kT + 1, 2);
  batch.Series(kDown).Sample(kT, 5).Sample(kT + 1, 5);
  Append(batch);
  class ColumnSink final : public Sink<SelectedSeries> {
   public:
    absl::Status Add(SelectedSeries item) override {
      columns.push_back(item.columns.timestamps);
      return absl::OkStatus();
    }
    std::vector<TimeColumn> columns;
  } sink;
  ASSERT_TRUE(head_->Select(TestContext(), {}, sink).ok());
  ASSERT_EQ(sink.columns.size(), 2u);
  EXPECT_EQ(sink.columns[0], sink.columns[1]);
}

TEST_F(HeadTest, CutKeepsAnsweringAndConflictsStayConflicts) {
  AppendSample(kUp, kT, 1);
  const std::shared_ptr<const HeadCut> cut = Cut();
  EXPECT_EQ(cut->position(), log_.bounds().end);
  EXPECT_FALSE(cut->empty());
  EXPECT_EQ(head_->Cut().status().code(), absl::StatusCode::kFailedPrecondition);

  EXPECT_EQ(AppendSample(kUp, kT, 2).rejections.size(), 1u);
  EXPECT_EQ(AppendSample(kUp, kT, 1).samples, 1u);
  EXPECT_EQ(head_->Stats("").samples, 1u) << "a re-send of frozen data is not kept again";
  AppendSample(kUp, kT - 10, 5);
  AppendSample(kUp, kT + 10, 6);
  EXPECT_EQ(All().series.begin()->second.samples.size(), 3u);

  head_->Release(*cut);
  EXPECT_EQ(All().series.begin()->second.samples.size(), 2u);
  EXPECT_EQ(AppendSample(kUp, kT, 2).samples, 1u) << "sealed data is not the head's business";
  EXPECT_TRUE(head_->Cut().ok());
}

TEST_F(HeadTest, LogBehindACutStandsAlone) {
  AppendSample(kUp, kT, 1);
  AppendSample(kDown, kT, 1);
  const auto cut = Cut();
  AppendSample(kDown, kT + 1, 2);
  head_->Release(*cut);
  AppendSample(kDown, kT + 2, 3);
  EXPECT_EQ(SelectAll(*Restart(cut->position())), All());
}

TEST_F(HeadTest, EmptyCutIsEmpty) {
  const auto cut = Cut();
  EXPECT_TRUE(cut->empty());
  head_->Release(*cut);
  EXPECT_TRUE(head_->Cut().ok());
}

TEST_F(HeadTest, IdleSeriesLeaveAfterTheConfiguredCuts) {
  AppendSample(kUp, kT, 1);
  AppendSample(kDown, kT, 1);
  for (int cuts = 1; cuts <= 3; ++cuts) {
    head_->Release(*Cut());
    EXPECT_EQ(head_->Stats("a").series, cuts < 3 ? 2u : 1u) << cuts;
    AppendSample(kUp, kT + cuts, cuts);
  }
  EXPECT_EQ(AppendSample(kDown, kT + 9, 1).new_series, 1u);
  EXPECT_EQ(SelectAll(*Restart()).series.size(), 2u);
}

TEST_F(HeadTest, DataOfALeavingSeriesStaysReadableUntilRelease) {
  head_ = CreateHead({.idle_cuts = 0}, &log_);  // Everything leaves with its first cut.
  AppendSample(kUp, kT, 1);
  AppendSample(kDown, kT, 1);
  const auto cut = Cut();
  EXPECT_EQ(All().series.size(), 2u);
  EXPECT_EQ(AppendSample(kUp, kT, 2).rejections.size(), 1u);
  AppendSample(kUp, kT + 1, 2);
  EXPECT_EQ(All().series.at(R"({__name__="up", job="node"})").samples.size(), 2u);
  EXPECT_THAT(*head_->LabelValues(TestContext(), "__name__", {}), ElementsAre("down", "up"));
  EXPECT_EQ(head_->Series(TestContext(), {})->size(), 2u);
  head_->Release(*cut);
  EXPECT_EQ(All().series.size(), 1u);
}

TEST_F(HeadTest, LabelQueriesSeeOnlyMetricSeriesInRange) {
  BatchBuilder batch;
  batch.Series(kUp).Sample(kT, 1);
  batch.Series(kDown).Sample(kT + 100'000, 1);
  batch.Series({{"app", "log"}}).Entry({kT * 1'000'000, "line", {}});
  Append(batch);
  const model::TimeRange early{kT - 1, kT + 1};
  EXPECT_THAT(*head_->LabelNames(TestContext(), {}), ElementsAre("__name__", "job"));
  EXPECT_THAT(*head_->LabelValues(TestContext(), "__name__", {}), ElementsAre("down", "up"));
  EXPECT_THAT(*head_->LabelValues(TestContext(), "__name__", {{}, early, 0}), ElementsAre("up"));
  EXPECT_THAT(*head_->LabelValues(TestContext(), "__name__", {{}, {}, 1}), ElementsAre("down"));
  EXPECT_THAT(*head_->LabelValues(TestContext(), "nothing", {}), IsEmpty());
  EXPECT_THAT(*head_->Series(TestContext(), {{}, early, 0}), ElementsAre(model::Labels(kUp)));
  const LabelQuery by_name{{Matchers({{model::MatchType::kEqual, "__name__", "down"}}),
                            Matchers({{model::MatchType::kRegex, "job", "no.*"}})},
                           {},
                           0};
  EXPECT_THAT(*head_->Series(TestContext(), by_name),
              UnorderedElementsAre(model::Labels(kUp), model::Labels(kDown)));
  EXPECT_EQ(head_->Series(TestContext(), {{}, {}, 1})->size(), 1u);
}

TEST_F(HeadTest, ReplayRebuildsTheHeadAndAppendsGoOn) {
  BatchBuilder batch;
  batch.Series(kUp).Sample(kT, 1).Sample(kT + 5, 2).Sample(kT + 3, 9);
  batch.Series(kDown).Histogram(kT, TestHistogram(4)).Exemplar({{}, 2, kT});
  Append(batch);
  const Answer before = All();
  head_ = Restart();
  EXPECT_EQ(All(), before) << Describe(All());
  EXPECT_EQ(AllExemplars(*head_).size(), 1u);
  AppendSample(kDown, kT + 50, 1);  // Under this head's own numbers.
  AppendSample(kUp, kT + 50, 1);
  EXPECT_EQ(SelectAll(*Restart()), All());
}

TEST_F(HeadTest, FrameOfAnUndefinedSeriesIsNamedAndTheRestApplied) {
  AppendSample(kUp, kT, 1);
  const LogPosition after_first = log_.bounds().end;
  BatchBuilder batch;
  batch.Series(kUp).Sample(kT + 1, 1);
  batch.Series(kDown).Sample(kT + 1, 7);
  Append(batch);
  std::unique_ptr<Head> head = CreateHead({}, &log_);
  absl::Status status;
  ASSERT_TRUE(log_.Replay(
                      after_first,
                      [&](LogPosition after, std::string_view frame) {
                        status = head->Replay(after, frame);
                        return absl::OkStatus();
                      },
                      [](const LogDamage&) {})
                  .ok());
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("1 points of series"));
  EXPECT_EQ(SelectAll(*head).series.size(), 1u);
}

TEST_F(HeadTest, NonsenseFrameIsDataLoss) {
  EXPECT_EQ(head_->Replay({}, "").code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(head_->Replay({}, std::string("\x01\x01", 2)).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(head_->Replay({}, std::string("\x7f", 1)).code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(HeadTest, CancelledAndLateRequestsStop) {
  AppendSample(kUp, kT, 1);
  model::RequestContext context = TestContext();
  context.Cancel();
  EXPECT_EQ(head_->LabelNames(context, {}).status().code(), absl::StatusCode::kCancelled);
  context = TestContext();
  context.deadline = absl::InfinitePast();
  EXPECT_EQ(head_->Series(context, {}).status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(HeadTest, ErrorOfASinkStopsTheSelection) {
  AppendSample(kUp, kT, 1);
  AppendSample(kDown, kT, 1);
  class FullSink final : public Sink<SelectedSeries> {
   public:
    absl::Status Add(SelectedSeries) override {
      ++calls;
      return absl::ResourceExhaustedError("enough");
    }
    int calls = 0;
  } sink;
  EXPECT_EQ(head_->Select(TestContext(), {}, sink).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(sink.calls, 1);
}

TEST_F(HeadTest, StatsCountWhatIsUnsealed) {
  EXPECT_EQ(head_->Stats("").series, 0u);
  EXPECT_TRUE(head_->Stats("").range.empty());
  AppendSample(kUp, kT, 1);
  AppendSample(kUp, kT + 7, 1);
  const HeadStats stats = head_->Stats("");
  EXPECT_EQ(stats.series, 1u);
  EXPECT_EQ(stats.samples, 2u);
  EXPECT_EQ(stats.range, (model::TimeRange{kT, kT + 7}));
  EXPECT_GT(stats.index_bytes, 0u);
  EXPECT_EQ(head_->Stats("other").series, 0u);
}

TEST_F(HeadTest, PointsLargerThanAFrameAreRefusedAlone) {
  BatchBuilder batch;
  batch.Series(kUp).Entry({kT, std::string(kMaxLogFrameBytes, 'x'), {}}).Entry({kT, "short", {}});
  batch.Series({{"huge", std::string(100'000, 'y')}}).Sample(kT, 1);
  const AppendResult result = Append(batch);
  EXPECT_EQ(result.entries, 1u);
  ASSERT_EQ(result.rejections.size(), 2u);
  EXPECT_EQ(result.rejections[0].entries, 1u);
  EXPECT_EQ(result.rejections[0].reason, RejectReason::kTooLarge);
  EXPECT_EQ(result.rejections[1].samples, 1u);
  EXPECT_EQ(result.rejections[1].reason, RejectReason::kTooLarge);
}

TEST_F(HeadTest, ALimitOnLabelsIsAReasonOfItsOwn) {
  class Limits final : public SeriesAdmission {
   public:
    absl::StatusOr<model::Labels> Admit(std::string_view) const override {
      return absl::OutOfRangeError("too many labels");
    }
    absl::Status AdmitSeriesCount(uint64_t) const override { return absl::OkStatus(); }
  };
  BatchBuilder batch;
  batch.Series(kUp).Sample(kT, 1);
  const AppendResult result = Append(batch, "a", Limits());
  ASSERT_EQ(result.rejections.size(), 1u);
  EXPECT_EQ(result.rejections[0].reason, RejectReason::kLabelLimit);
  EXPECT_EQ(result.rejections[0].message, "too many labels");
}

}  // namespace
}  // namespace tidegate::storage::head
