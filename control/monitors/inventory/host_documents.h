// Hosts that post metrics, as documents: monitored_hosts/TENANT/ID.
#ifndef TIDEGATE_CONTROL_MONITORS_INVENTORY_HOST_DOCUMENTS_H_
#define TIDEGATE_CONTROL_MONITORS_INVENTORY_HOST_DOCUMENTS_H_

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <vector>

#include "control/hosts.h"
#include "control/limits/limit_guard.h"
#include "control/monitoring.h"
#include "control/monitors/settings/service_catalog.h"
#include "model/clock.h"
#include "storage/documents.h"

namespace tidegate::control {

// What evaluation needs of a host.
struct HostRecord {
  std::string id;
  std::string name;
  std::string memo;
  std::string type;
  std::string status = "working";
  bool retired = false;
  bool has_posted = false;  // Ever.
  std::vector<Scope> roles;
};

// Retired ones included, those of the configuration too; by id. Roles that are gone are left out.
absl::StatusOr<std::vector<HostRecord>> LoadHosts(storage::Documents* documents, Hosts* hosts,
                                                  const ServiceCatalog& catalog,
                                                  const std::string& tenant);

// One of them. NotFound; retired ones are there.
absl::StatusOr<HostRecord> LoadHost(storage::Documents* documents, Hosts* hosts,
                                    const ServiceCatalog& catalog, const std::string& tenant,
                                    const std::string& id);

// A document holds the host as the API shows it, with `roleFullnames` instead of `roles` and
// `hasPosted`. What is registered here is put into control::Hosts when it has an address. Thread
// safe.
class HostDocuments final : public MonitoredHosts {
 public:
  // Everything must outlive it.
  HostDocuments(storage::Documents* documents, Hosts* hosts, LimitGuard* limits,
                const model::Clock* clock)
      : documents_(*documents), hosts_(*hosts), limits_(limits), clock_(*clock) {}

  absl::StatusOr<std::string> List(const std::string& tenant, const HostFilter& filter) override;
  absl::StatusOr<std::string> Get(const std::string& tenant, const std::string& id) override;
  absl::StatusOr<std::string> Create(const std::string& tenant, std::string_view body) override;
  absl::Status Update(const std::string& tenant, const std::string& id,
                      std::string_view body) override;
  absl::Status SetStatus(const std::string& tenant, const std::string& id,
                         std::string_view body) override;
  absl::Status SetRoles(const std::string& tenant, const std::string& id,
                        std::string_view body) override;
  absl::Status Retire(const std::string& tenant, const std::string& id,
                      std::string_view body) override;
  absl::StatusOr<std::string> FindByCustomIdentifier(const std::string& tenant,
                                                     const std::string& identifier,
                                                     bool ignore_case) override;
  absl::Status SetStatuses(const std::string& tenant, std::string_view body) override;
  absl::Status RetireAll(const std::string& tenant, std::string_view body) override;

  // Remembers that they have posted. NotFound names the first that is not registered or is retired.
  absl::Status NotePosts(const std::string& tenant, const std::vector<std::string>& ids);

 private:
  // Changes the document of a host. NotFound; FailedPrecondition: it is in the configuration.
  absl::Status Change(const std::string& tenant, const std::string& id,
                      const std::function<absl::Status(boost::json::object*)>& change);
  absl::Status MakeRoom(const std::string& tenant);
  absl::Status ChangeStatus(const std::string& tenant, const std::string& id,
                            const std::string& status);
  absl::Status RetireOne(const std::string& tenant, const std::string& id);
  // The `ids` of a body. NotFound when one of them is none.
  absl::StatusOr<std::vector<std::string>> ReadIds(const std::string& tenant,
                                                   const boost::json::object& body);
  absl::Status PutAddress(const std::string& tenant, const boost::json::object& host);

  storage::Documents& documents_;
  Hosts& hosts_;
  LimitGuard* const limits_;  // nullptr: the defaults hold.
  const model::Clock& clock_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_INVENTORY_HOST_DOCUMENTS_H_
