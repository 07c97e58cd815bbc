#include "control/rules/schedule/rule_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tidegate::control {
namespace {

// How long a thread sleeps when nothing is due: the clock may be set.
constexpr absl::Duration kLongestSleep = absl::Seconds(1);
// A point that was not answered is tried again when it is twice as late, within these bounds: who
// does not answer is not asked by all groups each second.
constexpr absl::Duration kFirstRetry = absl::Seconds(1);
constexpr absl::Duration kLongestRetry = absl::Seconds(5);

absl::Duration OffsetOf(const RuleGroup& group) {
  const RuleGroupKey& key = group.key();
  return OffsetInInterval(fmt::format("{}\n{}\n{}", key.tenant, key.file, key.name),
                          group.interval());
}

}  // namespace

RuleRunner::RuleRunner(const RuleEnvironment* environment, const model::Clock* clock, int threads,
                       RuleBacklog backlog)
    : environment_(*environment), clock_(*clock), backlog_(backlog), started_(clock->Now()) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

RuleRunner::~RuleRunner() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
  if (environment_.metrics != nullptr) environment_.metrics->SetSizes(0, 0);
}

std::unique_ptr<RuleRunner::Entry> RuleRunner::MakeEntry(RunnableGroup group, bool restore) const {
  auto entry = std::make_unique<Entry>();
  entry->group =
      std::make_shared<RuleGroup>(std::move(group.key), std::move(group.spec),
                                  std::move(group.external_labels), restore, &environment_);
  SetFirstDue(restore, entry.get());
  return entry;
}

// Only the first groups have a backlog: others were not there.
void RuleRunner::SetFirstDue(bool restore, Entry* entry) const {
  const absl::Duration interval = entry->group->interval();
  const absl::Duration offset = OffsetOf(*entry->group);
  entry->due = FirstSlot(clock_.Now(), interval, offset);
  if (!restore || backlog_.from >= backlog_.until) return;
  const absl::Time left = FirstSlot(backlog_.from, interval, offset);
  if (left >= backlog_.until) return;
  entry->due = left;
  entry->in_order_until = backlog_.until;
}

Slot RuleRunner::NextSlot(const Entry& entry, absl::Time now) const {
  const bool tried = entry.retry_at != absl::InfinitePast();
  if (tried || entry.due < entry.in_order_until) return {entry.due, 0};
  return SlotAt(entry.due, now, entry.group->interval());
}

void RuleRunner::SetDueAfter(const Slot& slot, bool answered, Entry* entry) const {
  const absl::Time now = clock_.Now();
  if (!answered && now - slot.time < environment_.catch_up) {
    entry->due = slot.time;
    entry->retry_at = now + std::clamp(now - slot.time, kFirstRetry, kLongestRetry);
    return;
  }
  const absl::Time tried = std::exchange(entry->retry_at, absl::InfinitePast());
  if (tried != absl::InfinitePast()) entry->in_order_until = std::max(entry->in_order_until, now);
  entry->due = slot.time + entry->group->interval();
  if (slot.time >= backlog_.until || entry->due < backlog_.until || backlog_.until >= started_)
    return;
  entry->due = FirstSlot(started_, entry->group->interval(), OffsetOf(*entry->group));
}

void RuleRunner::Replace(RunnableGroup group, Entry* entry) {
  const RuleGroup& last = entry->successor != nullptr ? *entry->successor : *entry->group;
  if (last.spec() == group.spec && last.external_labels() == group.external_labels) return;
  std::unique_ptr<Entry> next = MakeEntry(std::move(group), /*restore=*/false);
  if (entry->running) {  // Its state is taken over when it has run.
    entry->successor = next->group;
    return;
  }
  next->group->CopyState(entry->group.get());
  if (next->group->interval() == entry->group->interval()) next->due = entry->due;
  *entry = std::move(*next);
}

