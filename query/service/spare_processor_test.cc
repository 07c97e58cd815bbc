#include "query/service/spare_processor.h"

#include <sched.h>

#include <thread>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace tidegate::query {
namespace {

cpu_set_t ProcessorsOf(pid_t thread) {
  cpu_set_t processors;
  CPU_ZERO(&processors);
  sched_getaffinity(thread, sizeof(processors), &processors);
  return processors;
}

TEST(SpareProcessor, AnotherThreadLeavesOneFreeAndTakesItAgain) {
  const cpu_set_t all = ProcessorsOf(0);
  if (CPU_COUNT(&all) < 2) GTEST_SKIP() << "one processor";
  absl::Notification started;
  absl::Notification done;
  pid_t other = 0;
  std::thread thread([&] {
    other = ThisThread();
    started.Notify();
    done.WaitForNotification();
  });
  started.WaitForNotification();

  SetSpareProcessor(other, true);
  SetSpareProcessor(other, true);  // Still one.
  const cpu_set_t some = ProcessorsOf(other);
  EXPECT_EQ(CPU_COUNT(&some), CPU_COUNT(&all) - 1);
  const cpu_set_t mine = ProcessorsOf(0);
  EXPECT_TRUE(CPU_EQUAL(&mine, &all));

  SetSpareProcessor(other, false);
  const cpu_set_t again = ProcessorsOf(other);
  EXPECT_TRUE(CPU_EQUAL(&again, &all));
  done.Notify();
  thread.join();
}

}  // namespace
}  // namespace tidegate::query
