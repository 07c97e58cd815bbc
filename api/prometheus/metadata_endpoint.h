// metadata: type, help and unit of metrics.
#ifndef TIDEGATE_API_PROMETHEUS_METADATA_ENDPOINT_H_
#define TIDEGATE_API_PROMETHEUS_METADATA_ENDPOINT_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "api/prometheus/api_endpoint.h"
#include "model/metadata.h"
#include "model/request_context.h"

namespace tidegate::api {

// Metadata of one family of the context's tenant; of all families when the name is empty.
using MetadataSource = std::function<absl::StatusOr<std::vector<model::MetricMetadata>>(
    const model::RequestContext&, const std::string& metric_family)>;

// {name:[{"type","help","unit"},...]}, families sorted by name. `metric` picks one family, `limit`
// and `limit_per_metric` bound families and entries of each; zero and negative numbers mean all.
ApiEndpoint MetadataEndpoint(MetadataSource source);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_METADATA_ENDPOINT_H_
