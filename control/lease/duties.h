// What only one of all control processes does, and the thread that sees to it.
#ifndef TIDEGATE_CONTROL_LEASE_DUTIES_H_
#define TIDEGATE_CONTROL_LEASE_DUTIES_H_

#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "control/lease/lease.h"

namespace tidegate::control {

// Its methods are called by one thread.
class Duty {
 public:
  virtual ~Duty() = default;
  // Whether there is anything to do. While no duty has, the lease is not taken: a process that
  // nobody has given work writes nothing.
  virtual bool HasWork() = 0;
  // This process has become the active one.
  virtual void Begin() = 0;
  // About once a second while it is.
  virtual void Continue() = 0;
  // It is no more: another may have begun already.
  virtual void End() = 0;
};

// Holds the lease while there is work. Thread safe.
class Duties {
 public:
  // Everything must outlive it.
  Duties(Lease* lease, std::vector<Duty*> duties, absl::Duration interval = absl::Seconds(1));
  ~Duties() { Stop(); }

  // Looks for work at once instead of at the next second.
  void Wake();
  // Ends the duties and gives the lease up. Repeatable.
  void Stop();

 private:
  void Run();
  void Step();

  Lease& lease_;
  const std::vector<Duty*> duties_;
  const absl::Duration interval_;
  bool active_ = false;  // Of the thread.

  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool awake_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_LEASE_DUTIES_H_
