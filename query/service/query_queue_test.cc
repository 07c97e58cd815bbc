#include "query/service/query_queue.h"

#include <atomic>
#include <optional>
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
  const auto first = queue.Wait(Of("a"), 2);
  const auto second = queue.Wait(Of("a"), 2);
  ASSERT_TRUE(first.ok());
  ASSERT_TRUE(second.ok());
  model::RequestContext hurried = Of("a");
  hurried.deadline = absl::Now() + absl::Milliseconds(20);
  EXPECT_EQ(queue.Wait(hurried, 2).status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST(QueryQueue, KeepsTenantsApart) {
  QueryQueue queue;
  const auto first = queue.Wait(Of("a"), 1);
  EXPECT_TRUE(queue.Wait(Of("b"), 1).ok());
}

TEST(QueryQueue, ZeroIsNoLimit) {
  QueryQueue queue;
  std::vector<QueryQueue::Turn> turns;
  for (int i = 0; i < 100; ++i) turns.push_back(*queue.Wait(Of("a"), 0));
  EXPECT_EQ(turns.size(), 100u);
}

TEST(QueryQueue, CancellationEndsTheWait) {
  QueryQueue queue;
  const auto first = queue.Wait(Of("a"), 1);
  const model::RequestContext waiting = Of("a");
  std::thread canceller([&] {
    absl::SleepFor(absl::Milliseconds(10));
    waiting.Cancel();
  });
  EXPECT_EQ(queue.Wait(waiting, 1).status().code(), absl::StatusCode::kCancelled);
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
        const auto turn = queue.Wait(Of("a"), 3);
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

}  // namespace
}  // namespace tidegate::query
