// Threads that queries work on beside their own while they are free.
#ifndef TIDEGATE_QUERY_SERVICE_SHARED_THREADS_H_
#define TIDEGATE_QUERY_SERVICE_SHARED_THREADS_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "model/request_context.h"
#include "query/service/cpu_shares.h"
#include "query/vector/pacer.h"
#include "storage/lent_threads.h"

namespace tidegate::query {

// So many threads for all queries together, begun when the first one wants them. A thread that
// works for a query takes its tenant's share of the processors as the query's own does, and pauses
// where that has to. Thread safe; the shares outlive it.
class SharedThreads {
 public:
  SharedThreads(size_t threads, CpuShares* shares) : most_(threads), shares_(*shares) {}
  ~SharedThreads();
  SharedThreads(const SharedThreads&) = delete;
  SharedThreads& operator=(const SharedThreads&) = delete;

  size_t most() const { return most_; }
  // As LentThreads; `pacer` is that of the calling thread.
  void ForEach(const model::RequestContext& context, Pacer* pacer, size_t count,
               const storage::LentThreads::WorkFn& fn);

 private:
  struct Work;
  void Post(const std::shared_ptr<Work>& work, size_t threads);
  void Loop();
  void Help(Work* work);

  // Waiting for help is not worth it: more than so many go without.
  static constexpr size_t kMostWanted = 64;

  const size_t most_;
  CpuShares& shares_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Work>> wanted_;  // Once for each thread; guarded, like the next two.
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

// Those that one query may use.
class QueryThreads final : public storage::LentThreads {
 public:
  // Everything outlives it.
  QueryThreads(SharedThreads* shared, const model::RequestContext& context, Pacer* pacer)
      : shared_(*shared), context_(context), pacer_(pacer) {}

  size_t most() const override { return shared_.most() + 1; }
  void ForEach(size_t count, const WorkFn& fn) override {
    shared_.ForEach(context_, pacer_, count, fn);
  }

 private:
  SharedThreads& shared_;
  const model::RequestContext& context_;
  Pacer* const pacer_;
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERVICE_SHARED_THREADS_H_
