#include "query/service/shared_threads.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace tidegate::query {

// The calls of one ForEach. Whoever has claimed one keeps the caller waiting; others only hold the
// memory.
struct SharedThreads::Work {
  Work(const model::RequestContext& request, size_t calls, const storage::LentThreads::WorkFn& work)
      : context(request), count(calls), fn(work) {}

  // The next call.
  std::optional<size_t> Claim() {
    std::lock_guard lock(mutex);
    if (next == count) return std::nullopt;
    ++running;
    return next++;
  }
  void Finish() {
    std::lock_guard lock(mutex);
    if (--running == 0) idle.notify_all();
  }
  bool over() {
    std::lock_guard lock(mutex);
    return next == count;
  }
  size_t NewWorker() {
    std::lock_guard lock(mutex);
    return ++workers;
  }
  void WaitForOthers() {
    std::unique_lock lock(mutex);
    idle.wait(lock, [this] { return running == 0; });
  }
  // Until all calls are claimed.
  void Run(size_t worker, Pacer* pacer) {
    while (const auto i = Claim()) {
      fn(worker, *i);
      Finish();
      pacer->Pass();
    }
  }

  const model::RequestContext context;
  const size_t count;
  const storage::LentThreads::WorkFn& fn;  // Of the caller, who waits for those that call it.
  std::mutex mutex;
  std::condition_variable idle;
  size_t next = 0;  // Guarded by the mutex, like the two below.
  size_t running = 0;
  size_t workers = 0;
};

SharedThreads::~SharedThreads() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void SharedThreads::ForEach(const model::RequestContext& context, Pacer* pacer, size_t count,
                            const storage::LentThreads::WorkFn& fn) {
  const auto work = std::make_shared<Work>(context, count, fn);
  if (count > 1) Post(work, std::min(most_, count - 1));
  work->Run(0, pacer);
  work->WaitForOthers();
}

void SharedThreads::Post(const std::shared_ptr<Work>& work, size_t threads) {
  {
    std::lock_guard lock(mutex_);
    while (threads_.size() < most_) threads_.emplace_back([this] { Loop(); });
    threads = std::min(threads, kMostWanted - std::min(kMostWanted, wanted_.size()));
    for (size_t i = 0; i < threads; ++i) wanted_.push_back(work);
  }
  wake_.notify_all();
}

void SharedThreads::Loop() {
  while (true) {
    std::shared_ptr<Work> work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !wanted_.empty(); });
      if (stopping_) return;
      work = std::move(wanted_.front());
      wanted_.pop_front();
    }
    Help(work.get());
  }
}

void SharedThreads::Help(Work* work) {
  if (work->over()) return;
  // This may take long, while others do the work: nothing is claimed yet.
  const std::unique_ptr<CpuShares::Task> task = shares_.Begin(work->context);
  work->Run(work->NewWorker(), task.get());
}

}  // namespace tidegate::query
