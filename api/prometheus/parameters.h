// Values of request parameters, read as Prometheus reads them (prometheus/web/api/v1/api.go), with
// its error texts. Everything here is a pure function.
#ifndef TIDEGATE_API_PROMETHEUS_PARAMETERS_H_
#define TIDEGATE_API_PROMETHEUS_PARAMETERS_H_

#include <cstddef>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "api/http/http_request.h"
#include "model/sample.h"

namespace tidegate::api {

// Unix seconds as a float (the fraction is rounded to milliseconds), RFC 3339, or one of the two
// texts that stand for the first and the last time. Times beyond model::kMinTimestamp and
// kMaxTimestamp become those.
absl::StatusOr<model::TimestampMs> ParseTime(std::string_view text);

// Seconds as a float, or a Prometheus duration (1h30m, units y w d h m s ms in that order).
absl::StatusOr<absl::Duration> ParseDuration(std::string_view text);

// A decimal integer as Go's strconv.Atoi takes it; `limit`s must not be negative.
absl::StatusOr<int64_t> ParseInteger(std::string_view text);
absl::StatusOr<size_t> ParseLimit(std::string_view text);

// `invalid parameter "name": text`; keeps the code.
absl::Status InvalidParameter(std::string_view name, const absl::Status& error);

// Named parameters; their errors are wrapped by InvalidParameter. An absent or empty parameter has
// the default; without one it is an error.
absl::StatusOr<model::TimestampMs> TimeParameter(const Parameters& parameters,
                                                 std::string_view name);
absl::StatusOr<model::TimestampMs> TimeParameter(const Parameters& parameters,
                                                 std::string_view name,
                                                 model::TimestampMs default_time);
absl::StatusOr<size_t> LimitParameter(const Parameters& parameters, std::string_view name);

// start and end of the label APIs: everything when they are absent. May be empty (start > end).
absl::StatusOr<model::TimeRange> RangeParameters(const Parameters& parameters);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_PARAMETERS_H_
