#include "query/service/cpu_shares.h"

#include <sched.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>

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
  CpuShares Make(uint32_t processors, absl::Duration pass_interval = absl::ZeroDuration()) {
    return CpuShares({.processors = processors,
                      .pass_interval = pass_interval,
                      .now = [this] { return absl::UnixEpoch() + absl::Nanoseconds(now_.load()); },
                      .cpu_time =
                          [this](clockid_t) {
                            ++clocks_read_;
                            return absl::Nanoseconds(cpu_.load());
                          },
                      .set_spare = [this](pid_t, bool spare) { sparing_ += spare ? 1 : -1; },
                      .yield = [this] { ++yields_; }});
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
  std::atomic<int> sparing_{0};
  std::atomic<int> clocks_read_{0};
  std::atomic<int> yields_{0};
};

// A thread that passes once, and whether it came through.
class Passing {
 public:
  explicit Passing(CpuShares::Task& task)
      : thread_([this, &task] {
          task.Pass();
          passed_.set_value();
        }) {}
  ~Passing() { thread_.join(); }
  bool Paused() { return !Passed(std::chrono::milliseconds(30)); }
  bool ComesThrough() { return Passed(std::chrono::seconds(10)); }

 private:
  bool Passed(std::chrono::milliseconds patience) {
    return passing_.wait_for(patience) == std::future_status::ready;
  }

  // Of the standard library: the thread sanitizer does not see what absl::Notification orders.
  std::promise<void> passed_;
  std::future<void> passing_ = passed_.get_future();
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

TEST_F(CpuSharesTest, QueriesThatAreHeldBackYieldFromTheirBeginning) {
  CpuShares shares = Make(2);
  const auto quiet = shares.Begin(Of("quiet"));
  {
    const auto before = shares.Begin(Of("noisy"));
    Compute(*before, absl::Seconds(2));
  }
  const auto next = shares.Begin(Of("noisy"));
  EXPECT_EQ(yields_, 0);
  next->Pass();
  EXPECT_EQ(yields_, 1);
  quiet->Pass();
  EXPECT_EQ(yields_, 1);
}

TEST_F(CpuSharesTest, WhoComputesWithoutPassingLeavesAProcessorWhenAnotherBegins) {
  CpuShares shares = Make(2);
  auto computes = shares.Begin(Of("noisy"));
  const auto also = shares.Begin(Of("noisy"));
  Compute(*computes, absl::Seconds(2));
  EXPECT_EQ(sparing_, 0);  // It asks alone.
  Advance(absl::Milliseconds(2));
  const auto quiet = shares.Begin(Of("quiet"));
  EXPECT_EQ(sparing_, 2);
  computes.reset();
  EXPECT_EQ(sparing_, 1);
}

TEST_F(CpuSharesTest, WhatIsComputedWithoutPassingCounts) {
  CpuShares shares = Make(2);
  const auto computes = shares.Begin(Of("noisy"));
  Use(absl::Seconds(2));
  Advance(absl::Seconds(2));
  const auto quiet = shares.Begin(Of("quiet"));
  EXPECT_EQ(sparing_, 1);
}

TEST_F(CpuSharesTest, TheProcessorIsNotSparedLongerThanOthersAsk) {
  CpuShares shares = Make(2);
  const auto noisy = shares.Begin(Of("noisy"));
  shares.Begin(Of("quiet"));
  Compute(*noisy, absl::Seconds(2));
  EXPECT_EQ(sparing_, 1);
  Advance(absl::Milliseconds(201));
  noisy->Pass();
  EXPECT_EQ(sparing_, 0);
}

TEST_F(CpuSharesTest, LongQueriesYieldBetweenTheirPasses) {
  CpuShares shares = Make(2, absl::Milliseconds(10));
  const auto query = shares.Begin(Of("a"));
  Use(absl::Milliseconds(21));
  Advance(absl::Milliseconds(10));
  query->Pass();
  EXPECT_EQ(yields_, 0);  // It was a short one until now.
  query->Pass();
  query->Pass();
  EXPECT_EQ(yields_, 1);
  Advance(absl::Microseconds(101));
  query->Pass();
  EXPECT_EQ(yields_, 2);
}

TEST_F(CpuSharesTest, PassesThatFollowEachOtherFastDoNothing) {
  CpuShares shares = Make(2, absl::Microseconds(500));
  const auto task = shares.Begin(Of("a"));
  const int before = clocks_read_;
  for (int i = 0; i < 1000; ++i) task->Pass();
  EXPECT_EQ(clocks_read_, before);
  Advance(absl::Microseconds(500));
  task->Pass();
  EXPECT_GT(clocks_read_, before);
}

TEST(CpuShares, ShortSlicesChangeNothingElse) {
  const int policy = sched_getscheduler(0);
  const int nice = getpriority(PRIO_PROCESS, 0);
  AskForShortSlices();
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
