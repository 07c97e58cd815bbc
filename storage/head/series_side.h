// What a series has beside its open chunk: the rarer kinds of points.
#ifndef TIDEGATE_STORAGE_HEAD_SERIES_SIDE_H_
#define TIDEGATE_STORAGE_HEAD_SERIES_SIDE_H_

#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "model/exemplar.h"
#include "model/sample.h"
#include "storage/chunk/open_chunk.h"
#include "storage/head/entry_list.h"

namespace tidegate::storage::head {

// Start timestamps as runs: an entry holds from its key on, until the next entry. They change once
// per restart of a target, so that a run or two say it for thousands of samples.
class StartTimestamps {
 public:
  // The sample at `timestamp` started at `start` (0 = unknown); other samples keep what they had.
  // `newest`: no sample lies behind it.
  void Set(model::TimestampMs timestamp, model::TimestampMs start, bool newest);
  model::TimestampMs Get(model::TimestampMs timestamp) const;
  bool empty() const { return runs_.empty(); }

 private:
  absl::btree_map<model::TimestampMs, model::TimestampMs> runs_;
};

struct StoredHistogram {
  model::TimestampMs start_timestamp = 0;
  std::string encoded;  // model::EncodeHistogram.
};

// Plain data; most series have none. No timestamp occurs in more than one of the chunks (the open
// one included), `late` and `histograms`.
struct SeriesSide {
  std::vector<chunk::OpenChunk> full_chunks;         // Ascending, before the open chunk.
  absl::btree_map<model::TimestampMs, double> late;  // Came with a timestamp that had passed.
  absl::btree_map<model::TimestampMs, StoredHistogram> histograms;
  StartTimestamps starts;                  // Of float samples.
  std::vector<model::Exemplar> exemplars;  // Ascending by timestamp.
  EntryList entries;                       // Settled, except while a frame is applied.

  // Of float samples and histograms; empty when there are none.
  model::TimeRange MetricRange() const;
};

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_SERIES_SIDE_H_
