#include "query/service/thread_slices.h"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace tidegate::query {
namespace {

// The first version of the kernel's struct sched_attr (sched_setattr(2)); glibc has none.
struct SchedulingAttributes {
  uint32_t size;
  uint32_t policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime_ns;  // Of SCHED_OTHER: the slice.
  uint64_t deadline_ns;
  uint64_t period_ns;
};

constexpr uint64_t kShortestSliceNs = 100'000;

}  // namespace

void AskForShortSlices() {
  SchedulingAttributes attributes{};
  // What the thread has otherwise, its nice value above all, stays.
  if (syscall(SYS_sched_getattr, 0, &attributes, sizeof(attributes), 0) != 0) return;
  if (attributes.policy != SCHED_OTHER) return;
  attributes.size = sizeof(attributes);
  attributes.flags = 0;
  attributes.runtime_ns = kShortestSliceNs;
  // It is a wish: a kernel or a sandbox that refuses it leaves everything as it was.
  (void)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

void YieldProcessor() { sched_yield(); }

}  // namespace tidegate::query