void RuleRunner::SetGroups(std::vector<RunnableGroup> groups) {
  absl::MutexLock lock(&mutex_);
  std::map<RuleGroupKey, std::unique_ptr<Entry>> kept;
  for (RunnableGroup& group : groups) {
    const RuleGroupKey key = group.key;
    const auto found = entries_.find(key);
    if (found == entries_.end()) {
      kept[key] = MakeEntry(std::move(group), /*restore=*/!restored_);
      continue;
    }
    Replace(std::move(group), found->second.get());
    kept[key] = std::move(found->second);
    entries_.erase(found);
  }
  const absl::Time now = clock_.Now();
  for (auto& [key, entry] : entries_) {
    entry->retired = now;
    entry->due = now + 2 * entry->group->interval();
    retired_.push_back(std::move(entry));
  }
  entries_ = std::move(kept);
  restored_ = true;
  changed_ = true;
  Count();
}

void RuleRunner::Count() {
  if (environment_.metrics == nullptr) return;
  size_t rules = 0;
  for (const auto& [key, entry] : entries_) rules += entry->group->spec().rules.size();
  environment_.metrics->SetSizes(entries_.size(), rules);
}

RuleRunner::Entry* RuleRunner::TakeDue(absl::Time now, absl::Time* next) {
  Entry* first = nullptr;
  const auto look = [&](Entry* entry) {
    if (!entry->running && (first == nullptr || WakeTime(*entry) < WakeTime(*first))) first = entry;
  };
  for (const auto& [key, entry] : entries_) look(entry.get());
  for (const auto& entry : retired_) look(entry.get());
  *next = first == nullptr ? absl::InfiniteFuture() : WakeTime(*first);
  if (*next > now) return nullptr;
  first->running = true;
  return first;
}

void RuleRunner::Run(Entry* entry, absl::Time now) {
  const std::shared_ptr<RuleGroup> group = entry->group;
  if (entry->retired != absl::InfinitePast()) {
    const absl::Time retired = entry->retired;
    mutex_.Unlock();
    group->Retire(retired);
    mutex_.Lock();
    std::erase_if(retired_, [&](const auto& one) { return one.get() == entry; });
    return;
  }
  const Slot slot = NextSlot(*entry, now);
  if (environment_.metrics != nullptr && entry->retry_at == absl::InfinitePast()) {
    environment_.metrics->GroupDue(group->key().tenant, slot.missed);
  }
  mutex_.Unlock();
  const bool answered = group->Evaluate(slot.time);
  mutex_.Lock();
  entry->running = false;
  if (entry->retired != absl::InfinitePast()) return;
  SetDueAfter(slot, answered, entry);
  const std::shared_ptr<RuleGroup> successor = std::exchange(entry->successor, nullptr);
  if (successor == nullptr) return;
  successor->CopyState(group.get());  // Nobody runs it: no wait.
  entry->group = successor;
  if (successor->interval() != group->interval()) {
    entry->due = FirstSlot(clock_.Now(), successor->interval(), OffsetOf(*successor));
  }
}

absl::Time RuleRunner::RunDue() {
  absl::MutexLock lock(&mutex_);
  absl::Time next;
  while (Entry* entry = TakeDue(clock_.Now(), &next)) Run(entry, clock_.Now());
  return next;
}

void RuleRunner::Work() {
  absl::MutexLock lock(&mutex_);
  while (!stopping_) {
    const absl::Time now = clock_.Now();
    absl::Time next;
    if (Entry* entry = TakeDue(now, &next)) {
      Run(entry, now);
      continue;
    }
    changed_ = false;
    const auto wake = [this]()
                          ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || changed_; };
    mutex_.AwaitWithTimeout(absl::Condition(&wake), std::min(next - now, kLongestSleep));
  }
}

absl::Time RuleRunner::DoneUntil() const {
  absl::MutexLock lock(&mutex_);
  absl::Time done = clock_.Now();
  for (const auto& [key, entry] : entries_) done = std::min(done, entry->due);
  return done;
}

bool RuleRunner::IsRetiring() const {
  absl::MutexLock lock(&mutex_);
  return !retired_.empty();
}

RuleGroupStatuses RuleRunner::Statuses(const std::string& tenant) const {
  RuleGroupStatuses statuses;
  absl::MutexLock lock(&mutex_);
  for (const auto& [key, entry] : entries_) {
    if (key.tenant == tenant) statuses.push_back(entry->group->Status());
  }
  return statuses;
}

}  // namespace tidegate::control
