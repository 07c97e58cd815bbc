// Evaluates groups when they are due.
#ifndef TIDEGATE_CONTROL_RULES_SCHEDULE_RULE_RUNNER_H_
#define TIDEGATE_CONTROL_RULES_SCHEDULE_RULE_RUNNER_H_

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "control/rules/evaluation/rule_group.h"
#include "control/rules/schedule/group_schedule.h"
#include "control/rules/schedule/rule_progress.h"
#include "model/clock.h"

namespace tidegate::control {

// A group to be evaluated, and what its tenant adds to alerts.
struct RunnableGroup {
  RuleGroupKey key;
  RuleGroupSpec spec;
  model::Labels external_labels;
};

// Groups run beside each other on a bounded number of threads; one group never runs twice at the
// same time. Thread safe.
class RuleRunner {
 public:
  // Everything must outlive it. Without threads (tests) the caller moves it on with RunDue. Every
  // point of the backlog is evaluated, in order, before what is due now. When querier or ingester
  // do not answer, a point is tried again every few seconds until it is older than the
  // environment's catch_up, and those behind it wait; only a group that is at work for too long
  // misses points.
  RuleRunner(const RuleEnvironment* environment, const model::Clock* clock, int threads,
             RuleBacklog backlog = {});
  // Waits for what is running. Writes no stale markers: somebody else goes on.
  ~RuleRunner();

  // The groups from now on. One that is the same goes on undisturbed; one that has changed keeps
  // the alerts and series of its rules that are the same. Series of groups that are gone get stale
  // markers two intervals later, so that a group under another name may take them over. Alerts of
  // the groups of the first call are restored (RuleGroup).
  void SetGroups(std::vector<RunnableGroup> groups);

  // Evaluates all groups that are due at the clock's time, in order of time, on this thread.
  // Returns when the next one is.
  absl::Time RunDue();

  // Every point before it has been evaluated or passed over. At most the clock's time.
  absl::Time DoneUntil() const;

  // Whether groups that are gone still have stale markers to write.
  bool IsRetiring() const;

  // Of one tenant, sorted by file and name.
  RuleGroupStatuses Statuses(const std::string& tenant) const;

 private:
  struct Entry {
    std::shared_ptr<RuleGroup> group;
    std::shared_ptr<RuleGroup> successor;  // Takes its place when it has run.
    absl::Time due;
    absl::Time in_order_until = absl::InfinitePast();  // Points before it are not passed over.
    absl::Time retry_at = absl::InfinitePast();        // `due` was tried, and nobody answered.
    absl::Time retired = absl::InfinitePast();         // When it was taken out of service.
    bool running = false;
  };

  static absl::Time WakeTime(const Entry& entry) { return std::max(entry.due, entry.retry_at); }

  void Work();
  // Marks the most urgent entry that is due as running; nullptr when none is, with the time when
  // that may change.
  Entry* TakeDue(absl::Time now, absl::Time* next) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Releases the mutex while it runs.
  void Run(Entry* entry, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::unique_ptr<Entry> MakeEntry(RunnableGroup group, bool restore) const;
  void SetFirstDue(bool restore, Entry* entry) const;
  // The point of the entry to be evaluated at `now`.
  Slot NextSlot(const Entry& entry, absl::Time now) const;
  // When the entry is evaluated next, behind this slot.
  void SetDueAfter(const Slot& slot, bool answered, Entry* entry) const;
  void Replace(RunnableGroup group, Entry* entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Count() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const RuleEnvironment& environment_;
  const model::Clock& clock_;
  const RuleBacklog backlog_;
  const absl::Time started_;

  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool changed_ ABSL_GUARDED_BY(mutex_) = false;
  bool restored_ ABSL_GUARDED_BY(mutex_) = false;  // The first groups are there.
  std::map<RuleGroupKey, std::unique_ptr<Entry>> entries_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Entry>> retired_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_SCHEDULE_RULE_RUNNER_H_
