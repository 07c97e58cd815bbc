#include "storage/maintenance/retention_policy.h"

#include "absl/time/time.h"

namespace tidegate::storage {

model::TimestampMs RetentionBegin(const model::TenantRegistry& tenants, std::string_view tenant,
                                  model::TimestampMs now) {
  const auto config = tenants.Find(tenant);
  if (config == nullptr || config->retention == absl::InfiniteDuration()) {
    return model::kMinTimestamp;
  }
  const int64_t kept = absl::ToInt64Milliseconds(config->retention);
  return kept > now - model::kMinTimestamp ? model::kMinTimestamp : now - kept;
}

std::vector<SegmentId> PickExpired(const std::vector<SegmentEntry>& segments,
                                   const model::TenantRegistry& tenants, model::TimestampMs now) {
  std::vector<SegmentId> expired;
  for (const SegmentEntry& entry : segments) {
    if (entry.range.max < RetentionBegin(tenants, entry.id.tenant, now)) {
      expired.push_back(entry.id);
    }
  }
  return expired;
}

}  // namespace tidegate::storage
