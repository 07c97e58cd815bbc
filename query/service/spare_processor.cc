#include "query/service/spare_processor.h"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tidegate::query {

pid_t ThisThread() { return static_cast<pid_t>(syscall(SYS_gettid)); }

void SetSpareProcessor(pid_t thread, bool spare) {
  cpu_set_t processors;
  // Fails where there are more processors than the set has room for; then nothing is spared.
  if (sched_getaffinity(getpid(), sizeof(processors), &processors) != 0) return;
  if (CPU_COUNT(&processors) < 2) return;
  if (spare) {
    int last = CPU_SETSIZE - 1;
    while (!CPU_ISSET(last, &processors)) --last;
    CPU_CLR(last, &processors);
  }
  // A wish: where a sandbox refuses it, the thread runs where it did.
  (void)sched_setaffinity(thread, sizeof(processors), &processors);
}

}  // namespace tidegate::query
