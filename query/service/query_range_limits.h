// How long a tenant's queries may be, and how far back they may reach.
#ifndef TIDEGATE_QUERY_SERVICE_QUERY_RANGE_LIMITS_H_
#define TIDEGATE_QUERY_SERVICE_QUERY_RANGE_LIMITS_H_

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "model/sample.h"
#include "model/tenant.h"

namespace tidegate::query {

// max_query_length: OutOfRange, in Mimir's words, for a range from start to end that is longer.
absl::Status CheckQueryLength(const model::TenantLimits& limits, model::TimestampMs start,
                              model::TimestampMs end);

// max_query_expression_size_bytes: OutOfRange, in Mimir's words, for a text that is longer.
absl::Status CheckExpressionSize(const model::TenantLimits& limits, std::string_view query);

// max_query_lookback: the oldest time that a query may ask for.
model::TimestampMs OldestQueryTime(const model::TenantLimits& limits, absl::Time now);

// The first step at or after `oldest`, on the grid that begins at `start`.
model::TimestampMs FirstStepFrom(model::TimestampMs oldest, model::TimestampMs start,
                                 int64_t step_ms);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERVICE_QUERY_RANGE_LIMITS_H_
