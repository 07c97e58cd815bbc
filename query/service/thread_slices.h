// How the kernel's scheduler treats a thread among the others.
#ifndef TIDEGATE_QUERY_SERVICE_THREAD_SLICES_H_
#define TIDEGATE_QUERY_SERVICE_THREAD_SLICES_H_

namespace tidegate::query {

// The calling thread, and all that it starts later, ask for the shortest slices of a processor that
// there are (0.1 ms) instead of the usual 3 ms. Each gets as much time as before, but who wakes up
// need not wait for the end of a long slice. Needs no privilege; since Linux 6.12, older kernels
// pass over it.
void AskForShortSlices();

// Lets other threads that are ready go first, once. The kernel itself looks for them only when one
// wakes up, and at the ticks of its clock: each 4 ms at 250 Hz. It may take a slice away from who
// yields: beside a thread that never does, one that yields every 0.1 ms gets a third of the time.
void YieldProcessor();

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERVICE_THREAD_SLICES_H_
