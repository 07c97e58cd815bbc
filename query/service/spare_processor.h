// Keeps a thread off one of the process' processors.
#ifndef TIDEGATE_QUERY_SERVICE_SPARE_PROCESSOR_H_
#define TIDEGATE_QUERY_SERVICE_SPARE_PROCESSOR_H_

#include <sys/types.h>

namespace tidegate::query {

// The identifier of the calling thread.
pid_t ThisThread();

// From now on the thread runs on all processors of the process but the last, or on all of them
// again. It holds at once, also for a thread that computes and does not look up. The processors of
// the process are those that its main thread may use. Needs no privilege; without a second
// processor nothing happens. The thread must be one of this process and alive; threads that it
// starts meanwhile keep off that processor for good.
void SetSpareProcessor(pid_t thread, bool spare);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERVICE_SPARE_PROCESSOR_H_
