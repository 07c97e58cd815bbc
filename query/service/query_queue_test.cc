#include "query/service/query_queue.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace tidegate::query {
namespace {

model::RequestContext Of(const char* tenant) {
  model::RequestContext context;
  context.tenant = tenant;
  return context;
}

TEST(QueryQueue, GivesAsManyTurnsAsTheLimitSays) {
  QueryQueue queue;
  const auto first = queue.Wait(Of("a"), {.max_running = 2, .max_waiting = 0});
  const auto second = queue.Wait(Of("a"), {.max_running = 2, .max_waiting = 0});
  ASSERT_TRUE(first.ok());
  ASSERT_TRUE(second.ok());
  model::RequestContext hurried = Of("a");
  hurried.deadline = absl::Now() + absl::Milliseconds(20);
  EXPECT_EQ(queue.Wait(hurried, {.max_running = 2, .max_waiting = 0}).status().code(),
            absl::StatusCode::kDeadlineExceeded);
}

TEST(QueryQueue, TellsHowManyRunAndWait) {
  prometheus::Gauge running;
  prometheus::Gauge waiting;
  QueryQueue queue(1, {.running = &running, .waiting = &waiting});
  {
    const auto first = queue.Wait(Of("a"), {.max_running = 1, .max_waiting = 0});
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(running.Value(), 1);
    std::thread second([&queue] {
      model::RequestContext hurried = Of("a");
      hurried.deadline = absl::Now() + absl::Milliseconds(200);
      EXPECT_FALSE(queue.Wait(hurried, {.max_running = 1, .max_waiting = 0}).ok());
    });
    const absl::Time patience = absl::Now() + absl::Seconds(20);
    while (waiting.Value() == 0 && absl::Now() < patience) absl::SleepFor(absl::Milliseconds(1));
    EXPECT_EQ(waiting.Value(), 1);
    second.join();
    EXPECT_EQ(waiting.Value(), 0);
    EXPECT_EQ(running.Value(), 1);
  }
  EXPECT_EQ(running.Value(), 0);
}

TEST(QueryQueue, KeepsTenantsApart) {
  QueryQueue queue;
  const auto first = queue.Wait(Of("a"), {.max_running = 1, .max_waiting = 0});
  EXPECT_TRUE(queue.Wait(Of("b"), {.max_running = 1, .max_waiting = 0}).ok());
}

TEST(QueryQueue, ZeroIsNoLimit) {
  QueryQueue queue;
  std::vector<QueryQueue::Turn> turns;
  for (int i = 0; i < 100; ++i)
    turns.push_back(*queue.Wait(Of("a"), {.max_running = 0, .max_waiting = 0}));
  EXPECT_EQ(turns.size(), 100u);
}

TEST(QueryQueue, CancellationEndsTheWait) {
  QueryQueue queue;
  const auto first = queue.Wait(Of("a"), {.max_running = 1, .max_waiting = 0});
  const model::RequestContext waiting = Of("a");
  std::thread canceller([&] {
    absl::SleepFor(absl::Milliseconds(10));
    waiting.Cancel();
  });
  EXPECT_EQ(queue.Wait(waiting, {.max_running = 1, .max_waiting = 0}).status().code(),
            absl::StatusCode::kCancelled);
  canceller.join();
}

TEST(QueryQueue, NeverLetsTooManyRun) {
  QueryQueue queue;
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        const auto turn = queue.Wait(Of("a"), {.max_running = 3, .max_waiting = 0});
        const int now = ++running;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        --running;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most, 3);
}

absl::Status OutcomeSoon(QueryQueue& queue, const char* tenant) {
  model::RequestContext hurried = Of(tenant);
  hurried.deadline = absl::Now() + absl::Milliseconds(20);
  return queue.Wait(hurried, {}).status();
}

TEST(QueryQueue, BoundsAllTenantsTogether) {
  QueryQueue queue(2);
  auto first = queue.Wait(Of("a"), {});
  const auto second = queue.Wait(Of("b"), {});
  EXPECT_TRUE(absl::IsDeadlineExceeded(OutcomeSoon(queue, "b")));
  first = absl::CancelledError("over");
  EXPECT_TRUE(OutcomeSoon(queue, "b").ok());
}

TEST(QueryQueue, AFirstQueryDoesNotWaitForThoseOfOtherTenants) {
  QueryQueue queue(2);
  const auto first = queue.Wait(Of("greedy"), {});
  const auto second = queue.Wait(Of("greedy"), {});
  const auto modest = queue.Wait(Of("modest"), {});
  ASSERT_TRUE(modest.ok());
  EXPECT_TRUE(absl::IsDeadlineExceeded(OutcomeSoon(queue, "modest")));
  const auto another = queue.Wait(Of("another"), {});
  ASSERT_TRUE(another.ok());
  // Twice the limit is the bound.
  EXPECT_TRUE(absl::IsDeadlineExceeded(OutcomeSoon(queue, "one more")));
}

TEST(QueryQueue, ATenantWithManyQueriesDelaysOthersByOne) {
  QueryQueue queue(1);
  auto running = std::make_optional(*queue.Wait(Of("greedy"), {}));
  std::mutex mutex;
  std::vector<std::string> order;
  std::vector<std::thread> threads;
  const auto ask = [&](const char* tenant) {
    threads.emplace_back([&, tenant] {
      const auto turn = queue.Wait(Of(tenant), {});
      std::lock_guard lock(mutex);
      order.emplace_back(tenant);
    });
    absl::SleepFor(absl::Milliseconds(5));  // One after the other into the queue.
  };
  for (int i = 0; i < 5; ++i) ask("greedy");
  ask("modest");
  running.reset();
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(order.size(), 6u);
  EXPECT_EQ(order[0], "modest");
}

TEST(QueryQueue, TooManyWaitersAreSentAway) {
  QueryQueue queue;
  const auto first = queue.Wait(Of("a"), {.max_running = 1, .max_waiting = 1});
  const model::RequestContext patient = Of("a");
  std::thread waiter([&] {
    EXPECT_TRUE(
        absl::IsCancelled(queue.Wait(patient, {.max_running = 1, .max_waiting = 1}).status()));
  });
  absl::SleepFor(absl::Milliseconds(50));  // By now it waits.
  const absl::Status status = queue.Wait(Of("a"), {.max_running = 1, .max_waiting = 1}).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  patient.Cancel();
  waiter.join();
}

}  // namespace
}  // namespace tidegate::query
