// Repeats the samples of all groups, so that queries find them however long ago they were pushed.
#ifndef TIDEGATE_CONTROL_PUSH_GROUPS_GROUP_DUTY_H_
#define TIDEGATE_CONTROL_PUSH_GROUPS_GROUP_DUTY_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "control/lease/duties.h"
#include "control/push_groups/group_documents.h"
#include "control/write/sample_sender.h"
#include "model/clock.h"

namespace tidegate::control {

// A tenth of the time after which a sample is not found any more.
inline constexpr absl::Duration kPushGroupInterval = absl::Seconds(30);

// As the Pushgateway would be scraped. Everything must outlive it.
class GroupDuty final : public Duty {
 public:
  GroupDuty(GroupDocuments* documents, SampleSender* sender, const model::Clock* clock)
      : documents_(*documents), sender_(*sender), clock_(*clock) {}

  bool HasWork() override;
  void Begin() override { last_sent_ = absl::InfinitePast(); }
  void Continue() override;
  void End() override {}

 private:
  // Reads the groups when they have changed. False while the store is away.
  bool Refresh();

  GroupDocuments& documents_;
  SampleSender& sender_;
  const model::Clock& clock_;
  uint64_t version_ = 0;
  bool read_ = false;
  std::vector<std::pair<std::string, PushGroup>> groups_;  // Tenant and group.
  absl::Time last_sent_ = absl::InfinitePast();
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_PUSH_GROUPS_GROUP_DUTY_H_
