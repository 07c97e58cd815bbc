// When groups are evaluated: always at the same points of their interval.
#ifndef TIDEGATE_CONTROL_RULES_SCHEDULE_GROUP_SCHEDULE_H_
#define TIDEGATE_CONTROL_RULES_SCHEDULE_GROUP_SCHEDULE_H_

#include <cstdint>
#include <string_view>

#include "absl/time/time.h"

namespace tidegate::control {

// Where in its interval a group is evaluated, so that not all come at once, and a restart changes
// nothing: at least 0, less than the interval. By XXH3 of the key.
absl::Duration OffsetInInterval(std::string_view key, absl::Duration interval);

// The first point at or behind `time`.
absl::Time FirstSlot(absl::Time time, absl::Duration interval, absl::Duration offset);

struct Slot {
  absl::Time time;      // To be evaluated now, at this time.
  uint64_t missed = 0;  // Points between `due` and it.
};
// For a group that was due at `due`, when it is its turn at `now` (not before `due`): the last
// point that has passed. Points in between are missed: nobody waits for them any more.
Slot SlotAt(absl::Time due, absl::Time now, absl::Duration interval);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_SCHEDULE_GROUP_SCHEDULE_H_
