#include "control/lease/duties.h"

#include <algorithm>
#include <utility>

namespace tidegate::control {

Duties::Duties(Lease* lease, std::vector<Duty*> duties, absl::Duration interval)
    : lease_(*lease), duties_(std::move(duties)), interval_(interval), thread_([this] { Run(); }) {}

void Duties::Wake() {
  absl::MutexLock lock(&mutex_);
  awake_ = true;
}

void Duties::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  thread_.join();
}

void Duties::Run() {
  while (true) {
    Step();
    absl::MutexLock lock(&mutex_);
    const auto called = [this]()
                            ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || awake_; };
    mutex_.AwaitWithTimeout(absl::Condition(&called), interval_);
    awake_ = false;
    if (stopping_) break;
  }
  if (active_) {
    for (Duty* duty : duties_) duty->End();
  }
  lease_.Release();
}

void Duties::Step() {
  bool work = false;
  for (Duty* duty : duties_) work |= duty->HasWork();
  if (!work && !active_) return;
  const bool held = lease_.Renew();
  if (!held && active_) {
    for (Duty* duty : duties_) duty->End();
  } else if (held && !active_) {
    for (Duty* duty : duties_) duty->Begin();
  }
  active_ = held;
  if (!active_) return;
  for (Duty* duty : duties_) duty->Continue();
  if (work) return;
  for (Duty* duty : duties_) duty->End();
  lease_.Release();
  active_ = false;
}

}  // namespace tidegate::control
