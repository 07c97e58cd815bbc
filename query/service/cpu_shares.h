// Divides the processors between the queries of different tenants.
#ifndef TIDEGATE_QUERY_SERVICE_CPU_SHARES_H_
#define TIDEGATE_QUERY_SERVICE_CPU_SHARES_H_

#include <time.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "model/request_context.h"
#include "query/service/thread_patience.h"
#include "query/vector/pacer.h"

namespace tidegate::query {

// The clock of the calling thread's processor time, and the time of such a clock; any thread may
// read it while the thread lives.
clockid_t ThreadCpuClock();
absl::Duration CpuTimeOf(clockid_t clock);

struct CpuSharesOptions {
  uint32_t processors = 1;
  std::function<absl::Time()> now = absl::Now;
  std::function<absl::Duration(clockid_t)> cpu_time = CpuTimeOf;
  std::function<void(bool patient)> set_patient = SetThreadPatient;  // Of the calling thread.
};

// A tenant that asks alone has all processors. While others ask too, one that uses more than half
// of an even share, and more than twice what another of them uses, is held back: the queries of all
// such tenants together run on all processors but one (on one where there is no other), those of
// the tenant that used least first, and the others pause when they pass. So a small query of
// somebody else finds a free processor, however many large ones are at work. Use is processor time;
// what was used a second ago counts a third. And whatever wakes up, a push or a short query, goes
// before the slice of a query ends that is held back or has computed for 20 ms. Thread safe; must
// outlive its tasks.
class CpuShares {
 public:
  // One query at work. Used by the thread that runs the query, and destroyed there.
  class Task final : public Pacer {
   public:
    ~Task() override;
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;

    void Pass() override { shares_->Pass(this); }
    // Of this query so far.
    absl::Duration cpu_time() const { return thread_cpu() - cpu_begun_; }

   private:
    friend class CpuShares;
    Task(CpuShares* shares, const model::RequestContext& context)
        : shares_(shares),
          context_(context),
          clock_(ThreadCpuClock()),
          cpu_begun_(shares->options_.cpu_time(clock_)) {}

    absl::Duration thread_cpu() const { return shares_->options_.cpu_time(clock_); }

    CpuShares* const shares_;
    const model::RequestContext context_;
    const clockid_t clock_;
    const absl::Duration cpu_begun_;
    // Under the mutex of the shares.
    absl::Duration cpu_charged_;  // Of the thread, up to which the tenant was charged.
    absl::Time last_pass_;
    absl::Time slice_begun_;  // Since when it has been running.
    bool pausing_ = false;
    std::atomic<bool> patient_ = false;
  };

  explicit CpuShares(const CpuSharesOptions& options) : options_(options) {}

  // Begins a query; pauses as Pass does.
  std::unique_ptr<Task> Begin(const model::RequestContext& context);

 private:
  struct Use {
    double seconds = 0;  // Decayed, as of `as_of`.
    absl::Time as_of = absl::InfinitePast();
    int tasks = 0;

    double At(absl::Time now) const;
  };

  void Pass(Task* task);
  // False when the task has to be patient.
  bool PassInTurn(Task* task);
  void Remove(Task* task);

  void Charge(Task* task, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsHeldBack(const std::string& tenant, absl::Time now) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  bool Computes(const Task& task, absl::Time now) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  bool MayRun(const Task& task, absl::Time now) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  bool GoesBefore(const Task& other, const Task& task, absl::Time now) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const CpuSharesOptions options_;
  mutable absl::Mutex mutex_;
  absl::CondVar changed_;                                       // A task paused or ended.
  std::map<std::string, Use> tenants_ ABSL_GUARDED_BY(mutex_);  // Those that asked lately.
  // Each task from its beginning to its end; pausing ones in the order in which they began to.
  std::list<Task*> tasks_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERVICE_CPU_SHARES_H_
