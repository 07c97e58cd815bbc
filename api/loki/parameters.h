// Parameters of Loki's query API, read as Loki reads them.
#ifndef TIDEGATE_API_LOKI_PARAMETERS_H_
#define TIDEGATE_API_LOKI_PARAMETERS_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "api/http/http_request.h"
#include "model/log_entry.h"
#include "query/log_query_service.h"

namespace tidegate::api {

// An integer is nanoseconds, or seconds when it has at most ten digits; a number with a point is
// seconds, to the millisecond; anything else RFC 3339. InvalidArgument without the parameter's
// name.
absl::StatusOr<model::TimestampNs> ParseLokiTime(std::string_view text);

// Seconds as a number, or a duration as Prometheus writes it ("5m", "1h30m").
absl::StatusOr<int64_t> ParseLokiDuration(std::string_view text);

// `start`, `end`, `since`. end is now by default, start lies `since` (by default `default_since`)
// before the earlier of end and now. Half open; may be empty or backwards.
absl::StatusOr<storage::LogRange> ReadBounds(const Parameters& parameters, model::TimestampNs now,
                                             absl::Duration default_since);

// A count that is at least one; `fallback` when it is missing.
absl::StatusOr<size_t> ReadCount(const Parameters& parameters, std::string_view name,
                                 size_t fallback);

// `direction`, in any case; backward when it is missing.
absl::StatusOr<query::LogDirection> ReadDirection(const Parameters& parameters);

// `step`, by default a 250th of the range in whole seconds, at least one; at most 11,000 steps.
absl::StatusOr<int64_t> ReadStep(const Parameters& parameters, const storage::LogRange& range);

// Everything that query_range takes, checked in Loki's order.
absl::StatusOr<query::LogRangeRequest> ReadRangeRequest(const Parameters& parameters,
                                                        model::TimestampNs now);
// Everything that query takes.
absl::StatusOr<query::LogInstantRequest> ReadInstantRequest(const Parameters& parameters,
                                                            model::TimestampNs now);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_LOKI_PARAMETERS_H_
