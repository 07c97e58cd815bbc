#include "api/http/worker_pool.h"

#include <utility>

namespace tidegate::api {

WorkerPool::WorkerPool(int threads, size_t max_queued) : max_queued_(max_queued) {
  threads_.reserve(threads);
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
  // From here on a thread is either idle or at work, so no task is refused without need.
  const auto all_idle = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return idle_.size() == threads_.size();
  };
  absl::MutexLock lock(&mutex_, absl::Condition(&all_idle));
}

WorkerPool::~WorkerPool() { Stop(); }

bool WorkerPool::TrySubmit(Task task) {
  absl::MutexLock lock(&mutex_);
  if (stopping_) return false;
  if (!idle_.empty()) {
    Idle* const idle = idle_.back();
    idle_.pop_back();
    idle->task = std::move(task);
    idle->wake.Signal();
    return true;
  }
  if (queue_.size() >= max_queued_) return false;
  queue_.push_back(std::move(task));
  return true;
}

void WorkerPool::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    for (Idle* idle : idle_) idle->wake.Signal();
    idle_.clear();
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

size_t WorkerPool::queued() const {
  absl::MutexLock lock(&mutex_);
  return queue_.size();
}

void WorkerPool::Run() {
  while (Task task = Next()) task();
}

WorkerPool::Task WorkerPool::Next() {
  absl::MutexLock lock(&mutex_);
  if (!queue_.empty()) {
    Task task = std::move(queue_.front());
    queue_.pop_front();
    return task;
  }
  if (stopping_) return {};
  Idle self;
  idle_.push_back(&self);
  while (!self.task && !stopping_) self.wake.Wait(&mutex_);
  return std::move(self.task);
}

}  // namespace tidegate::api
