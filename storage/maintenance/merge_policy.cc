#include "storage/maintenance/merge_policy.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <tuple>

#include "storage/partition/partition.h"

namespace tidegate::storage {
namespace {

using Segments = std::vector<const SegmentEntry*>;

bool LessRank(const SegmentEntry* a, const SegmentEntry* b) {
  return std::tie(a->rank, a->id) < std::tie(b->rank, b->id);
}

// Which of the widths but the last; -1 for the last one.
int WidthIndex(const PartitionSpan& span) {
  for (size_t i = 0; i + 1 < kPartitionWidths.size(); ++i) {
    if (kPartitionWidths[i] == span.duration) return static_cast<int>(i);
  }
  return -1;
}

PartitionSpan Wider(const PartitionSpan& span, int width_index) {
  return SpanContaining(span.begin, kPartitionWidths[static_cast<size_t>(width_index) + 1]);
}

model::TimeRange TimeOf(const Segments& segments) {
  model::TimeRange range = segments.front()->range;
  for (const SegmentEntry* segment : segments) {
    range.min = std::min(range.min, segment->range.min);
    range.max = std::max(range.max, segment->range.max);
  }
  return range;
}

// What the picks look at.
struct Candidates {
  const std::vector<SegmentEntry>& all;
  const std::set<SegmentId>& damaged;

  bool IsDamaged(const SegmentEntry& entry) const { return damaged.contains(entry.id); }
};

// The segments of the target that overlap the inputs in time and rank between them.
Segments Between(const PartitionSpan& target, const Candidates& candidates,
                 const Segments& inputs) {
  const model::TimeRange range = TimeOf(inputs);
  const uint64_t least = inputs.front()->rank;
  const uint64_t greatest = inputs.back()->rank;
  Segments found;
  for (const SegmentEntry& entry : candidates.all) {
    const bool between = least < entry.rank && entry.rank < greatest;
    const bool known = std::find(inputs.begin(), inputs.end(), &entry) != inputs.end();
    if (between && !known && entry.id.tenant == inputs.front()->id.tenant &&
        Covers(target, entry.partition) && entry.range.Overlaps(range)) {
      found.push_back(&entry);
    }
  }
  return found;
}

// Adds what must come along, or takes away what lies behind damage; false when there is neither.
bool Close(const PartitionSpan& target, const Candidates& candidates, Segments* inputs) {
  std::sort(inputs->begin(), inputs->end(), LessRank);
  const Segments between = Between(target, candidates, *inputs);
  const SegmentEntry* barrier = nullptr;
  for (const SegmentEntry* entry : between) {
    if (!candidates.IsDamaged(*entry)) continue;
    if (barrier == nullptr || LessRank(entry, barrier)) barrier = entry;
  }
  if (barrier != nullptr) {
    std::erase_if(*inputs, [&](const SegmentEntry* input) { return LessRank(barrier, input); });
    return true;
  }
  inputs->insert(inputs->end(), between.begin(), between.end());
  return !between.empty();
}

// The segments of the plan, and whatever of the target must come along.
MergePlan PlanFor(const PartitionSpan& target, Segments inputs, const Candidates& candidates) {
  // What comes along widens the range, and so may bring more.
  while (Close(target, candidates, &inputs)) {
  }
  MergePlan plan{.target = target, .inputs = {}};
  for (const SegmentEntry* input : inputs) plan.inputs.push_back(input->id);
  return plan;
}

// All of one tenant in partitions narrower than the target and inside it.
MergePlan Widen(const PartitionSpan& target, const std::string& tenant,
                const Candidates& candidates) {
  Segments inputs;
  for (const SegmentEntry& entry : candidates.all) {
    if (entry.id.tenant == tenant && entry.partition != target && Covers(target, entry.partition) &&
        !candidates.IsDamaged(entry)) {
      inputs.push_back(&entry);
    }
  }
  return PlanFor(target, std::move(inputs), candidates);
}

// The oldest partition that the condition lets move to the next width.
template <typename Condition>
std::optional<MergePlan> PickWidening(const Candidates& candidates, Condition condition) {
  const SegmentEntry* oldest = nullptr;
  for (const SegmentEntry& entry : candidates.all) {
    const int width = WidthIndex(entry.partition);
    if (width < 0 || candidates.IsDamaged(entry) || !condition(entry.partition, width)) continue;
    if (oldest == nullptr || entry.partition < oldest->partition) oldest = &entry;
  }
  if (oldest == nullptr) return std::nullopt;
  return Widen(Wider(oldest->partition, WidthIndex(oldest->partition)), oldest->id.tenant,
               candidates);
}

// Segments of about the same size share a class.
int SizeClass(const SegmentEntry& entry) { return std::bit_width(entry.samples / 4096) / 3; }

// Worth it: many, and no single one that would be rewritten for the sake of a few small ones.
bool IsWorthwhile(const Segments& run, size_t fan_in) {
  uint64_t total = 0;
  uint64_t largest = 0;
  for (const SegmentEntry* entry : run) {
    total += entry->samples;
    largest = std::max(largest, entry->samples);
  }
  return run.size() >= fan_in && largest <= total / 2;
}

// A worthwhile run of neighbours (by rank) none of which is above the class or damaged.
Segments FindRun(const Segments& by_rank, const Candidates& candidates, int size_class,
                 size_t fan_in) {
  Segments run;
  for (const SegmentEntry* entry : by_rank) {
    if (SizeClass(*entry) <= size_class && !candidates.IsDamaged(*entry)) {
      run.push_back(entry);
    } else if (IsWorthwhile(run, fan_in)) {
      return run;
    } else {
      run.clear();
    }
  }
  return IsWorthwhile(run, fan_in) ? run : Segments();
}

std::optional<MergePlan> PickCompaction(const Candidates& candidates, size_t fan_in) {
  std::map<std::pair<PartitionSpan, std::string>, Segments> groups;
  for (const SegmentEntry& entry : candidates.all) {
    groups[{entry.partition, entry.id.tenant}].push_back(&entry);
  }
  for (auto& [key, group] : groups) {
    if (group.size() < fan_in) continue;
    std::sort(group.begin(), group.end(), LessRank);
    int greatest = 0;
    for (const SegmentEntry* entry : group) greatest = std::max(greatest, SizeClass(*entry));
    for (int size_class = 0; size_class <= greatest; ++size_class) {
      Segments run = FindRun(group, candidates, size_class, fan_in);
      if (run.empty()) continue;
      MergePlan plan = PlanFor(key.first, std::move(run), candidates);
      // Damage in a narrower partition may have left one: nothing would come of it, again and
      // again.
      if (plan.inputs.size() > 1) return plan;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<MergePlan> PickMerge(const std::vector<SegmentEntry>& segments,
                                   const std::set<SegmentId>& damaged, model::TimestampMs now,
                                   const MergePolicy& policy) {
  const Candidates candidates{.all = segments, .damaged = damaged};
  const auto passed = [now](const PartitionSpan& span, int width) {
    return Wider(span, width).end() <= now - kPartitionWidenAge[static_cast<size_t>(width)];
  };
  if (auto plan = PickWidening(candidates, passed)) return plan;
  std::set<PartitionSpan> partitions;
  for (const SegmentEntry& entry : segments) partitions.insert(entry.partition);
  if (partitions.size() > policy.max_partitions) {
    if (auto plan = PickWidening(candidates, [](const auto&, int) { return true; })) return plan;
  }
  return PickCompaction(candidates, policy.fan_in);
}

}  // namespace tidegate::storage
