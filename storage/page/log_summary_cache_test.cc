#include "storage/page/log_summary_cache.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::storage {
namespace {

std::shared_ptr<const std::string> Summary(char fill, size_t size = 1000) {
  return std::make_shared<const std::string>(size, fill);
}

TEST(LogSummaryCacheTest, GivesBackWhatWasAdded) {
  LogSummaryCache cache(1 << 20);
  EXPECT_EQ(cache.Find("a"), nullptr);
  cache.Add("a", Summary('a'));
  cache.Add("a", Summary('x'));
  ASSERT_NE(cache.Find("a"), nullptr);
  EXPECT_EQ(*cache.Find("a"), *Summary('a'));
  EXPECT_GT(cache.memory_bytes(), 1000u);
  EXPECT_LT(cache.memory_bytes(), 2000u);
}

TEST(LogSummaryCacheTest, TheLeastRecentlyUsedLeaves) {
  LogSummaryCache cache(3000);
  for (const char* key : {"a", "b", "c"}) {
    cache.Add(key, Summary(*key));
    EXPECT_NE(cache.Find("a"), nullptr);
  }
  EXPECT_EQ(cache.Find("b"), nullptr);
  EXPECT_NE(cache.Find("c"), nullptr);
  EXPECT_LE(cache.memory_bytes(), 3000u);
}

TEST(LogSummaryCacheTest, WhatExceedsTheBudgetIsNotKept) {
  LogSummaryCache cache(500);
  cache.Add("a", Summary('a'));
  EXPECT_EQ(cache.Find("a"), nullptr);
  EXPECT_EQ(cache.memory_bytes(), 0u);
}

TEST(LogSummaryCacheTest, ManyThreads) {
  LogSummaryCache cache(20'000);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache] {
      for (int i = 0; i < 5000; ++i) {
        const std::string key = std::to_string(i % 37);
        if (const auto found = cache.Find(key)) {
          EXPECT_EQ(found->front(), key.front());
        } else {
          cache.Add(key, Summary(key.front()));
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace tidegate::storage
