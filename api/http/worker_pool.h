// Threads that run handlers, with a bounded queue in front.
#ifndef TIDEGATE_API_HTTP_WORKER_POOL_H_
#define TIDEGATE_API_HTTP_WORKER_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace tidegate::api {

// Thread safe. Tasks start in the order in which they were accepted.
class WorkerPool {
 public:
  using Task = std::function<void()>;

  // At most `max_queued` tasks wait while all threads are busy. `threads` is at least one. Returns
  // when all threads are ready.
  WorkerPool(int threads, size_t max_queued);
  // Runs what was accepted, then joins.
  ~WorkerPool();

  // False, and the task is dropped, when the queue is full or the pool is stopping.
  bool TrySubmit(Task task);

  // Accepts nothing more, runs what was accepted, joins the threads. Idempotent; not from a task.
  void Stop();

  size_t queued() const;

 private:
  // A thread that has nothing to do, and the task it is woken for. Lives on that thread's stack
  // while it is listed in idle_.
  struct Idle {
    absl::CondVar wake;
    Task task;
  };

  void Run();
  // Waits for a task; none when the pool stops.
  Task Next();

  mutable absl::Mutex mutex_;
  std::deque<Task> queue_ ABSL_GUARDED_BY(mutex_);
  // The thread that was busy last is woken first: its caches are warm, and the others can sleep.
  std::vector<Idle*> idle_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  const size_t max_queued_;
  std::vector<std::thread> threads_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_WORKER_POOL_H_
