// Where the parameters of an API request are found.
#ifndef TIDEGATE_API_PROMETHEUS_REQUEST_PARAMETERS_H_
#define TIDEGATE_API_PROMETHEUS_REQUEST_PARAMETERS_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "api/http/http_request.h"

namespace tidegate::api {

// The parameters of a request: of the body first, then of the URL, as Go's Request.Form has them. A
// POST body is a form (application/x-www-form-urlencoded, or multipart/form-data, whose values
// stand behind those of the URL) or a flat JSON object (application/json); with another type, or in
// a GET, it is not looked at. InvalidArgument when either is malformed.
absl::StatusOr<Parameters> CollectParameters(const HttpRequest& request);

// Adds the members of a JSON object: strings, numbers and booleans by their text, arrays of those
// as several values; null is absent. InvalidArgument for anything deeper. An empty text is no
// object and no error.
absl::Status DecodeJsonParameters(std::string_view text, Parameters* out);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_REQUEST_PARAMETERS_H_
