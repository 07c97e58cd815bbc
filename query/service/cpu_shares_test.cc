#include "query/service/cpu_shares.h"

#include <sched.h>
#include <sys/resource.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace tidegate::query {
namespace {

model::RequestContext Of(const std::string& tenant) {
  model::RequestContext context;
  context.tenant = tenant;
  return context;
}

// Time stands still unless the test moves it; all threads have one processor clock.
class CpuSharesTest : public testing::Test {
 protected:
  CpuShares Make(uint32_t processors) {
    return CpuShares({.processors = processors,
                      .now = [this] { return absl::UnixEpoch() + absl::Nanoseconds(now_.load()); },
                      .cpu_time = [this](clockid_t) { return absl::Nanoseconds(cpu_.load()); },
                      .set_patient = [this](bool patient) { patient_ += patient ? 1 : -1; }});
  }
  void Advance(absl::Duration time) { now_ += absl::ToInt64Nanoseconds(time); }
  // Processor time goes by, of every task.
  void Use(absl::Duration cpu) { cpu_ += absl::ToInt64Nanoseconds(cpu); }
  // The task computes for so long.
  void Compute(CpuShares::Task& task, absl::Duration cpu) {
    cpu_ += absl::ToInt64Nanoseconds(cpu);
    Advance(absl::Milliseconds(1));
    task.Pass();
  }

 private:
  std::atomic<int64_t> now_{absl::ToInt64Nanoseconds(absl::Hours(1))};
  std::atomic<int64_t> cpu_{0};

 protected:
  std::atomic<int> patient_{0};  // Threads.
};

// A thread that passes once, and whether it came through.
class Passing {
 public:
  explicit Passing(CpuShares::Task& task)
      : thread_([this, &task] {
          task.Pass();
          passed_.Notify();
        }) {}
  ~Passing() { thread_.join(); }
  bool Paused() { return !passed_.WaitForNotificationWithTimeout(absl::Milliseconds(30)); }
  bool ComesThrough() { return passed_.WaitForNotificationWithTimeout(absl::Seconds(10)); }

