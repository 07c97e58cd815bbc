#include "ingest/service/guarded_logs.h"

namespace tidegate::ingest {

absl::Status GuardedLogs::Check() const {
  if (open_.load(std::memory_order_acquire)) return absl::OkStatus();
  return absl::UnavailableError(reason_fn_());
}

absl::Status GuardedLogs::SelectLogs(const model::RequestContext& context,
                                     const storage::LogSelection& selection,
                                     storage::Sink<storage::LogBatch>& sink) {
  if (absl::Status status = Check(); !status.ok()) return status;
  return source_.SelectLogs(context, selection, sink);
}

absl::StatusOr<std::vector<storage::StreamVolume>> GuardedLogs::StreamVolumes(
    const model::RequestContext& context, const storage::StreamQuery& query) {
  if (absl::Status status = Check(); !status.ok()) return status;
  return source_.StreamVolumes(context, query);
}

absl::StatusOr<std::vector<std::string>> GuardedLogs::StreamLabelNames(
    const model::RequestContext& context, const storage::StreamQuery& query) {
  if (absl::Status status = Check(); !status.ok()) return status;
  return source_.StreamLabelNames(context, query);
}

absl::StatusOr<std::vector<std::string>> GuardedLogs::StreamLabelValues(
    const model::RequestContext& context, const std::string& label_name,
    const storage::StreamQuery& query) {
  if (absl::Status status = Check(); !status.ok()) return status;
  return source_.StreamLabelValues(context, label_name, query);
}

}  // namespace tidegate::ingest
