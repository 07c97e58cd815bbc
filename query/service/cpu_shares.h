// Divides the processors between the queries of different tenants.
#ifndef TIDEGATE_QUERY_SERVICE_CPU_SHARES_H_
#define TIDEGATE_QUERY_SERVICE_CPU_SHARES_H_

#include <sys/types.h>
#include <time.h>

#include <cstdint>
#include <functional>
#include <list>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "model/request_context.h"
#include "query/service/spare_processor.h"
#include "query/service/tenant_use.h"
#include "query/service/thread_slices.h"
#include "query/vector/pacer.h"

namespace tidegate::query {

// The clock of the calling thread's processor time, and the time of such a clock; any thread may
// read it while the thread lives.
clockid_t ThreadCpuClock();
absl::Duration CpuTimeOf(clockid_t clock);

struct CpuSharesOptions {
  uint32_t processors = 1;
  // Passes that follow each other faster do nothing: short queries and long ones alike should
  // seldom be found with the lock.
  absl::Duration pass_interval = absl::Microseconds(500);
  std::function<absl::Time()> now = absl::Now;
  std::function<absl::Duration(clockid_t)> cpu_time = CpuTimeOf;
  std::function<void(pid_t thread, bool spare)> set_spare = SetSpareProcessor;
  std::function<void()> yield = YieldProcessor;
};

// A tenant that asks alone has all processors. While others ask too, one that uses more than half
// of an even share, and more than twice what another of them uses, is held back: the queries of all
// such tenants together run on all processors but one (on one where there is no other), those of
// the tenant that used least first, and the others pause when they pass. So a small query of
// somebody else finds a free processor, however many large ones are at work: the kernel keeps their
// threads off it from the moment that somebody else asks, also those that compute without passing.
// And a query that is held back or has computed for 20 ms yields as it passes, so that whatever
// wakes up on its processor, a push or a short query, goes before it. No call looks at all tenants;
// those of tenants that are held back, and one each two milliseconds of the others, look at all
// queries at work. Thread safe; must outlive its tasks.
class CpuShares {
 public:
  // One query at work. Used by the thread that runs the query, and destroyed there.
  class Task final : public Pacer {
   public:
    ~Task() override { shares_->End(this); }
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;

    void Pass() override { shares_->Pass(this); }

   private:
    friend class CpuShares;
    Task(CpuShares* shares, const model::RequestContext& context)
        : shares_(shares),
          context_(context),
          thread_(ThisThread()),
          clock_(ThreadCpuClock()),
          cpu_begun_(shares->options_.cpu_time(clock_)),
          cpu_charged_(cpu_begun_),
          cpu_passed_(cpu_begun_) {}

    CpuShares* const shares_;
    const model::RequestContext context_;
    const pid_t thread_;
    const clockid_t clock_;
    const absl::Duration cpu_begun_;
    // Of the query's thread alone.
    absl::Time looked_;   // When it passed and looked.
    absl::Time yielded_;  // When it yielded last.
    bool yields_ = false;
    // Under the mutex of the shares.
    TenantUse::Tenant* tenant_ = nullptr;
    absl::Duration cpu_charged_;  // Of the thread, up to which the tenant was charged.
    absl::Duration cpu_passed_;   // The same when it passed last,
    absl::Time last_pass_;        // which was then.
    absl::Time slice_begun_;      // Since when it has been running.
    bool pausing_ = false;
    bool spares_ = false;  // Its thread leaves a processor free.
    absl::CondVar resume_;
  };

  explicit CpuShares(const CpuSharesOptions& options) : options_(options) {}

  // Begins a query; pauses as Pass does.
  std::unique_ptr<Task> Begin(const model::RequestContext& context);

 private:
  void Pass(Task* task);
  void End(Task* task);
  // False when the task has to yield from now on.
  bool PassLocked(Task* task, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Pause(Task* task, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  void Charge(Task* task, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsHeldBack(const Task& task, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Computes(const Task& task, absl::Time now) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  bool MayRun(const Task& task, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool GoesBefore(const Task& other, const Task& task, absl::Time now) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // Lets the first of the pausing queries go on that may.
  void ResumeNext(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Decides which threads leave a processor free, and charges those that have not passed for long;
  // looks at them only now and then.
  void SpareProcessor(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SetSpares(Task* task, bool spares) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const CpuSharesOptions options_;
  absl::Mutex mutex_;
  TenantUse use_ ABSL_GUARDED_BY(mutex_);
  std::list<Task*> running_ ABSL_GUARDED_BY(mutex_);
  std::list<Task*> pausing_ ABSL_GUARDED_BY(mutex_);  // In the order in which they began to.
  absl::Time spared_ ABSL_GUARDED_BY(mutex_);         // When SpareProcessor looked last.
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERVICE_CPU_SHARES_H_