 private:
  absl::Notification passed_;
  std::thread thread_;
};

TEST_F(CpuSharesTest, OneTenantAloneHasEverything) {
  CpuShares shares = Make(2);
  const auto a = shares.Begin(Of("noisy"));
  const auto b = shares.Begin(Of("noisy"));
  const auto c = shares.Begin(Of("noisy"));
  Compute(*a, absl::Seconds(10));
  Compute(*b, absl::Seconds(10));
  Compute(*c, absl::Seconds(10));  // Would hang if it paused.
}

TEST_F(CpuSharesTest, WhoUsesMorePausesWhileAnotherAsks) {
  CpuShares shares = Make(2);
  auto first = shares.Begin(Of("noisy"));
  const auto second = shares.Begin(Of("noisy"));
  Compute(*first, absl::Seconds(2));
  shares.Begin(Of("quiet"));
  Passing passing(*second);
  EXPECT_TRUE(passing.Paused());  // One processor is the first query's, one the quiet tenant's.
  first.reset();
  EXPECT_TRUE(passing.ComesThrough());
}

TEST_F(CpuSharesTest, TheLastOfThemIsNeverHeldBack) {
  for (const uint32_t processors : {1, 2}) {
    CpuShares shares = Make(processors);
    const auto only = shares.Begin(Of("noisy"));
    shares.Begin(Of("quiet"));
    Compute(*only, absl::Seconds(2));
    Compute(*only, absl::Seconds(2));
  }
}

TEST_F(CpuSharesTest, WhoUsesLittleIsNeverHeldBack) {
  CpuShares shares = Make(2);
  const auto noisy = shares.Begin(Of("noisy"));
  Compute(*noisy, absl::Seconds(2));
  shares.Begin(Of("other"));
  for (int i = 0; i < 10; ++i) {
    const auto small = shares.Begin(Of("quiet"));
    Compute(*small, absl::Milliseconds(1));
  }
}

TEST_F(CpuSharesTest, EverythingIsFreeAgainWhenTheOthersHaveGone) {
  CpuShares shares = Make(2);
  const auto first = shares.Begin(Of("noisy"));
  const auto second = shares.Begin(Of("noisy"));
  Compute(*first, absl::Seconds(2));
  shares.Begin(Of("quiet"));
  Passing passing(*second);
  EXPECT_TRUE(passing.Paused());
  Advance(absl::Milliseconds(201));
  EXPECT_TRUE(passing.ComesThrough());
}

TEST_F(CpuSharesTest, WhatWasUsedIsForgotten) {
  CpuShares shares = Make(2);
  const auto first = shares.Begin(Of("noisy"));
  const auto second = shares.Begin(Of("noisy"));
  Compute(*first, absl::Seconds(2));
  second->Pass();  // One clock for all: what has passed is charged to it too.
  Advance(absl::Seconds(10));
  shares.Begin(Of("quiet"));
  first->Pass();
  second->Pass();  // Would hang.
}

TEST_F(CpuSharesTest, QueriesThatAreHeldBackTakeTurns) {
  CpuShares shares = Make(2);
  const auto first = shares.Begin(Of("noisy"));
  const auto second = shares.Begin(Of("noisy"));
  Compute(*first, absl::Seconds(2));
  const auto quiet = shares.Begin(Of("quiet"));
  Passing passing(*second);
  EXPECT_TRUE(passing.Paused());
  Advance(absl::Milliseconds(21));
  Passing again(*first);  // Has had its slice, steps aside.
  EXPECT_TRUE(passing.ComesThrough());
  EXPECT_TRUE(again.Paused());
  Advance(absl::Milliseconds(21));
  Passing last(*second);
  EXPECT_TRUE(again.ComesThrough());
  EXPECT_TRUE(last.Paused());
  Advance(absl::Milliseconds(251));  // The first does not pass any more.
  EXPECT_TRUE(last.ComesThrough());
}

TEST_F(CpuSharesTest, WhoDoesNotPassForLongLeavesItsPlace) {
  CpuShares shares = Make(2);
  const auto slow_reader = shares.Begin(Of("noisy"));
  const auto second = shares.Begin(Of("noisy"));
  Compute(*slow_reader, absl::Seconds(2));
  const auto quiet = shares.Begin(Of("quiet"));
  Passing passing(*second);
  EXPECT_TRUE(passing.Paused());
  Advance(absl::Milliseconds(251));
  EXPECT_TRUE(passing.ComesThrough());
}

TEST_F(CpuSharesTest, WhoComputesForLongWithoutPassingKeepsItsPlace) {
  CpuShares shares = Make(2);
  auto busy = shares.Begin(Of("noisy"));
  const auto second = shares.Begin(Of("noisy"));
  Compute(*busy, absl::Seconds(2));
  const auto quiet = shares.Begin(Of("quiet"));
  Use(absl::Milliseconds(200));
  Advance(absl::Milliseconds(251));
  Passing passing(*second);
  EXPECT_TRUE(passing.Paused());
  busy.reset();
  EXPECT_TRUE(passing.ComesThrough());
}

TEST_F(CpuSharesTest, AmongThoseHeldBackTheOneThatUsedLeastGoesFirst) {
  CpuShares shares = Make(2);
  const auto worst = shares.Begin(Of("worst"));
  Compute(*worst, absl::Seconds(4));
  const auto bad = shares.Begin(Of("bad"));
  const auto quiet = shares.Begin(Of("quiet"));
  // It is ahead of "worst", which steps aside when it passes next.
  std::thread waiting([&] { Compute(*bad, absl::Seconds(2)); });
  absl::SleepFor(absl::Milliseconds(20));
  Passing passing(*worst);
  EXPECT_TRUE(passing.Paused());
  waiting.join();
  EXPECT_TRUE(passing.Paused());
  Advance(absl::Milliseconds(251));
  EXPECT_TRUE(passing.ComesThrough());
}

TEST_F(CpuSharesTest, NobodyPausesForAClientThatHasGone) {
  CpuShares shares = Make(2);
  const auto first = shares.Begin(Of("noisy"));
  const model::RequestContext context = Of("noisy");
  const auto second = shares.Begin(context);
  Compute(*first, absl::Seconds(2));
  const auto quiet = shares.Begin(Of("quiet"));
  Passing passing(*second);
  EXPECT_TRUE(passing.Paused());
  context.Cancel();
  EXPECT_TRUE(passing.ComesThrough());
}

TEST_F(CpuSharesTest, LongQueriesArePatientUntilTheyEnd) {
  CpuShares shares = Make(2);
  auto query = shares.Begin(Of("a"));
  Compute(*query, absl::Milliseconds(20));
  EXPECT_EQ(patient_, 0);
  Compute(*query, absl::Milliseconds(1));
  Compute(*query, absl::Milliseconds(1));
  EXPECT_EQ(patient_, 1);
  query.reset();
  EXPECT_EQ(patient_, 0);
}

TEST_F(CpuSharesTest, QueriesThatAreHeldBackArePatientFromTheirBeginning) {
  CpuShares shares = Make(2);
  const auto quiet = shares.Begin(Of("quiet"));
  {
    const auto before = shares.Begin(Of("noisy"));
    Compute(*before, absl::Seconds(2));
  }
  const auto next = shares.Begin(Of("noisy"));
  EXPECT_EQ(patient_, 1);
}

TEST_F(CpuSharesTest, CountsTheProcessorTimeOfAQuery) {
  CpuShares shares = Make(2);
  const auto query = shares.Begin(Of("a"));
  Compute(*query, absl::Milliseconds(7));
  EXPECT_EQ(query->cpu_time(), absl::Milliseconds(7));
}

TEST(CpuShares, AThreadCanBePatientAndStopBeingIt) {
  const int policy = sched_getscheduler(0);
  const int nice = getpriority(PRIO_PROCESS, 0);
  SetThreadPatient(true);
  SetThreadPatient(false);
  EXPECT_EQ(sched_getscheduler(0), policy);
  EXPECT_EQ(getpriority(PRIO_PROCESS, 0), nice);
}

TEST(CpuShares, ReadsTheProcessorTimeOfAThread) {
  const clockid_t clock = ThreadCpuClock();
  const absl::Duration begin = CpuTimeOf(clock);
  while (CpuTimeOf(clock) - begin < absl::Milliseconds(1)) {
  }
  const absl::Duration used = CpuTimeOf(clock) - begin;
  EXPECT_LT(used, absl::Seconds(5));
  absl::Duration seen;
  std::thread([&] { seen = CpuTimeOf(clock) - begin; }).join();  // From another thread.
  EXPECT_GE(seen, used);
  EXPECT_LT(seen, absl::Seconds(5));
}

}  // namespace
}  // namespace tidegate::query
