#include "ingest/service/entry_pressure.h"

#include <atomic>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "ingest/service/fakes.h"
#include "model/log_entry.h"
#include "model/metrics/metrics_registry.h"
#include "model/write_batch.h"

namespace tidegate::ingest {
namespace {

class EntryPressureTest : public testing::Test {
 protected:
  EntryPressureTest() : head_(&log_), metrics_(&registry_) {
    options_.cut_bytes = 10;
    options_.max_bytes = 20;
    options_.max_wait = absl::InfiniteDuration();
  }

  std::unique_ptr<EntryPressure> Make() {
    return std::make_unique<EntryPressure>(
        &head_, options_, [this] { ++due_; }, &metrics_);
  }

  // The fake counts the bytes of lines.
  void Append(std::string_view line) {
    model::WriteBatch batch;
    batch.entries = {{.timestamp = 1, .line = line, .structured_metadata = {}}};
    batch.series.emplace_back().entries_end = 1;
    ASSERT_TRUE(head_.Append({}, batch, AnySeries()).ok());
  }
  void Seal() { head_.Release(**head_.Cut()); }
  void AwaitWaiting(double pushes) {
    while (metrics_.waited_log_pushes.Value() < pushes) absl::SleepFor(absl::Milliseconds(1));
  }

  FakeLog log_;
  FakeHead head_;
  model::MetricsRegistry registry_;
  IngestMetrics metrics_;
  EntryPressureOptions options_;
  std::atomic<int> due_{0};
};

TEST_F(EntryPressureTest, PushesGoOnUpToTheBound) {
  const auto pressure = Make();
  Append("20 bytes as one line");
  EXPECT_TRUE(pressure->Admit({}).ok());
  EXPECT_EQ(metrics_.waited_log_pushes.Value(), 0);
}

TEST_F(EntryPressureTest, ACutIsDueBeyondItsBound) {
  const auto pressure = Make();
  Append("ten bytes.");
  pressure->NoteAppended();
  EXPECT_EQ(due_, 0);
  Append("x");
  pressure->NoteAppended();
  EXPECT_EQ(due_, 1);
}

TEST_F(EntryPressureTest, BeyondTheBoundAPushWaitsForTheCut) {
  const auto pressure = Make();
  Append("twenty-one bytes long");
  std::thread push([&] { EXPECT_TRUE(pressure->Admit({}).ok()); });
  AwaitWaiting(1);
  Seal();
  pressure->NoteCut(true);
  push.join();
  EXPECT_EQ(metrics_.refused_log_pushes.Value(), 0);
}

TEST_F(EntryPressureTest, APushThatHasWaitedLongIsSentAway) {
  options_.max_wait = absl::ZeroDuration();
  const auto pressure = Make();
  Append("twenty-one bytes long");
  const absl::Status refused = pressure->Admit({});
  EXPECT_TRUE(absl::IsResourceExhausted(refused));
  EXPECT_EQ(refused.message(),
            "log entries come faster than they are sealed: 21 bytes wait in memory, at most 20 "
            "may; send the push again later");
  EXPECT_EQ(metrics_.refused_log_pushes.Value(), 1);
}

TEST_F(EntryPressureTest, OnlySomeWaitAndOthersAreSentAwayAtOnce) {
  options_.max_waiting = 2;
  const auto pressure = Make();
  Append("twenty-one bytes long");
  std::vector<std::thread> pushes;
  for (int i = 0; i < 2; ++i) {
    pushes.emplace_back([&] { EXPECT_TRUE(pressure->Admit({}).ok()); });
  }
  AwaitWaiting(2);
  EXPECT_TRUE(absl::IsResourceExhausted(pressure->Admit({})));
  Seal();
  pressure->NoteCut(true);
  for (std::thread& push : pushes) push.join();
}

TEST_F(EntryPressureTest, AStoreThatTakesNoCutsHoldsNobodyUp) {
  const auto pressure = Make();
  Append("twenty-one bytes long");
  std::thread push([&] { EXPECT_TRUE(pressure->Admit({}).ok()); });
  AwaitWaiting(1);
  pressure->NoteCut(false);
  push.join();
  EXPECT_TRUE(pressure->Admit({}).ok());
  pressure->NoteAppended();
  EXPECT_EQ(due_, 0);  // It is tried again by itself.
}

TEST_F(EntryPressureTest, ASenderThatHasGoneIsNotWaitedFor) {
  const auto pressure = Make();
  Append("twenty-one bytes long");
  model::RequestContext context;
  std::thread push([&] { EXPECT_TRUE(absl::IsCancelled(pressure->Admit(context))); });
  AwaitWaiting(1);
  context.Cancel();
  push.join();
}

TEST_F(EntryPressureTest, ZeroIsNoBound) {
  options_ = {};
  const auto pressure = Make();
  Append("twenty-one bytes long");
  EXPECT_TRUE(pressure->Admit({}).ok());
  pressure->NoteAppended();
  EXPECT_EQ(due_, 0);
}

}  // namespace
}  // namespace tidegate::ingest
