// Two pieces of one series into one.
#ifndef TIDEGATE_QUERY_SERVICE_COLUMN_MERGE_H_
#define TIDEGATE_QUERY_SERVICE_COLUMN_MERGE_H_

#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "model/exemplar.h"
#include "model/log_entry.h"
#include "storage/series_source.h"

namespace tidegate::query {

// Merges the samples of many series. Series that shared time columns before share them afterwards.
// Not thread safe.
class ColumnMerger {
 public:
  // By timestamp. Where both have a sample, of whatever kind, the one of `older` stays.
  storage::SeriesColumns Merge(storage::SeriesColumns older, storage::SeriesColumns newer);

 private:
  using TimePair = std::pair<storage::TimeColumn, storage::TimeColumn>;

  // Both hold a sample. Nothing of `newer` lies at a time of a histogram of `older`.
  storage::SeriesColumns MergeFloats(const storage::SeriesColumns& older,
                                     const storage::SeriesColumns& newer);
  storage::TimeColumn MergeTimes(const storage::TimeColumn& older,
                                 const storage::TimeColumn& newer);

  absl::flat_hash_map<TimePair, storage::TimeColumn> merged_times_;
};

// By timestamp; equal exemplars once, at equal timestamps those of `older` first.
std::vector<model::Exemplar> MergeExemplars(std::vector<model::Exemplar> older,
                                            std::vector<model::Exemplar> newer);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERVICE_COLUMN_MERGE_H_
