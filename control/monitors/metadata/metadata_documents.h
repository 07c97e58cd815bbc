// What clients keep about hosts, services and roles: metadata/TENANT/OWNER/NAMESPACE.
#ifndef TIDEGATE_CONTROL_MONITORS_METADATA_METADATA_DOCUMENTS_H_
#define TIDEGATE_CONTROL_MONITORS_METADATA_METADATA_DOCUMENTS_H_

#include <string>
#include <string_view>

#include "control/hosts.h"
#include "control/monitoring.h"
#include "model/clock.h"
#include "storage/documents.h"

namespace tidegate::control {

// Bytes of one JSON text, and namespaces of one owner.
inline constexpr size_t kMaxMetadataBytes = 100 << 10;
inline constexpr size_t kMaxMetadataPerOwner = 50;
// So long metadata of a retired host can be read.
inline constexpr absl::Duration kRetiredMetadataFor = absl::Hours(7 * 24);

// A document is {"at": SECONDS, "value": JSON}. Thread safe.
class MetadataDocuments final : public Metadata {
 public:
  // Everything must outlive it.
  MetadataDocuments(storage::Documents* documents, Hosts* hosts, const model::Clock* clock)
      : documents_(*documents), hosts_(*hosts), clock_(*clock) {}

  absl::StatusOr<std::string> List(const std::string& tenant, const MetadataOwner& owner) override;
  absl::StatusOr<MetadataValue> Get(const std::string& tenant, const MetadataOwner& owner,
                                    const std::string& name) override;
  absl::Status Put(const std::string& tenant, const MetadataOwner& owner, const std::string& name,
                   std::string_view body) override;
  absl::Status Delete(const std::string& tenant, const MetadataOwner& owner,
                      const std::string& name) override;

 private:
  // Where the owner's documents lie. NotFound when there is no such owner; FailedPrecondition when
  // it is a host that has been retired for longer than `retired_for`.
  absl::StatusOr<std::string> PrefixOf(const std::string& tenant, const MetadataOwner& owner,
                                       absl::Duration retired_for);
  absl::Status CheckRetirement(const std::string& tenant, const std::string& host,
                               absl::Duration retired_for);

  storage::Documents& documents_;
  Hosts& hosts_;
  const model::Clock& clock_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_METADATA_METADATA_DOCUMENTS_H_
