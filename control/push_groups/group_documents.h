// Groups of pushed metrics as documents.
//
//   push_groups/<tenant>/<digest of the labels>  the group
//   push_group_changes                           written with every change of any of them
#ifndef TIDEGATE_CONTROL_PUSH_GROUPS_GROUP_DOCUMENTS_H_
#define TIDEGATE_CONTROL_PUSH_GROUPS_GROUP_DOCUMENTS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "control/push_groups.h"

namespace tidegate::control {

// Thread safe. Everything must outlive it.
class GroupDocuments final : public PushGroups {
 public:
  // Without a guard the default limits hold.
  GroupDocuments(storage::Documents* documents, ingest::Ingester* ingester,
                 const model::Clock* clock, LimitGuard* limits)
      : documents_(*documents), ingester_(*ingester), clock_(*clock), limits_(limits) {}

  absl::Status Push(const model::RequestContext& context, const PushLabels& labels,
                    PushGroupFormat format, std::string_view body, bool replace_all) override;
  absl::Status Delete(const model::RequestContext& context, const PushLabels& labels) override;
  absl::StatusOr<std::vector<PushGroup>> List(const model::RequestContext& context) override;
  absl::StatusOr<uint64_t> Count(const model::RequestContext& context) override;

  // Differs when anything has changed since it was asked last; 0 while there has been no group.
  absl::StatusOr<uint64_t> Version();
  // Of all tenants. Documents that cannot be read are left out.
  absl::StatusOr<std::vector<std::pair<std::string, PushGroup>>> Everything();

 private:
  struct Stored {
    PushGroup group;
    uint64_t version = 0;  // Of the document; 0 = there is none.
  };

  absl::StatusOr<Stored> Read(const std::string& tenant, const PushLabels& labels);
  absl::Status Write(const std::string& tenant, const Stored& before, const PushGroup* after);
  // Samples of `after` now, stale markers for what only `before` has.
  absl::Status Send(const model::RequestContext& context, const PushGroup& before,
                    const PushGroup* after);
  // Of all groups; no page is read once there are `most`.
  absl::StatusOr<uint64_t> CountUpTo(const std::string& tenant, uint64_t most);
  absl::Status CheckRoom(const std::string& tenant);
  void NoteFailure(const model::RequestContext& context, const PushLabels& labels);
  absl::Status TryPush(const model::RequestContext& context, const PushLabels& labels,
                       const std::map<std::string, PushedFamily>& families, bool replace_all);

  storage::Documents& documents_;
  ingest::Ingester& ingester_;
  const model::Clock& clock_;
  LimitGuard* const limits_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_PUSH_GROUPS_GROUP_DOCUMENTS_H_
