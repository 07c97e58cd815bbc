#include "api/http/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/synchronization/notification.h"

namespace tidegate::api {
namespace {

TEST(WorkerPool, RunsEveryAcceptedTask) {
  std::atomic<int> runs = 0;
  WorkerPool pool(4, 1000);
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(pool.TrySubmit([&] { ++runs; }));
  pool.Stop();
  EXPECT_EQ(runs, 500);
}

TEST(WorkerPool, OneThreadKeepsTheOrder) {
  std::vector<int> order;
  WorkerPool pool(1, 100);
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(pool.TrySubmit([&order, i] { order.push_back(i); }));
  pool.Stop();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(order[i], i);
}

TEST(WorkerPool, RefusesWhenTheQueueIsFull) {
  absl::Notification started;
  absl::Notification release;
  WorkerPool pool(1, 2);
  ASSERT_TRUE(pool.TrySubmit([&] {
    started.Notify();
    release.WaitForNotification();
  }));
  started.WaitForNotification();
  EXPECT_TRUE(pool.TrySubmit([] {}));
  EXPECT_TRUE(pool.TrySubmit([] {}));
  EXPECT_FALSE(pool.TrySubmit([] { FAIL() << "was refused"; }));
  EXPECT_EQ(pool.queued(), 2u);
  release.Notify();
}

TEST(WorkerPool, ConcurrentTasksRunAtTheSameTime) {
  absl::Notification first;
  absl::Notification second;
  WorkerPool pool(2, 2);
  ASSERT_TRUE(pool.TrySubmit([&] {
    first.Notify();
    second.WaitForNotification();
  }));
  ASSERT_TRUE(pool.TrySubmit([&] {
    first.WaitForNotification();
    second.Notify();
  }));
  pool.Stop();
}

TEST(WorkerPool, AcceptsNothingAfterStop) {
  WorkerPool pool(1, 10);
  pool.Stop();
  EXPECT_FALSE(pool.TrySubmit([] {}));
  pool.Stop();
}

}  // namespace
}  // namespace tidegate::api
