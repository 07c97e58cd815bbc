// Services and their roles as documents: services/TENANT/NAME.
#ifndef TIDEGATE_CONTROL_MONITORS_INVENTORY_SERVICE_DOCUMENTS_H_
#define TIDEGATE_CONTROL_MONITORS_INVENTORY_SERVICE_DOCUMENTS_H_

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "control/monitoring.h"
#include "control/monitors/settings/service_catalog.h"
#include "storage/documents.h"

namespace tidegate::control {

inline constexpr size_t kMaxServices = 1000;  // Of a tenant.
inline constexpr size_t kMaxRolesPerService = 200;

absl::StatusOr<ServiceCatalog> LoadServices(storage::Documents* documents,
                                            const std::string& tenant);

// Texts as SERVICE:ROLE. InvalidArgument when one is none or its names are not allowed.
absl::StatusOr<std::vector<Scope>> ReadRoleNames(const std::vector<std::string>& texts);

// Makes the services and roles that are not there. FailedPrecondition when there would be too many.
absl::Status EnsureRoles(storage::Documents* documents, const std::string& tenant,
                         const std::vector<Scope>& roles);

// The roles of a host's document that the catalog knows, by service.
std::map<std::string, std::vector<std::string>> RolesOfHost(const boost::json::object& host,
                                                            const ServiceCatalog& catalog);

// Thread safe.
class ServiceDocuments final : public Services {
 public:
  // The documents must outlive it.
  explicit ServiceDocuments(storage::Documents* documents) : documents_(*documents) {}

  absl::StatusOr<std::string> List(const std::string& tenant) override;
  absl::StatusOr<std::string> Create(const std::string& tenant, std::string_view body) override;
  absl::StatusOr<std::string> Delete(const std::string& tenant,
                                     const std::string& service) override;
  absl::StatusOr<std::string> Roles(const std::string& tenant, const std::string& service) override;
  absl::StatusOr<std::string> CreateRole(const std::string& tenant, const std::string& service,
                                         std::string_view body) override;
  absl::StatusOr<std::string> DeleteRole(const std::string& tenant, const std::string& service,
                                         const std::string& role) override;

 private:
  storage::Documents& documents_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_INVENTORY_SERVICE_DOCUMENTS_H_
