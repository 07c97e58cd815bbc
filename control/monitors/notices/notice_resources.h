// Who is told about alerts, and when not, as documents: channels/, notification_groups/ and
// downtimes/, each TENANT/ID.
#ifndef TIDEGATE_CONTROL_MONITORS_NOTICES_NOTICE_RESOURCES_H_
#define TIDEGATE_CONTROL_MONITORS_NOTICES_NOTICE_RESOURCES_H_

#include <string>
#include <vector>

#include "control/monitors/settings/stored_resources.h"

namespace tidegate::control {

inline constexpr size_t kMaxChannels = 200;  // Of a tenant, as the two below.
inline constexpr size_t kMaxNotificationGroups = 200;
inline constexpr size_t kMaxDowntimes = 500;

// Every tenant has a default group, from the moment it is looked at first.
absl::Status EnsureDefaultGroup(storage::Documents* documents, const model::Clock& clock,
                                const std::string& tenant);

// Channels of the types email, slack and webhook. New ones are in the default group unless they
// say otherwise. Thread safe, as the two below.
class ChannelResources final : public StoredResources {
 public:
  // Everything must outlive it.
  ChannelResources(storage::Documents* documents, const model::Clock* clock)
      : StoredResources("channels", documents, clock) {}

 private:
  absl::StatusOr<boost::json::object> Read(const std::string& tenant,
                                           const boost::json::object& body,
                                           const boost::json::object* previous) override;
  absl::Status OnCreate(const std::string& tenant, const boost::json::object& body,
                        const std::string& id,
                        std::vector<storage::DocumentWrite>* writes) override;
  absl::Status OnDelete(const std::string& tenant, const boost::json::object& object,
                        std::vector<storage::DocumentWrite>* writes) override;
  size_t MaxCount(const std::string&) const override { return kMaxChannels; }
  std::string_view Noun() const override { return "channel"; }
  absl::Status EnsureBorn(const std::string& tenant) override;
};

// What it names must be there, and no group may contain itself, not through others either.
class GroupResources final : public StoredResources {
 public:
  GroupResources(storage::Documents* documents, const model::Clock* clock)
      : StoredResources("notification_groups", documents, clock) {}

 private:
  absl::StatusOr<boost::json::object> Read(const std::string& tenant,
                                           const boost::json::object& body,
                                           const boost::json::object* previous) override;
  absl::Status OnDelete(const std::string& tenant, const boost::json::object& object,
                        std::vector<storage::DocumentWrite>* writes) override;
  size_t MaxCount(const std::string&) const override { return kMaxNotificationGroups; }
  std::string_view Noun() const override { return "notification group"; }
  absl::Status EnsureBorn(const std::string& tenant) override;
  void Hide(boost::json::object* object) const override { object->erase("isDefault"); }
};

class DowntimeResources final : public StoredResources {
 public:
  DowntimeResources(storage::Documents* documents, const model::Clock* clock)
      : StoredResources("downtimes", documents, clock) {}

 private:
  absl::StatusOr<boost::json::object> Read(const std::string& tenant,
                                           const boost::json::object& body,
                                           const boost::json::object* previous) override;
  size_t MaxCount(const std::string&) const override { return kMaxDowntimes; }
  std::string_view Noun() const override { return "downtime"; }
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_NOTICES_NOTICE_RESOURCES_H_
