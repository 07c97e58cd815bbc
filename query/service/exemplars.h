// Exemplars of the series that a query names.
#ifndef TIDEGATE_QUERY_SERVICE_EXEMPLARS_H_
#define TIDEGATE_QUERY_SERVICE_EXEMPLARS_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "model/request_context.h"
#include "model/sample.h"
#include "storage/series_source.h"

namespace tidegate::query {

// Of every selector of the query; each series once, sorted by labels. InvalidArgument when the
// query does not parse.
absl::StatusOr<std::vector<storage::SelectedExemplars>> FindExemplars(
    const model::RequestContext& context, std::string_view query, model::TimeRange range,
    storage::SeriesSource& source);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERVICE_EXEMPLARS_H_
