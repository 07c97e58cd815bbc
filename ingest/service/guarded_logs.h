// The head as a source of log entries, once it is complete.
#ifndef TIDEGATE_INGEST_SERVICE_GUARDED_LOGS_H_
#define TIDEGATE_INGEST_SERVICE_GUARDED_LOGS_H_

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "storage/log_source.h"

namespace tidegate::ingest {

// Answers Unavailable until Open, as GuardedSeries does. Thread safe; the source must outlive it.
class GuardedLogs final : public storage::LogSource {
 public:
  // `reason_fn` says why it is not open yet; thread safe.
  GuardedLogs(storage::LogSource* source, std::function<std::string()> reason_fn)
      : source_(*source), reason_fn_(std::move(reason_fn)) {}

  void Open() { open_.store(true, std::memory_order_release); }

  absl::Status SelectLogs(const model::RequestContext& context,
                          const storage::LogSelection& selection,
                          storage::Sink<storage::LogBatch>& sink) override;
  absl::StatusOr<std::vector<storage::StreamVolume>> StreamVolumes(
      const model::RequestContext& context, const storage::StreamQuery& query) override;
  absl::StatusOr<std::vector<std::string>> StreamLabelNames(
      const model::RequestContext& context, const storage::StreamQuery& query) override;
  absl::StatusOr<std::vector<std::string>> StreamLabelValues(
      const model::RequestContext& context, const std::string& label_name,
      const storage::StreamQuery& query) override;

 private:
  absl::Status Check() const;

  storage::LogSource& source_;
  const std::function<std::string()> reason_fn_;
  std::atomic<bool> open_{false};
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_GUARDED_LOGS_H_
