// What the label APIs ask of a source: parameters to selections, answers cut to their limit.
#ifndef TIDEGATE_QUERY_SERVICE_LABEL_APIS_H_
#define TIDEGATE_QUERY_SERVICE_LABEL_APIS_H_

#include <string>

#include "absl/status/statusor.h"
#include "model/request_context.h"
#include "query/query_service.h"
#include "storage/series_source.h"

namespace tidegate::query {

// InvalidArgument when a match[] does not parse or names no series.
absl::StatusOr<LabelsResult> FindSeries(const model::RequestContext& context,
                                        const MetadataRequest& request,
                                        storage::SeriesSource& source);
absl::StatusOr<StringsResult> FindLabelNames(const model::RequestContext& context,
                                             const MetadataRequest& request,
                                             storage::SeriesSource& source);
absl::StatusOr<StringsResult> FindLabelValues(const model::RequestContext& context,
                                              const std::string& label_name,
                                              const MetadataRequest& request,
                                              storage::SeriesSource& source);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERVICE_LABEL_APIS_H_
