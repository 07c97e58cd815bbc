#include "control/push_groups/group_duty.h"

#include <map>

#include "control/push_groups/group_body.h"

namespace tidegate::control {

bool GroupDuty::Refresh() {
  const absl::StatusOr<uint64_t> version = documents_.Version();
  if (!version.ok()) return false;
  if (read_ && *version == version_) return true;
  auto groups = documents_.Everything();
  if (!groups.ok()) return false;
  groups_ = *std::move(groups);
  version_ = *version;
  read_ = true;
  return true;
}

bool GroupDuty::HasWork() {
  (void)Refresh();
  return !groups_.empty();
}

void GroupDuty::Continue() {
  const absl::Time now = absl::FromUnixMillis(clock_.NowMs());
  // Not what is known from before: a group may have been deleted since.
  if (now - last_sent_ < kPushGroupInterval || !Refresh()) return;
  last_sent_ = now;
  std::map<std::string, PushBody> bodies;
  for (const auto& [tenant, group] : groups_) {
    AppendGroup(group, absl::ToUnixMillis(now), &bodies[tenant]);
  }
  for (auto& [tenant, body] : bodies) {
    const uint64_t samples = body.samples();
    (void)sender_.Add(tenant, body.Take(), samples);
  }
}

}  // namespace tidegate::control
