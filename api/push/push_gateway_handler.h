// The Pushgateway's API: /metrics/job/JOB{/LABEL/VALUE}, and the list of what was pushed.
#ifndef TIDEGATE_API_PUSH_PUSH_GATEWAY_HANDLER_H_
#define TIDEGATE_API_PUSH_PUSH_GATEWAY_HANDLER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "api/auth/tenant_resolver.h"
#include "api/http/router.h"
#include "control/push_groups.h"

namespace tidegate::api {

inline constexpr size_t kMaxGroupingLabels = 10;  // Beside `job`.

// Reads the path behind /metrics: job, JOB, and pairs of LABEL and VALUE. A name with @base64
// behind it says that its value is base64 (with either alphabet, padding or not; "=" alone is the
// empty value, which leaves the label out). Sorted by name. InvalidArgument, to be answered with
// 400: not base64, no job, a name twice or without a value, `__name__`, too many.
absl::StatusOr<control::PushLabels> ReadGroupingKey(const std::vector<std::string>& segments);

// Adds PUT, POST and DELETE /metrics/job/..., and GET /api/v1/metrics. Resolver and groups must
// outlive the router.
void AddPushGatewayRoutes(const TenantResolver* resolver, control::PushGroups* groups,
                          Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PUSH_PUSH_GATEWAY_HANDLER_H_
