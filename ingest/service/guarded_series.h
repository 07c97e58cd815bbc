// The head as a source of series, once it is complete.
#ifndef TIDEGATE_INGEST_SERVICE_GUARDED_SERIES_H_
#define TIDEGATE_INGEST_SERVICE_GUARDED_SERIES_H_

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "storage/series_source.h"

namespace tidegate::ingest {

// Answers Unavailable until Open: a head that is being replayed would answer with a part of its
// data. Thread safe; the source must outlive it.
class GuardedSeries final : public storage::SeriesSource {
 public:
  // `reason_fn` says why it is not open yet; thread safe.
  GuardedSeries(storage::SeriesSource* source, std::function<std::string()> reason_fn)
      : source_(*source), reason_fn_(std::move(reason_fn)) {}

  void Open() { open_.store(true, std::memory_order_release); }

  absl::Status Select(const model::RequestContext& context, const storage::Selection& selection,
                      storage::Sink<storage::SelectedSeries>& sink) override;
  absl::Status SelectExemplars(const model::RequestContext& context,
                               const storage::Selection& selection,
                               storage::Sink<storage::SelectedExemplars>& sink) override;
  absl::StatusOr<std::vector<model::Labels>> Series(const model::RequestContext& context,
                                                    const storage::LabelQuery& query) override;
  absl::StatusOr<std::vector<std::string>> LabelNames(const model::RequestContext& context,
                                                      const storage::LabelQuery& query) override;
  absl::StatusOr<std::vector<std::string>> LabelValues(const model::RequestContext& context,
                                                       const std::string& label_name,
                                                       const storage::LabelQuery& query) override;

 private:
  absl::Status Check() const;

  storage::SeriesSource& source_;
  const std::function<std::string()> reason_fn_;
  std::atomic<bool> open_{false};
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_GUARDED_SERIES_H_
