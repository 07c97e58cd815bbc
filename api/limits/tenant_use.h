// How much of its limits a tenant uses, and how often they refused something.
#ifndef TIDEGATE_API_LIMITS_TENANT_USE_H_
#define TIDEGATE_API_LIMITS_TENANT_USE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "api/journal/query_journal.h"
#include "control/hosts.h"
#include "control/monitoring.h"
#include "control/push_groups.h"
#include "control/rule_store.h"
#include "control/workspaces.h"
#include "ingest/ingester.h"
#include "model/metadata.h"
#include "model/request_context.h"

namespace prometheus {
class Registry;
}

namespace tidegate::api {

// Whom to ask; what is null or empty is left out. Everything must outlive its users.
struct TenantUseSources {
  ingest::Ingester* ingester = nullptr;
  const QueryJournal* journal = nullptr;
  control::Workspaces* workspaces = nullptr;
  control::Hosts* hosts = nullptr;
  control::RuleStore* rules = nullptr;
  std::function<absl::StatusOr<std::vector<model::MetricMetadata>>(
      const model::RequestContext&, const std::string& metric_family)>
      metadata;
  control::Monitoring* monitoring = nullptr;
  control::PushGroups* push_groups = nullptr;
  const prometheus::Registry* metrics = nullptr;  // Of this process: queries and control.
};

struct TenantUse {
  std::map<std::string, uint64_t> used;      // By limit: how much of it is in use now.
  std::map<std::string, uint64_t> rejected;  // By reason: how often, since the process that
                                             // refused it started.
};

// What cannot be asked just now is left out.
TenantUse UseOf(const TenantUseSources& sources, const model::RequestContext& context);

// The limit that a reason for a rejection belongs to; empty for those that are no limit's.
std::string LimitOfReason(const std::string& reason);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_LIMITS_TENANT_USE_H_
