// Monitoring as clients of Mackerel's v0 API know it: services, hosts, posted metrics, monitors,
// alerts, and who is told. The door of control/monitors for those who ask.
#ifndef TIDEGATE_CONTROL_MONITORING_H_
#define TIDEGATE_CONTROL_MONITORING_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "control/hosts.h"
#include "ingest/ingester.h"
#include "model/clock.h"
#include "model/request_context.h"
#include "query/query_service.h"
#include "storage/documents.h"

namespace tidegate::control {

class LimitGuard;  // control/limits/limit_guard.h

// Bodies and answers are JSON, in the form of Mackerel's pages; an answer is what stands behind its
// name ({"monitors": ANSWER}). Errors everywhere:
//   InvalidArgument      the body or a parameter is wrong: what, and what would be right
//   NotFound             there is no such thing
//   FailedPrecondition   it cannot be changed, or there are as many as the tenant may have
//   Unavailable          the store is away; others as storage::Documents

// One kind of objects that tenants keep. Thread safe.
class Resources {
 public:
  virtual ~Resources() = default;
  // An array in the order of the kind.
  virtual absl::StatusOr<std::string> List(const std::string& tenant) = 0;
  virtual absl::StatusOr<std::string> Get(const std::string& tenant, const std::string& id) = 0;
  // With its id.
  virtual absl::StatusOr<std::string> Create(const std::string& tenant, std::string_view body) = 0;
  virtual absl::StatusOr<std::string> Update(const std::string& tenant, const std::string& id,
                                             std::string_view body) = 0;
  // As it was.
  virtual absl::StatusOr<std::string> Delete(const std::string& tenant, const std::string& id) = 0;
};

// Services and their roles, by name. Thread safe.
class Services {
 public:
  virtual ~Services() = default;
  virtual absl::StatusOr<std::string> List(const std::string& tenant) = 0;
  virtual absl::StatusOr<std::string> Create(const std::string& tenant, std::string_view body) = 0;
  // With its monitors and roles.
  virtual absl::StatusOr<std::string> Delete(const std::string& tenant,
                                             const std::string& service) = 0;
  virtual absl::StatusOr<std::string> Roles(const std::string& tenant,
                                            const std::string& service) = 0;
  virtual absl::StatusOr<std::string> CreateRole(const std::string& tenant,
                                                 const std::string& service,
                                                 std::string_view body) = 0;
  virtual absl::StatusOr<std::string> DeleteRole(const std::string& tenant,
                                                 const std::string& service,
                                                 const std::string& role) = 0;
};

// Which hosts a list is about; what is empty does not matter.
struct HostFilter {
  std::string service;
  std::vector<std::string> roles;  // Of the service.
  std::string name;
  std::vector<std::string> statuses;  // Empty: working and standby.
  std::string custom_identifier;
};

// Hosts that post metrics. One registry with control::Hosts: what is registered here is there, and
// hosts of the configuration are listed here. Thread safe.
class MonitoredHosts {
 public:
  virtual ~MonitoredHosts() = default;
  virtual absl::StatusOr<std::string> List(const std::string& tenant, const HostFilter& filter) = 0;
  virtual absl::StatusOr<std::string> Get(const std::string& tenant, const std::string& id) = 0;
  // The id.
  virtual absl::StatusOr<std::string> Create(const std::string& tenant, std::string_view body) = 0;
  virtual absl::Status Update(const std::string& tenant, const std::string& id,
                              std::string_view body) = 0;
  virtual absl::Status SetStatus(const std::string& tenant, const std::string& id,
                                 std::string_view body) = 0;
  virtual absl::Status SetRoles(const std::string& tenant, const std::string& id,
                                std::string_view body) = 0;
  virtual absl::Status Retire(const std::string& tenant, const std::string& id,
                              std::string_view body) = 0;
  // The one of this identifier that is not retired.
  virtual absl::StatusOr<std::string> FindByCustomIdentifier(const std::string& tenant,
                                                             const std::string& identifier,
                                                             bool ignore_case) = 0;
  // {"ids", "status"} and {"ids"}, of up to 30 hosts. NotFound when one is not known: then none was
  // changed.
  virtual absl::Status SetStatuses(const std::string& tenant, std::string_view body) = 0;
  virtual absl::Status RetireAll(const std::string& tenant, std::string_view body) = 0;
};

// Values of hosts and services: ordinary series of the tenant. The metric is the name as it was
// posted, dots included; kHostLabel or kServiceLabel says whose it is. Thread safe.
inline constexpr std::string_view kHostLabel = "monitored_host";
inline constexpr std::string_view kServiceLabel = "monitored_service";
// One sample of 1 for each post of a host, at the time of its arrival.
inline constexpr std::string_view kHostPostMetric = "monitored_host_post";

class PostedMetrics {
 public:
  virtual ~PostedMetrics() = default;
  // Errors of the ingester come as they are.
  virtual absl::Status PostHosts(const model::RequestContext& context, std::string_view body) = 0;
  virtual absl::Status PostService(const model::RequestContext& context, const std::string& service,
                                   std::string_view body) = 0;
  // [{"time", "value"}, ...] from `from` to `to`, both included, in seconds. NotFound also without
  // any value.
  virtual absl::StatusOr<std::string> OfHost(const model::RequestContext& context,
                                             const std::string& host, const std::string& metric,
                                             int64_t from, int64_t to) = 0;
  virtual absl::StatusOr<std::string> OfService(const model::RequestContext& context,
                                                const std::string& service,
                                                const std::string& metric, int64_t from,
                                                int64_t to) = 0;
  // {HOST: {METRIC: {"time", "value"}}}
  virtual absl::StatusOr<std::string> Latest(const model::RequestContext& context,
                                             const std::vector<std::string>& hosts,
                                             const std::vector<std::string>& metrics) = 0;
  virtual absl::StatusOr<std::string> NamesOfHost(const model::RequestContext& context,
                                                  const std::string& host) = 0;
  virtual absl::StatusOr<std::string> NamesOfService(const model::RequestContext& context,
                                                     const std::string& service) = 0;
};

struct AlertPage {
  std::string alerts;   // The latest first.
  std::string next_id;  // Empty: there are no more.
};

// Alerts of monitors. Thread safe.
class MonitorAlerts {
 public:
  virtual ~MonitorAlerts() = default;
  // At most `limit` older than `after` (empty: the latest); closed ones only with `with_closed`.
  virtual absl::StatusOr<AlertPage> List(const std::string& tenant, bool with_closed,
                                         const std::string& after, size_t limit) = 0;
  virtual absl::StatusOr<std::string> Get(const std::string& tenant, const std::string& id) = 0;
  virtual absl::StatusOr<std::string> Close(const std::string& tenant, const std::string& id,
                                            std::string_view body) = 0;
  // Changes of one's level, the latest first, from the one with the id `from` on (empty: the
  // latest).
  virtual absl::StatusOr<AlertPage> Logs(const std::string& tenant, const std::string& id,
                                         const std::string& from, size_t limit) = 0;
  // {"id", "memo"}
  virtual absl::StatusOr<std::string> SetMemo(const std::string& tenant, const std::string& id,
                                              std::string_view body) = 0;
};

struct CheckPage {
  std::string checks;
  std::string next_id;  // Of the first one that did not fit; empty: there is none.
};

// Checks that hosts do themselves: what they report becomes alerts. Thread safe.
class ReportedChecks {
 public:
  virtual ~ReportedChecks() = default;
  // [{"id", "name"}, ...] by id, from this one on (empty: the first).
  virtual absl::StatusOr<CheckPage> List(const std::string& tenant, const std::string& from,
                                         size_t limit) = 0;
  // {"reports": [...]}. NotFound names a host that is not known or retired; reports of others are
  // taken.
  virtual absl::Status Report(const std::string& tenant, std::string_view body) = 0;
  // [{"monitorId", "status", "detail"}, ...] of all monitors and checks of a host.
  virtual absl::StatusOr<std::string> StatusesOfHost(const std::string& tenant,
                                                     const std::string& host) = 0;
};

// A host, or a service, or a role of a service.
struct MetadataOwner {
  std::string host;
  std::string service;
  std::string role;
};

struct MetadataValue {
  std::string json;
  absl::Time modified;  // To the second.
};

// Any JSON that clients keep about something, by namespace. Thread safe.
class Metadata {
 public:
  virtual ~Metadata() = default;
  // [{"namespace"}, ...] by name.
  virtual absl::StatusOr<std::string> List(const std::string& tenant,
                                           const MetadataOwner& owner) = 0;
  virtual absl::StatusOr<MetadataValue> Get(const std::string& tenant, const MetadataOwner& owner,
                                            const std::string& name) = 0;
  // OutOfRange: it is too large. FailedPrecondition also for retired hosts.
  virtual absl::Status Put(const std::string& tenant, const MetadataOwner& owner,
                           const std::string& name, std::string_view body) = 0;
  virtual absl::Status Delete(const std::string& tenant, const MetadataOwner& owner,
                              const std::string& name) = 0;
};

// All of it. Thread safe.
class Monitoring {
 public:
  virtual ~Monitoring() = default;
  virtual Resources& monitors() = 0;
  virtual Resources& channels() = 0;
  virtual Resources& notification_groups() = 0;
  virtual Resources& downtimes() = 0;
  virtual Services& services() = 0;
  virtual MonitoredHosts& hosts() = 0;
  virtual PostedMetrics& metrics() = 0;
  virtual MonitorAlerts& alerts() = 0;
  virtual ReportedChecks& checks() = 0;
  virtual Metadata& metadata() = 0;
};

// Everything must outlive it.
struct MonitoringParts {
  storage::Documents* documents = nullptr;
  Hosts* hosts = nullptr;
  ingest::Ingester* ingester = nullptr;
  query::QueryService* queries = nullptr;
  LimitGuard* limits = nullptr;  // Without one the defaults hold.
  const model::Clock* clock = nullptr;
  std::string external_url;  // Links in notifications begin with it.
};

std::unique_ptr<Monitoring> OpenMonitoring(const MonitoringParts& parts);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORING_H_
