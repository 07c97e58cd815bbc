#include "control/rules/schedule/group_schedule.h"

#include <xxhash.h>

namespace tidegate::control {

absl::Duration OffsetInInterval(std::string_view key, absl::Duration interval) {
  // Whole milliseconds, as timestamps of samples are.
  const auto length = static_cast<uint64_t>(absl::ToInt64Milliseconds(interval));
  if (length == 0) return absl::ZeroDuration();
  const uint64_t hash = XXH3_64bits(key.data(), key.size());
  return absl::Milliseconds(static_cast<int64_t>(hash % length));
}

absl::Time FirstSlot(absl::Time time, absl::Duration interval, absl::Duration offset) {
  absl::Duration rest;
  const int64_t whole = absl::IDivDuration(time - absl::UnixEpoch() - offset, interval, &rest);
  const absl::Time before = absl::UnixEpoch() + offset + whole * interval;
  return before >= time ? before : before + interval;
}

Slot SlotAt(absl::Time due, absl::Time now, absl::Duration interval) {
  absl::Duration rest;
  const int64_t late = absl::IDivDuration(now - due, interval, &rest);
  if (late <= 0) return {due, 0};
  return {due + late * interval, static_cast<uint64_t>(late)};
}

}  // namespace tidegate::control
