// What Prometheus' API tells about scraped targets.
#ifndef TIDEGATE_API_PROMETHEUS_TARGETS_ENDPOINTS_H_
#define TIDEGATE_API_PROMETHEUS_TARGETS_ENDPOINTS_H_

#include "api/prometheus/api_endpoint.h"
#include "control/targets.h"

namespace tidegate::api {

// {"activeTargets":[],"droppedTargets":[],"droppedTargetCounts":{}}; `state` and `scrapePool`
// choose. The targets must outlive the endpoint, here and below.
ApiEndpoint TargetsEndpoint(control::Targets* targets);

// [{"target":{},"metric":"","type":"","help":"","unit":""}]; without "metric" when it was named.
ApiEndpoint TargetMetadataEndpoint(control::Targets* targets);

// {"steps":[{"rule":{},"output":{},"keep":true}]}: what the rules of the job `scrapePool` make of
// `labels`, a JSON object of texts.
ApiEndpoint RelabelStepsEndpoint(control::Targets* targets);

// {"scrapePools":[]}
ApiEndpoint ScrapePoolsEndpoint(control::Targets* targets);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_TARGETS_ENDPOINTS_H_
