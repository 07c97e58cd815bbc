// Hands batches on until a selection's limit is reached.
#ifndef TIDEGATE_STORAGE_STORE_LIMITED_BATCHES_H_
#define TIDEGATE_STORAGE_STORE_LIMITED_BATCHES_H_

#include <cstdint>
#include <memory>
#include <queue>
#include <vector>

#include "absl/status/status.h"
#include "model/labels.h"
#include "storage/log_source.h"
#include "storage/store/stream_merge.h"

namespace tidegate::storage {

// Remembers the times of the first `limit` entries that were handed on, of all streams: what lies
// behind them all cannot be wanted. Owned by one thread.
class LimitedBatches {
 public:
  // Both outlive it.
  LimitedBatches(const LogSelection& selection, Sink<LogBatch>* sink)
      : selection_(selection), sink_(*sink), times_(Later{selection.order}) {}

  void StartStream(model::Labels stream);
  // Leaves out of the merge what cannot be wanted; false when nothing is left.
  bool Narrow(StreamMerge* merge) const;
  // A batch of the stream, in the selection's order; an empty one counts what was scanned.
  absl::Status Add(LogBatch batch);
  // Hands on what was scanned since the last batch.
  absl::Status Finish();

 private:
  struct Later {
    LogOrder order;
    bool operator()(model::TimestampNs a, model::TimestampNs b) const {
      return order == LogOrder::kForward ? a < b : a > b;
    }
  };
  bool full() const { return selection_.limit != 0 && times_.size() >= selection_.limit; }
  void Remember(const std::vector<model::TimestampNs>& times);

  const LogSelection& selection_;
  Sink<LogBatch>& sink_;
  std::shared_ptr<const model::Labels> stream_;
  uint64_t left_ = 0;  // Of the stream.
  // Only with a limit; the last in the selection's order on top.
  std::priority_queue<model::TimestampNs, std::vector<model::TimestampNs>, Later> times_;
  uint64_t lines_scanned_ = 0;
  uint64_t bytes_scanned_ = 0;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_LIMITED_BATCHES_H_
