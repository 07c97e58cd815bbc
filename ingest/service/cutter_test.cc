#include "ingest/service/cutter.h"

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "ingest/service/fakes.h"
#include "model/metrics/metrics_registry.h"
#include "model/write_batch.h"

namespace tidegate::ingest {
namespace {

class CutterTest : public testing::Test {
 protected:
  CutterTest() : head_(&log_), metrics_(&registry_), identity_(TestIdentity(0)) {
    policy_.interval = absl::InfiniteDuration();
    EXPECT_TRUE(identity_->Register({}, &store_).ok());
  }

  CutterParts Parts() {
    return {&log_, &head_, &store_, &clock_, identity_.get(), &metrics_, &pressure_};
  }

  // Cuts only when it is asked, unless `poll` is given.
  void Start(absl::Duration poll = absl::InfiniteDuration()) {
    cutter_ = std::make_unique<Cutter>(Parts(), policy_, poll);
    cutter_->Start();
  }

  void AppendSample(model::TimestampMs timestamp) {
    model::WriteBatch batch;
    batch.timestamps = {timestamp};
    batch.values = {1};
    batch.series.emplace_back().samples_end = 1;
    ASSERT_TRUE(head_.Append({}, batch, AnySeries()).ok());
  }

  template <typename Condition>
  void WaitUntil(Condition condition) {
    while (!condition()) absl::SleepFor(absl::Milliseconds(1));
  }

