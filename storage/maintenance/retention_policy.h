// What has expired: pure functions of the registry, the catalogue and the time.
#ifndef TIDEGATE_STORAGE_MAINTENANCE_RETENTION_POLICY_H_
#define TIDEGATE_STORAGE_MAINTENANCE_RETENTION_POLICY_H_

#include <string_view>
#include <vector>

#include "model/sample.h"
#include "model/tenant.h"
#include "storage/page/segment_id.h"
#include "storage/store/segment_entry.h"

namespace tidegate::storage {

// The oldest time that the tenant still sees at `now` (inclusive). kMinTimestamp with unlimited
// retention, and for a tenant that is not configured (any more): its data is kept, not destroyed.
model::TimestampMs RetentionBegin(const model::TenantRegistry& tenants, std::string_view tenant,
                                  model::TimestampMs now);

// The segments that hold nothing their tenant still sees.
std::vector<SegmentId> PickExpired(const std::vector<SegmentEntry>& segments,
                                   const model::TenantRegistry& tenants, model::TimestampMs now);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_MAINTENANCE_RETENTION_POLICY_H_
