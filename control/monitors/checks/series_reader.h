// Values for checks, asked once for all checks of a round.
#ifndef TIDEGATE_CONTROL_MONITORS_CHECKS_SERIES_READER_H_
#define TIDEGATE_CONTROL_MONITORS_CHECKS_SERIES_READER_H_

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "query/query_service.h"

namespace tidegate::control {

using SeriesVector = std::vector<query::ResultSeries>;

// Of one tenant and round; the same question is asked once. Owned by one thread.
class SeriesReader {
 public:
  // The service must outlive it. What is running ends when `cancelled` is set.
  SeriesReader(query::QueryService* queries, std::string tenant,
               std::shared_ptr<std::atomic<bool>> cancelled)
      : queries_(*queries), tenant_(std::move(tenant)), cancelled_(std::move(cancelled)) {}

  // Samples of the selector in (time - window, time].
  absl::StatusOr<std::shared_ptr<const SeriesVector>> Window(const std::string& selector,
                                                             absl::Time time,
                                                             absl::Duration window);
  // An instant vector; a scalar is one series without labels. Zero lookback: the engine's.
  absl::StatusOr<std::shared_ptr<const SeriesVector>> Instant(const std::string& query,
                                                              absl::Time time,
                                                              absl::Duration lookback);
  // The selector on a grid, both ends included.
  absl::StatusOr<SeriesVector> Grid(const std::string& selector, absl::Time start, absl::Time end,
                                    absl::Duration step);

 private:
  using Key = std::tuple<std::string, int64_t, int64_t>;

  model::RequestContext Context() const;

  query::QueryService& queries_;
  const std::string tenant_;
  const std::shared_ptr<std::atomic<bool>> cancelled_;
  std::map<Key, std::shared_ptr<const SeriesVector>> answers_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_CHECKS_SERIES_READER_H_
