// series, labels, label/:name/values.
#ifndef TIDEGATE_API_PROMETHEUS_SERIES_ENDPOINTS_H_
#define TIDEGATE_API_PROMETHEUS_SERIES_ENDPOINTS_H_

#include <string>
#include <string_view>

#include "api/prometheus/api_endpoint.h"
#include "query/query_service.h"

namespace tidegate::api {

// The service must outlive the endpoints.
ApiEndpoint SeriesEndpoint(query::QueryService* queries);
ApiEndpoint LabelNamesEndpoint(query::QueryService* queries);
ApiEndpoint LabelValuesEndpoint(query::QueryService* queries);

// A label name as it stands in a path: names that begin with "U__" are escaped ("_" is "__", other
// characters are "_HEX_"; prometheus/common/model UnescapeName). Malformed escapes leave the name
// as it is.
std::string UnescapeLabelName(std::string_view name);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_SERIES_ENDPOINTS_H_