  FakeLog log_;
  FakeHead head_;
  FakeStore store_;
  model::ManualClock clock_;
  model::MetricsRegistry registry_;
  IngestMetrics metrics_;
  EntryPressure pressure_{&head_, {}, nullptr, &metrics_};
  const std::unique_ptr<ProducerIdentity> identity_;
  CutPolicy policy_;
  std::unique_ptr<Cutter> cutter_;
};

TEST_F(CutterTest, ACutIsCommittedReleasedAndTrimmed) {
  Start();
  AppendSample(1);
  AppendSample(2);
  ASSERT_TRUE(cutter_->CutNow({}).ok());
  EXPECT_EQ(store_.committed_samples(), 2u);
  EXPECT_EQ(head_.released(), 1);
  EXPECT_EQ(log_.SizeBytes(), 0u);
  EXPECT_EQ(store_.committed(kFirstTestId), log_.bounds().end);
  EXPECT_EQ(metrics_.cuts.Value(), 1);
}

TEST_F(CutterTest, TheLogHasWhatTheStoreGets) {
  Start();
  AppendSample(1);  // Nobody waits for it.
  ASSERT_EQ(log_.waited(), storage::LogPosition());
  ASSERT_TRUE(cutter_->CutNow({}).ok());
  EXPECT_EQ(log_.waited(), store_.committed(kFirstTestId));
}

TEST_F(CutterTest, ALogThatFailsKeepsNothingOutOfTheStore) {
  Start();
  AppendSample(1);
  log_.FailSyncs(absl::UnavailableError("the disk is full"));
  ASSERT_TRUE(cutter_->CutNow({}).ok());
  EXPECT_EQ(store_.committed_samples(), 1u);
}

// A copy of its directory was started, and has registered in its place.
TEST_F(CutterTest, AnIngesterWhosePlaceIsTakenHandsOverUnderANewId) {
  Start();
  AppendSample(1);
  store_.Forget(kFirstTestId);
  ASSERT_TRUE(cutter_->CutNow({}).ok());
  EXPECT_EQ(store_.committed_samples(), 1u);
  EXPECT_EQ(store_.committed(kFirstTestId + 1), log_.bounds().end);
  AppendSample(2);
  ASSERT_TRUE(cutter_->CutNow({}).ok());
  EXPECT_EQ(store_.committed_samples(), 2u);
  EXPECT_EQ(metrics_.new_identities.Value(), 1);
}

TEST_F(CutterTest, AnEmptyCutNeedsNoStore) {
  Start();
  store_.Fail(absl::UnavailableError("away"));
  ASSERT_TRUE(cutter_->CutNow({}).ok());
  EXPECT_EQ(store_.started(), 0);
  EXPECT_EQ(head_.released(), 1);
}

TEST_F(CutterTest, WhatTheStoreDidNotTakeStaysFrozenAndInTheLog) {
  Start();
  AppendSample(1);
  store_.Fail(absl::UnavailableError("away"));
  EXPECT_TRUE(absl::IsUnavailable(cutter_->CutNow({})));
  AppendSample(2);
  EXPECT_TRUE(absl::IsUnavailable(cutter_->CutNow({})));
  EXPECT_EQ(head_.cuts(), 1) << "the pending cut is tried again before another is made";
  EXPECT_GT(log_.SizeBytes(), 0u);
  store_.Fail(absl::OkStatus());
  ASSERT_TRUE(cutter_->CutNow({}).ok());
  EXPECT_EQ(store_.committed_samples(), 2u);
  EXPECT_EQ(head_.cuts(), 2);
  EXPECT_EQ(log_.SizeBytes(), 0u);
  EXPECT_EQ(metrics_.failed_cuts.Value(), 2);
}

TEST_F(CutterTest, ALostAnswerDoesNotHandOverTwice) {
  Start();
  AppendSample(1);
  store_.LoseNextAnswer(absl::UnavailableError("connection reset"));
  EXPECT_TRUE(absl::IsUnavailable(cutter_->CutNow({})));
  ASSERT_TRUE(cutter_->CutNow({}).ok());
  EXPECT_EQ(store_.committed_samples(), 1u);
  EXPECT_EQ(log_.SizeBytes(), 0u);
}

TEST_F(CutterTest, ThePolicyCutsByItself) {
  policy_.interval = absl::Minutes(30);
  Start(absl::Milliseconds(1));
  AppendSample(1);
  clock_.Advance(absl::Minutes(31));
  WaitUntil([&] { return store_.committed_samples() == 1; });
}

TEST_F(CutterTest, AGrownLogIsCutEarly) {
  policy_.log_bytes = 5;
  Start(absl::Milliseconds(1));
  for (int i = 0; i < 10; ++i) AppendSample(i);
  WaitUntil([&] { return store_.committed_samples() == 10; });
}

TEST_F(CutterTest, AFailedCutIsRetriedWhenThePauseIsOver) {
  policy_.log_bytes = 1;
  store_.Fail(absl::UnavailableError("away"));
  AppendSample(1);
  Start(absl::Milliseconds(1));
  WaitUntil([&] { return store_.started() == 1; });
  store_.Fail(absl::OkStatus());
  clock_.Advance(absl::Seconds(2));
  WaitUntil([&] { return store_.committed_samples() == 1; });
  EXPECT_EQ(store_.started(), 2);
}

TEST_F(CutterTest, GaugesFollowTheHead) {
  Start(absl::Milliseconds(1));
  AppendSample(1);
  WaitUntil([&] { return metrics_.head_samples.Value() == 1; });
  WaitUntil([&] { return metrics_.log_bytes.Value() > 0; });
}

TEST_F(CutterTest, AfterStopThereIsNoCut) {
  Start();
  cutter_->Stop();
  EXPECT_TRUE(absl::IsUnavailable(cutter_->CutNow({})));
}

TEST_F(CutterTest, BeforeStartThereIsNoCut) {
  Cutter cutter(Parts(), policy_, absl::InfiniteDuration());
  EXPECT_TRUE(absl::IsUnavailable(cutter.CutNow({})));
}

TEST_F(CutterTest, ACallerThatHasGoneDoesNotWait) {
  Start();
  model::RequestContext context;
  context.Cancel();
  EXPECT_TRUE(absl::IsCancelled(cutter_->CutNow(context)));
}

}  // namespace
}  // namespace tidegate::ingest
