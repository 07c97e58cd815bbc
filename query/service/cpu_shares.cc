#include "query/service/cpu_shares.h"

#include <pthread.h>

#include <algorithm>
#include <cmath>

namespace tidegate::query {
namespace {

// The time after which a third of what was used still counts.
constexpr absl::Duration kMemory = absl::Seconds(1);
// A tenant without queries at work counts as asking for so long: clients pause between queries.
constexpr absl::Duration kPresence = absl::Milliseconds(200);
// Who uses so many times what another one uses is held back. Use is known at each pass only, so one
// that is a little larger means nothing.
constexpr double kFactor = 2;
// Queries of one tenant that are held back take turns.
constexpr absl::Duration kSlice = absl::Milliseconds(20);
// A query that did not pass for so long, and did not compute meanwhile, waits for something else
// than processors: a slow client, a disk. It leaves its processor to others until it passes again.
constexpr absl::Duration kLapse = absl::Milliseconds(250);
// A query that has computed for so long is a long one.
constexpr absl::Duration kLong = absl::Milliseconds(20);
// How often a pausing query looks: others come and go without telling it.
constexpr absl::Duration kLookInterval = absl::Milliseconds(5);

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

double CpuShares::Use::At(absl::Time now) const {
  return seconds * std::exp(-absl::FDivDuration(now - as_of, kMemory));
}

std::unique_ptr<CpuShares::Task> CpuShares::Begin(const model::RequestContext& context) {
  std::unique_ptr<Task> task(new Task(this, context));
  task->cpu_charged_ = task->cpu_begun_;
  {
    absl::MutexLock lock(&mutex_);
    task->last_pass_ = task->slice_begun_ = options_.now();
    ++tenants_[context.tenant].tasks;
    tasks_.push_back(task.get());
  }
  Pass(task.get());
  return task;
}

CpuShares::Task::~Task() {
  shares_->Remove(this);
  if (patient_) shares_->options_.set_patient(false);
}

void CpuShares::Pass(Task* task) {
  if (PassInTurn(task) || task->patient_) return;
  task->patient_ = true;
  options_.set_patient(true);
}

bool CpuShares::PassInTurn(Task* task) {
  absl::MutexLock lock(&mutex_);
  absl::Time now = options_.now();
  Charge(task, now);
  const bool is_long = task->cpu_charged_ - task->cpu_begun_ > kLong;
  if (MayRun(*task, now)) return !is_long && !IsHeldBack(task->context_.tenant, now);
  task->pausing_ = true;
  tasks_.splice(tasks_.end(), tasks_, std::find(tasks_.begin(), tasks_.end(), task));
  changed_.SignalAll();
  while (task->context_.Check().ok() && !MayRun(*task, now)) {
    changed_.WaitWithTimeout(&mutex_, kLookInterval);
    now = options_.now();
  }
  task->pausing_ = false;
  task->last_pass_ = task->slice_begun_ = now;
  return false;
}

void CpuShares::Remove(Task* task) {
  absl::MutexLock lock(&mutex_);
  const absl::Time now = options_.now();
  Charge(task, now);
  --tenants_[task->context_.tenant].tasks;
  tasks_.remove(task);
  std::erase_if(tenants_, [now](const auto& one) {
    return one.second.tasks == 0 && now - one.second.as_of > 10 * kMemory;
  });
  changed_.SignalAll();
}

void CpuShares::Charge(Task* task, absl::Time now) {
  const absl::Duration cpu = task->thread_cpu();
  Use& use = tenants_[task->context_.tenant];
  use.seconds = use.At(now) + absl::ToDoubleSeconds(cpu - task->cpu_charged_);
  use.as_of = now;
  task->cpu_charged_ = cpu;
  task->last_pass_ = now;
}

bool CpuShares::IsHeldBack(const std::string& tenant, absl::Time now) const {
  const double used = tenants_.at(tenant).At(now);
  int asking = 0;
  bool is_modest = true;
  for (const auto& [name, use] : tenants_) {
    if (use.tasks == 0 && now - use.as_of > kPresence) continue;
    ++asking;
    if (name != tenant && kFactor * use.At(now) < used) is_modest = false;
  }
  return !is_modest && used * absl::FDivDuration(absl::Seconds(1), kMemory) >
                           static_cast<double>(options_.processors) / (2.0 * asking);
}

// Whether `other`, which pauses, gets the next free processor rather than `task`.
bool CpuShares::GoesBefore(const Task& other, const Task& task, absl::Time now) const {
  const std::string& tenant = task.context_.tenant;
  if (other.context_.tenant != tenant) {
    return tenants_.at(other.context_.tenant).At(now) < tenants_.at(tenant).At(now);
  }
  // `task` pauses behind `other`, or has had its slice.
  return task.pausing_ || now - task.slice_begun_ > kSlice;
}

bool CpuShares::Computes(const Task& task, absl::Time now) const {
  const absl::Duration since = now - task.last_pass_;
  return since < kLapse || task.thread_cpu() - task.cpu_charged_ > since / 2;
}

bool CpuShares::MayRun(const Task& task, absl::Time now) const {
  if (!IsHeldBack(task.context_.tenant, now)) return true;
  uint32_t running = 0;
  bool before_me = true;  // In the order of the list.
  for (const Task* other : tasks_) {
    if (other == &task) {
      before_me = false;
      continue;
    }
    if (!other->pausing_) {
      if (IsHeldBack(other->context_.tenant, now) && Computes(*other, now)) ++running;
    } else if ((before_me || !task.pausing_ || other->context_.tenant != task.context_.tenant) &&
               GoesBefore(*other, task, now)) {
      return false;
    }
  }
  return running < std::max(options_.processors, 2u) - 1;
}

}  // namespace tidegate::query
