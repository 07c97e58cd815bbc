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

  // At most `max_queued` tasks wait while all threads are busy. `threads` is at least one.
  WorkerPool(int threads, size_t max_queued);
  // Runs what was accepted, then joins.
  ~WorkerPool();

  // False, and the task is dropped, when the queue is full or the pool is stopping.
  bool TrySubmit(Task task);

  // Accepts nothing more, runs what was accepted, joins the threads. Idempotent; not from a task.
  void Stop();

  size_t queued() const;

 private:
  void Run();

  mutable absl::Mutex mutex_;
  absl::CondVar wake_;
  std::deque<Task> queue_ ABSL_GUARDED_BY(mutex_);
  size_t idle_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  const size_t max_queued_;
  std::vector<std::thread> threads_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_WORKER_POOL_H_
