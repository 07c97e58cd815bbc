// Series in memory behind the interface that queries read from: for what is evaluated once, scripts
// and tests of rules.
#ifndef TIDEGATE_STORAGE_MEMORY_SOURCE_H_
#define TIDEGATE_STORAGE_MEMORY_SOURCE_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/labels.h"
#include "storage/series_source.h"

namespace tidegate::storage {

// One sample of either kind.
struct LoadedSample {
  model::TimestampMs timestamp = 0;
  model::TimestampMs start_timestamp = 0;
  double value = 0;
  std::optional<model::FloatHistogram> histogram;
};

// Not thread safe while samples are added. Samples of a series may come in any order; of two at one
// timestamp the first stays, as in the store.
class MemorySource final : public SeriesSource {
 public:
  void Add(const model::Labels& labels, LoadedSample sample);
  void Clear() { series_.clear(); }

  absl::Status Select(const model::RequestContext& context, const Selection& selection,
                      Sink<SelectedSeries>& sink) override;
  absl::Status SelectExemplars(const model::RequestContext& context, const Selection& selection,
                               Sink<SelectedExemplars>& sink) override;
  absl::StatusOr<std::vector<model::Labels>> Series(const model::RequestContext& context,
                                                    const LabelQuery& query) override;
  absl::StatusOr<std::vector<std::string>> LabelNames(const model::RequestContext& context,
                                                      const LabelQuery& query) override;
  absl::StatusOr<std::vector<std::string>> LabelValues(const model::RequestContext& context,
                                                       const std::string& label_name,
                                                       const LabelQuery& query) override;

 private:
  // Samples by timestamp.
  using Samples = std::map<model::TimestampMs, LoadedSample>;

  std::map<std::string, Samples> series_;  // By canonical label bytes.
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_MEMORY_SOURCE_H_
