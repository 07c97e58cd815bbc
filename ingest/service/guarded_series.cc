#include "ingest/service/guarded_series.h"

namespace tidegate::ingest {

absl::Status GuardedSeries::Check() const {
  if (open_.load(std::memory_order_acquire)) return absl::OkStatus();
  return absl::UnavailableError(reason_fn_());
}

absl::Status GuardedSeries::Select(const model::RequestContext& context,
                                   const storage::Selection& selection,
                                   storage::Sink<storage::SelectedSeries>& sink) {
  if (absl::Status status = Check(); !status.ok()) return status;
  return source_.Select(context, selection, sink);
}

absl::Status GuardedSeries::SelectExemplars(const model::RequestContext& context,
                                            const storage::Selection& selection,
                                            storage::Sink<storage::SelectedExemplars>& sink) {
  if (absl::Status status = Check(); !status.ok()) return status;
  return source_.SelectExemplars(context, selection, sink);
}

absl::StatusOr<std::vector<model::Labels>> GuardedSeries::Series(
    const model::RequestContext& context, const storage::LabelQuery& query) {
  if (absl::Status status = Check(); !status.ok()) return status;
  return source_.Series(context, query);
}

absl::StatusOr<std::vector<std::string>> GuardedSeries::LabelNames(
    const model::RequestContext& context, const storage::LabelQuery& query) {
  if (absl::Status status = Check(); !status.ok()) return status;
  return source_.LabelNames(context, query);
}

absl::StatusOr<std::vector<std::string>> GuardedSeries::LabelValues(
    const model::RequestContext& context, const std::string& label_name,
    const storage::LabelQuery& query) {
  if (absl::Status status = Check(); !status.ok()) return status;
  return source_.LabelValues(context, label_name, query);
}

}  // namespace tidegate::ingest
