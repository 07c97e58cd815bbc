// How the kernel's scheduler treats the calling thread among the others.
#ifndef TIDEGATE_QUERY_SERVICE_THREAD_PATIENCE_H_
#define TIDEGATE_QUERY_SERVICE_THREAD_PATIENCE_H_

namespace tidegate::query {

// A patient thread asks for long slices of a processor (100 ms, the kernel's maximum) instead of
// the usual 3 ms. It gets as much time as any other, but who wakes up with a shorter slice need not
// wait for its end: since Linux 6.12 it takes the processor at once. Needs no privilege. Older
// kernels pass over it.
void SetThreadPatient(bool patient);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERVICE_THREAD_PATIENCE_H_
