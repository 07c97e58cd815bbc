#include "model/metrics/process_figures.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"

namespace tidegate::model {
namespace {

TEST(ParseProcStat, ReadsFieldsByTheirNumber) {
  ProcessFigures figures;
  const std::string text =
      "42 (odd ) name) S 1 42 42 0 -1 4194304 9 0 0 0 250 150 0 0 20 0 7 0 3000 1048576 256 "
      "18446744073709551615 1 1 0 0 0 0";
  ASSERT_TRUE(ParseProcStat(text, 1000, &figures));
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  EXPECT_DOUBLE_EQ(figures.cpu_seconds, 400 / ticks);
  EXPECT_EQ(figures.threads, 7);
  EXPECT_DOUBLE_EQ(figures.start_unix_seconds, 1000 + 3000 / ticks);
  EXPECT_EQ(figures.virtual_bytes, 1048576u);
  EXPECT_EQ(figures.resident_bytes, 256u * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)));
}

TEST(ParseProcStat, RefusesWhatIsNoSuchText) {
  ProcessFigures figures;
  EXPECT_FALSE(ParseProcStat("", 0, &figures));
  EXPECT_FALSE(ParseProcStat("42 (name) S 1 2", 0, &figures));
}

TEST(ReadProcessFigures, KnowsThisProcess) {
  absl::Notification stop;
  std::thread other([&stop] { stop.WaitForNotification(); });
  std::FILE* file = std::fopen("/dev/null", "r");
  const ProcessFigures with = ReadProcessFigures();
  std::fclose(file);
  stop.Notify();
  other.join();
  const ProcessFigures without = ReadProcessFigures();
  EXPECT_EQ(with.open_files, without.open_files + 1);
  EXPECT_GE(with.threads, 2);
  EXPECT_GT(with.resident_bytes, 100u << 10);
  EXPECT_GT(with.virtual_bytes, with.resident_bytes);
  EXPECT_GT(with.max_open_files, 10u);
  EXPECT_GE(with.processors, 1);
  EXPECT_GT(with.memory_limit_bytes, with.resident_bytes);
  EXPECT_GT(with.uptime_seconds, -1);
  EXPECT_LT(with.uptime_seconds, 3600);
}

// The sanitizers' allocators tell nothing.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(ReadProcessFigures, TheHeapGrowsWithWhatIsTaken) {
  const uint64_t before = ReadProcessFigures().heap_used_bytes;
  std::vector<char> taken(8 << 20, 'x');
  const ProcessFigures during = ReadProcessFigures();
  EXPECT_GE(during.heap_used_bytes, before + taken.size());
  EXPECT_GE(during.heap_committed_bytes, during.heap_used_bytes);
}
#endif

}  // namespace
}  // namespace tidegate::model
