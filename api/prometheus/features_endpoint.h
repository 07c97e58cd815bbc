// /api/v1/features: which parts of Prometheus' API and language work here.
#ifndef TIDEGATE_API_PROMETHEUS_FEATURES_ENDPOINT_H_
#define TIDEGATE_API_PROMETHEUS_FEATURES_ENDPOINT_H_

#include "api/prometheus/api_endpoint.h"

namespace tidegate::api {

// Categories and names are Prometheus' (cmd/prometheus/testdata/features.json). Functions and
// operators are not listed one by one: all of 3.14 are there, the experimental ones included.
ApiEndpoint FeaturesEndpoint();

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_FEATURES_ENDPOINT_H_
