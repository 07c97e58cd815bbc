#include "query/service/cpu_shares.h"

#include <pthread.h>

#include <algorithm>

namespace tidegate::query {
namespace {

// Queries of one tenant that are held back take turns.
constexpr absl::Duration kSlice = absl::Milliseconds(20);
// A query that did not pass for so long, and did not compute meanwhile, waits for something else
// than processors: a slow client, a disk. It leaves its processor to others until it passes again.
constexpr absl::Duration kLapse = absl::Milliseconds(250);
// A query that has computed for so long is a long one.
constexpr absl::Duration kLong = absl::Milliseconds(20);
// How often a pausing query looks: others stop asking without telling it.
constexpr absl::Duration kLookInterval = absl::Milliseconds(10);
// Yielding costs about a microsecond.
constexpr absl::Duration kYieldInterval = absl::Microseconds(100);
constexpr absl::Duration kSpareInterval = absl::Milliseconds(2);

}  // namespace

clockid_t ThreadCpuClock() {
  clockid_t clock;
  return pthread_getcpuclockid(pthread_self(), &clock) == 0 ? clock : CLOCK_THREAD_CPUTIME_ID;
}

absl::Duration CpuTimeOf(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return absl::DurationFromTimespec(time);
}

std::unique_ptr<CpuShares::Task> CpuShares::Begin(const model::RequestContext& context) {
  std::unique_ptr<Task> task(new Task(this, context));
  const absl::Time now = options_.now();
  task->looked_ = task->last_pass_ = task->slice_begun_ = now;
  bool in_turn = false;
  {
    absl::MutexLock lock(&mutex_);
    task->tenant_ = use_.Enter(context.tenant, now);
    running_.push_back(task.get());
    in_turn = PassLocked(task.get(), now);
  }
  task->yields_ = !in_turn;
  return task;
}

void CpuShares::Pass(Task* task) {
  const absl::Time now = options_.now();
  if (task->yields_ && now - task->yielded_ > kYieldInterval) {
    options_.yield();
    task->yielded_ = now;
  }
  if (now - task->looked_ < options_.pass_interval) return;
  bool in_turn = false;
  {
    absl::MutexLock lock(&mutex_);
    in_turn = PassLocked(task, now);
  }
  if (!in_turn) task->yields_ = true;
  task->looked_ = options_.now();
}

void CpuShares::End(Task* task) {
  const absl::Time now = options_.now();
  absl::MutexLock lock(&mutex_);
  Charge(task, now);
  SetSpares(task, false);
  running_.remove(task);
  const bool leaves_place = !pausing_.empty() && IsHeldBack(*task, now);
  use_.Leave(task->tenant_, now);
  if (leaves_place) ResumeNext(now);
}

bool CpuShares::PassLocked(Task* task, absl::Time now) {
  Charge(task, now);
  task->cpu_passed_ = task->cpu_charged_;
  task->last_pass_ = now;
  SpareProcessor(now);
  const bool held_back = IsHeldBack(*task, now);
  SetSpares(task, held_back);
  if (!held_back) return task->cpu_charged_ - task->cpu_begun_ <= kLong;
  if (!MayRun(*task, now)) Pause(task, now);
  return false;
}

void CpuShares::Pause(Task* task, absl::Time now) {
  task->pausing_ = true;
  pausing_.splice(pausing_.end(), running_, std::find(running_.begin(), running_.end(), task));
  ResumeNext(now);
  while (task->context_.Check().ok() && !MayRun(*task, now)) {
    task->resume_.WaitWithTimeout(&mutex_, kLookInterval);
    now = options_.now();
  }
  task->pausing_ = false;
  running_.splice(running_.end(), pausing_, std::find(pausing_.begin(), pausing_.end(), task));
  task->last_pass_ = task->slice_begun_ = now;
  SetSpares(task, IsHeldBack(*task, now));
}

void CpuShares::Charge(Task* task, absl::Time now) {
  const absl::Duration cpu = options_.cpu_time(task->clock_);
  use_.Charge(task->tenant_, cpu - task->cpu_charged_, now);
  task->cpu_charged_ = cpu;
}

bool CpuShares::IsHeldBack(const Task& task, absl::Time now) {
  return use_.IsExcessive(*task.tenant_, options_.processors, now);
}

// Whether `other`, which pauses, gets the next free processor rather than `task`.
bool CpuShares::GoesBefore(const Task& other, const Task& task, absl::Time now) const {
  if (other.tenant_ != task.tenant_) return TenantUse::UsedLess(*other.tenant_, *task.tenant_);
  // `task` pauses behind `other`, or has had its slice.
  return task.pausing_ || now - task.slice_begun_ > kSlice;
}

bool CpuShares::Computes(const Task& task, absl::Time now) const {
  const absl::Duration since = now - task.last_pass_;
  return since < kLapse || options_.cpu_time(task.clock_) - task.cpu_passed_ > since / 2;
}

bool CpuShares::MayRun(const Task& task, absl::Time now) {
  if (!IsHeldBack(task, now)) return true;
  bool before_me = true;  // In the order of the list; only one that pauses is in it.
  for (const Task* other : pausing_) {
    if (other == &task) {
      before_me = false;
    } else if ((before_me || other->tenant_ != task.tenant_) && GoesBefore(*other, task, now)) {
      return false;
    }
  }
  const auto takes_a_place = [&](const Task* other) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return other != &task && IsHeldBack(*other, now) && Computes(*other, now);
  };
  return std::count_if(running_.begin(), running_.end(), takes_a_place) <
         std::max(options_.processors, 2u) - 1;
}

void CpuShares::ResumeNext(absl::Time now) {
  for (Task* task : pausing_) {
    if (MayRun(*task, now)) return task->resume_.Signal();
  }
}

void CpuShares::SpareProcessor(absl::Time now) {
  if (now - spared_ < kSpareInterval) return;
  spared_ = now;
  for (Task* task : running_) {
    if (now - task->last_pass_ > kSlice) Charge(task, now);
  }
  for (Task* task : running_) SetSpares(task, IsHeldBack(*task, now));
}

void CpuShares::SetSpares(Task* task, bool spares) {
  if (task->spares_ == spares) return;
  task->spares_ = spares;
  options_.set_spare(task->thread_, spares);
}

}  // namespace tidegate::query
