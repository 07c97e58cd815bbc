// Gathers what a selection finds, within a budget and in order.
#ifndef TIDEGATE_API_REMOTE_READ_SERIES_COLLECTOR_H_
#define TIDEGATE_API_REMOTE_READ_SERIES_COLLECTOR_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "query/query_service.h"

namespace tidegate::api {

// 0 = no limit.
struct ReadBudget {
  uint64_t max_series = 0;
  uint64_t max_samples = 0;
  uint64_t max_bytes = 0;
};

// Owned by one thread. ResourceExhausted stops the selection once a budget is used up.
class SeriesCollector final : public storage::Sink<storage::SelectedSeries> {
 public:
  explicit SeriesCollector(const ReadBudget& budget) : budget_(budget) {}

  absl::Status Add(storage::SelectedSeries series) override;
  absl::Status Hold(int64_t bytes) override;

  // Sorted by labels; leaves it empty.
  std::vector<storage::SelectedSeries> Take();

 private:
  absl::Status Check() const;

  const ReadBudget budget_;
  uint64_t samples_ = 0;
  int64_t bytes_ = 0;
  std::vector<storage::SelectedSeries> series_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_REMOTE_READ_SERIES_COLLECTOR_H_
