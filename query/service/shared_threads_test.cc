#include "query/service/shared_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

namespace tidegate::query {
namespace {

class CountingPacer final : public Pacer {
 public:
  void Pass() override { ++passes; }
  int passes = 0;
};

CpuSharesOptions TwoProcessors() {
  CpuSharesOptions options;
  options.processors = 2;
  options.set_spare = [](pid_t, bool) {};
  return options;
}

class SharedThreadsTest : public testing::Test {
 protected:
  CpuShares shares_{TwoProcessors()};
  model::RequestContext context_{.tenant = "a", .request_id = "r"};
  CountingPacer pacer_;
};

TEST_F(SharedThreadsTest, EveryCallHappensOnce) {
  SharedThreads threads(3, &shares_);
  QueryThreads lent(&threads, context_, &pacer_);
  ASSERT_EQ(lent.most(), 4u);
  for (size_t count : {0, 1, 2, 7, 500}) {
    std::vector<std::atomic<int>> calls(count);
    std::vector<std::atomic<int>> at_work(lent.most());
    lent.ForEach(count, [&](size_t worker, size_t i) {
      EXPECT_EQ(at_work[worker].fetch_add(1), 0);
      ++calls[i];
      --at_work[worker];
    });
    for (const auto& one : calls) EXPECT_EQ(one, 1);
  }
}

TEST_F(SharedThreadsTest, OthersWorkToo) {
  SharedThreads threads(1, &shares_);
  QueryThreads lent(&threads, context_, &pacer_);
  std::atomic<int> begun{0};
  std::atomic<bool> together{false};
  // The first two calls wait for each other: one thread alone could not do them.
  lent.ForEach(2, [&](size_t, size_t) {
    ++begun;
    const auto deadline = absl::Now() + absl::Seconds(30);
    while (begun < 2 && absl::Now() < deadline) std::this_thread::yield();
    together = begun == 2;
  });
  EXPECT_TRUE(together);
}

TEST_F(SharedThreadsTest, WithoutThreadsTheCallerDoesAll) {
  SharedThreads threads(0, &shares_);
  QueryThreads lent(&threads, context_, &pacer_);
  const auto caller = std::this_thread::get_id();
  int calls = 0;
  lent.ForEach(5, [&](size_t worker, size_t) {
    EXPECT_EQ(worker, 0u);
    EXPECT_EQ(std::this_thread::get_id(), caller);
    ++calls;
  });
  EXPECT_EQ(calls, 5);
  EXPECT_EQ(pacer_.passes, 5);
}

TEST_F(SharedThreadsTest, ManyQueriesAtOnce) {
  SharedThreads threads(2, &shares_);
  std::vector<std::thread> queries;
  std::atomic<int> calls{0};
  for (int q = 0; q < 6; ++q) {
    queries.emplace_back([&] {
      CountingPacer pacer;
      QueryThreads lent(&threads, context_, &pacer);
      for (int round = 0; round < 50; ++round) {
        int own = 0;
        std::atomic<int> all{0};
        lent.ForEach(20, [&](size_t worker, size_t) {
          if (worker == 0) ++own;
          ++all;
        });
        EXPECT_EQ(all, 20);
        calls += all;
      }
    });
  }
  for (std::thread& query : queries) query.join();
  EXPECT_EQ(calls, 6 * 50 * 20);
}

}  // namespace
}  // namespace tidegate::query
