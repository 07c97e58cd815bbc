#include "query/service/spare_processor.h"

#include <sched.h>

#include <future>
#include <thread>

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
  std::promise<pid_t> started;
  std::promise<void> done;
  std::thread thread([&] {
    started.set_value(ThisThread());
    done.get_future().wait();
  });
  const pid_t other = started.get_future().get();

  SetSpareProcessor(other, true);
  SetSpareProcessor(other, true);  // Still one.
  const cpu_set_t some = ProcessorsOf(other);
  EXPECT_EQ(CPU_COUNT(&some), CPU_COUNT(&all) - 1);
  const cpu_set_t mine = ProcessorsOf(0);
  EXPECT_TRUE(CPU_EQUAL(&mine, &all));

  SetSpareProcessor(other, false);
  const cpu_set_t again = ProcessorsOf(other);
  EXPECT_TRUE(CPU_EQUAL(&again, &all));
  done.set_value();
  thread.join();
}

}  // namespace
}  // namespace tidegate::query
