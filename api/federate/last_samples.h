// The newest sample of each series that some selectors name.
#ifndef TIDEGATE_API_FEDERATE_LAST_SAMPLES_H_
#define TIDEGATE_API_FEDERATE_LAST_SAMPLES_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "model/histogram.h"
#include "model/labels.h"
#include "model/request_context.h"
#include "model/sample.h"
#include "model/tenant.h"
#include "query/query_service.h"

namespace tidegate::api {

// A value, or a native histogram.
struct LastSample {
  model::TimestampMs timestamp = 0;
  double value = 0;
  std::shared_ptr<const model::FloatHistogram> histogram;
};

// By their labels: several selectors may find the same series.
using LastSamples = std::map<model::Labels, LastSample>;

// Of the five minutes up to `now`; what is stale then is left out, and histograms with custom
// buckets. InvalidArgument for a selector that does not parse, ResourceExhausted beyond the
// tenant's limits of a query, errors of the source.
absl::StatusOr<LastSamples> SelectLastSamples(storage::SeriesSource* source,
                                              const model::RequestContext& context,
                                              const model::TenantLimits& limits,
                                              const std::vector<std::string>& selectors,
                                              model::TimestampMs now);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_FEDERATE_LAST_SAMPLES_H_
