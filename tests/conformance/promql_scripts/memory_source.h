// Series in memory behind the interface that queries read from: what the script runner loads into.
#ifndef TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_MEMORY_SOURCE_H_
#define TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_MEMORY_SOURCE_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/labels.h"
#include "storage/series_source.h"

namespace tidegate::conformance {

// One sample of either kind.
struct LoadedSample {
  model::TimestampMs timestamp = 0;
  model::TimestampMs start_timestamp = 0;
  double value = 0;
  std::optional<model::FloatHistogram> histogram;
};

// Not thread safe while samples are added. Samples of a series may come in any order; of two at one
// timestamp the first stays, as in the store.
class MemorySource final : public storage::SeriesSource {
 public:
  void Add(const model::Labels& labels, LoadedSample sample);
  void Clear() { series_.clear(); }

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
  // Samples by timestamp.
  using Samples = std::map<model::TimestampMs, LoadedSample>;

  std::map<std::string, Samples> series_;  // By canonical label bytes.
};

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_MEMORY_SOURCE_H_
