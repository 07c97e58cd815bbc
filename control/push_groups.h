// Groups of metrics that batch jobs push before they end, and that stay until they are deleted:
// what the Pushgateway keeps.
#ifndef TIDEGATE_CONTROL_PUSH_GROUPS_H_
#define TIDEGATE_CONTROL_PUSH_GROUPS_H_

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/ingester.h"
#include "model/clock.h"
#include "model/histogram.h"
#include "model/metadata.h"
#include "model/request_context.h"
#include "model/sample.h"
#include "storage/documents.h"

namespace tidegate::control {

class LimitGuard;  // control/limits/limit_guard.h

using PushLabels = std::vector<std::pair<std::string, std::string>>;

struct PushedSeries {
  PushLabels labels;  // Without the name and the group's; sorted by name.
  std::string name;   // Of the metric: the family's, or with a suffix.
  double value = 0;
  std::optional<model::Histogram> histogram;
};

struct PushedFamily {
  model::MetricMetadata metadata;
  model::TimestampMs pushed = 0;
  std::vector<PushedSeries> series;
};

struct PushGroup {
  PushLabels labels;  // Sorted by name; `job` is among them.
  std::map<std::string, PushedFamily> families;
  model::TimestampMs pushed = 0;  // The last push that succeeded and failed; 0 = none.
  model::TimestampMs failed = 0;
};

enum class PushGroupFormat : uint8_t { kText, kProtobuf };

// Thread safe. Sources of the rules: the Pushgateway's README and its storage (metric_store.go).
class PushGroups {
 public:
  virtual ~PushGroups() = default;

  // Replaces the whole group (PUT), or those of its families that the body has (POST). The samples
  // are durable and the group is kept when it returns; what has gone is stale from now on.
  // InvalidArgument: the body is no exposition, has timestamps, or the ingester refuses its series;
  // nothing has changed then but the time of the last failure. OutOfRange: beyond max_push_groups
  // or max_push_group_bytes (model/control_limits.h).
  virtual absl::Status Push(const model::RequestContext& context, const PushLabels& labels,
                            PushGroupFormat format, std::string_view body, bool replace_all) = 0;
  // Ok when there is none.
  virtual absl::Status Delete(const model::RequestContext& context, const PushLabels& labels) = 0;
  // All of the context's tenant, ascending by labels.
  virtual absl::StatusOr<std::vector<PushGroup>> List(const model::RequestContext& context) = 0;
  virtual absl::StatusOr<uint64_t> Count(const model::RequestContext& context) = 0;
};

// Groups are documents of the store. Everything must outlive it; without a guard the default limits
// hold.
std::unique_ptr<PushGroups> OpenPushGroups(storage::Documents* documents,
                                           ingest::Ingester* ingester, const model::Clock* clock,
                                           LimitGuard* limits);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_PUSH_GROUPS_H_
