#include "storage/page/log_outline_cache.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "storage/page/envelope.h"
#include "storage/partition/partition.h"

namespace tidegate::storage {
namespace {

SegmentId Id(uint64_t position) {
  return {.tenant = "a",
          .position = LogPosition{position},
          .producer = 1,
          .span = SpanContaining(0, kPartitionWidths[0])};
}

// A segment's outlines hold one text of 1,000 characters; those of even positions have none, those
// of 99 are damaged.
class Pages final : public PageSource {
 public:
  absl::StatusOr<std::string> Read(std::string_view key) const override {
    ++reads;
    const auto parsed = ParsePageKey(key);
    if (!parsed.ok()) return parsed.status();
    if (parsed->kind != PageKind::kLogOutlines || parsed->id.position.value % 2 == 0) {
      return absl::NotFoundError("none");
    }
    LogOutlinesBuilder builder;
    const PageOutline outline{.columns = {}, .families = {{}}, .templates = {{}}};
    const auto c = static_cast<char>('a' + parsed->id.position.value);
    builder.Add(0, outline, {std::string(1000, c)}, {});
    std::string value = SealEnvelope(key, PageKind::kLogOutlines, builder.Finish());
    if (parsed->id.position.value == 99) ++value.back();
    return value;
  }
  mutable std::atomic<int> reads{0};
};

TEST(LogOutlineCacheTest, ReadsOnce) {
  const Pages pages;
  LogOutlineCache cache(1 << 20);
  for (int i = 0; i < 3; ++i) {
    const auto outlines = cache.Get(Id(1), pages);
    ASSERT_TRUE(outlines.ok()) << outlines.status();
    EXPECT_EQ((*outlines)->closed_texts(), std::string(1000, 'b'));
    EXPECT_EQ(*cache.Get(Id(2), pages), nullptr);
  }
  EXPECT_EQ(pages.reads, 2);
  EXPECT_GT(cache.memory_bytes(), 1000u);
  EXPECT_LT(cache.memory_bytes(), 3000u);
}

TEST(LogOutlineCacheTest, TheLeastRecentlyUsedLeaves) {
  const Pages pages;
  LogOutlineCache cache(4000);
  for (const uint64_t position : {1, 3, 5}) {
    EXPECT_TRUE(cache.Get(Id(position), pages).ok());
    EXPECT_TRUE(cache.Get(Id(1), pages).ok());
    EXPECT_LE(cache.memory_bytes(), 4000u);
  }
  EXPECT_EQ(pages.reads, 3);
  EXPECT_TRUE(cache.Get(Id(3), pages).ok());
  EXPECT_EQ(pages.reads, 4);
}

TEST(LogOutlineCacheTest, DamageIsToldEveryTime) {
  const Pages pages;
  LogOutlineCache cache(1 << 20);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(cache.Get(Id(99), pages).status().code(), absl::StatusCode::kDataLoss);
  }
  EXPECT_EQ(cache.memory_bytes(), 0u);
}

TEST(LogOutlineCacheTest, ManyThreads) {
  const Pages pages;
  LogOutlineCache cache(20'000);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (uint64_t i = 0; i < 2000; ++i) {
        const auto outlines = cache.Get(Id(i % 37), pages);
        ASSERT_TRUE(outlines.ok()) << outlines.status();
        EXPECT_EQ(*outlines == nullptr, i % 37 % 2 == 0);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace tidegate::storage
