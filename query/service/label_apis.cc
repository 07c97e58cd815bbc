#include "query/service/label_apis.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "model/matcher.h"
#include "query/selector_text.h"

namespace tidegate::query {
namespace {

absl::StatusOr<storage::LabelQuery> ToLabelQuery(const MetadataRequest& request) {
  storage::LabelQuery query;
  query.range = request.range;
  // One more than asked for tells whether there is more.
  const bool bounded = request.limit != 0 && request.limit < std::numeric_limits<size_t>::max();
  query.limit = bounded ? request.limit + 1 : 0;
  for (const std::string& match : request.matches) {
    absl::StatusOr<std::vector<model::CompiledMatcher>> compiled = ParseSelector(match);
    if (!compiled.ok()) return compiled.status();
    query.selections.push_back(*std::move(compiled));
  }
  return query;
}

// Sorts, and cuts to the limit; true when something was cut off.
template <typename T>
bool Cut(size_t limit, std::vector<T>* values) {
  std::sort(values->begin(), values->end());
  if (limit == 0 || values->size() <= limit) return false;
  values->erase(values->begin() + static_cast<ptrdiff_t>(limit), values->end());
  return true;
}

StringsResult ToStringsResult(size_t limit, std::vector<std::string> values) {
  const bool truncated = Cut(limit, &values);
  return {.values = std::move(values), .truncated = truncated};
}

}  // namespace

absl::StatusOr<LabelsResult> FindSeries(const model::RequestContext& context,
                                        const MetadataRequest& request,
                                        storage::SeriesSource& source) {
  const absl::StatusOr<storage::LabelQuery> query = ToLabelQuery(request);
  if (!query.ok()) return query.status();
  absl::StatusOr<std::vector<model::Labels>> series = source.Series(context, *query);
  if (!series.ok()) return series.status();
  const bool truncated = Cut(request.limit, &*series);
  return LabelsResult{.series = *std::move(series), .truncated = truncated};
}

absl::StatusOr<StringsResult> FindLabelNames(const model::RequestContext& context,
                                             const MetadataRequest& request,
                                             storage::SeriesSource& source) {
  const absl::StatusOr<storage::LabelQuery> query = ToLabelQuery(request);
  if (!query.ok()) return query.status();
  absl::StatusOr<std::vector<std::string>> names = source.LabelNames(context, *query);
  if (!names.ok()) return names.status();
  return ToStringsResult(request.limit, *std::move(names));
}

absl::StatusOr<StringsResult> FindLabelValues(const model::RequestContext& context,
                                              const std::string& label_name,
                                              const MetadataRequest& request,
                                              storage::SeriesSource& source) {
  const absl::StatusOr<storage::LabelQuery> query = ToLabelQuery(request);
  if (!query.ok()) return query.status();
  absl::StatusOr<std::vector<std::string>> values = source.LabelValues(context, label_name, *query);
  if (!values.ok()) return values.status();
  return ToStringsResult(request.limit, *std::move(values));
}

}  // namespace tidegate::query
