// The frozen data of all tenants at one log position, and how it becomes segments.
#ifndef TIDEGATE_STORAGE_HEAD_HEAD_CUT_H_
#define TIDEGATE_STORAGE_HEAD_HEAD_CUT_H_

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "storage/head.h"
#include "storage/head/tenant_head.h"

namespace tidegate::storage::head {

// A tenant's part.
struct TenantCut {
  std::shared_ptr<const TenantHead> tenant;
  std::shared_ptr<const FrozenData> frozen;
};

// Immutable; thread safe.
class FrozenCut final : public HeadCut {
 public:
  // `tenants` in any order.
  FrozenCut(LogPosition position, std::vector<TenantCut> tenants);

  LogPosition position() const override { return position_; }
  bool empty() const override { return tenants_.empty(); }
  absl::Status Seal(uint64_t producer, model::TimestampMs now,
                    const std::function<absl::Status(SealedSegment)>& segment_fn) const override;

  const std::vector<TenantCut>& tenants() const { return tenants_; }

 private:
  LogPosition position_;
  std::vector<TenantCut>
      tenants_;  // By name: the order of segments does not depend on anything else.
};

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_HEAD_CUT_H_
