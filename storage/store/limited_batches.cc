#include "storage/store/limited_batches.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace tidegate::storage {
namespace {

template <typename T>
void Cut(size_t size, std::vector<T>* column) {
  if (column->size() > size) column->resize(size);
}

}  // namespace

void LimitedBatches::StartStream(model::Labels stream) {
  stream_ = std::make_shared<const model::Labels>(std::move(stream));
  left_ = selection_.limit == 0 ? std::numeric_limits<uint64_t>::max() : selection_.limit;
}

bool LimitedBatches::Narrow(StreamMerge* merge) const {
  if (left_ == 0) return false;
  merge->Narrow(left_);
  if (!full()) return true;
  // Others at the same time as the last one may come before it.
  LogRange range = {.begin = std::numeric_limits<int64_t>::min(),
                    .end = std::numeric_limits<int64_t>::max()};
  if (selection_.order == LogOrder::kForward) {
    if (times_.top() != range.end) range.end = times_.top() + 1;
  } else {
    range.begin = times_.top();
  }
  merge->Narrow(range);
  return true;
}

void LimitedBatches::Remember(const std::vector<model::TimestampNs>& times) {
  if (selection_.limit == 0) return;
  for (const model::TimestampNs time : times) {
    if (!full()) {
      times_.push(time);
    } else if (Later{selection_.order}(time, times_.top())) {
      times_.pop();
      times_.push(time);
    } else {
      return;
    }
  }
}

absl::Status LimitedBatches::Add(LogBatch batch) {
  lines_scanned_ += batch.lines_scanned;
  bytes_scanned_ += batch.bytes_scanned;
  if (batch.timestamps.empty()) return absl::OkStatus();
  const auto size = static_cast<size_t>(std::min<uint64_t>(left_, batch.timestamps.size()));
  left_ -= size;
  Cut(size, &batch.timestamps);
  Cut(size, &batch.line_sizes);
  Cut(size, &batch.lines);
  Cut(size, &batch.metadata);
  Remember(batch.timestamps);
  batch.stream = stream_;
  batch.lines_scanned = std::exchange(lines_scanned_, 0);
  batch.bytes_scanned = std::exchange(bytes_scanned_, 0);
  return sink_.Add(std::move(batch));
}

absl::Status LimitedBatches::Finish() {
  if (lines_scanned_ == 0 || stream_ == nullptr) return absl::OkStatus();
  LogBatch scanned;
  scanned.stream = stream_;
  scanned.lines_scanned = lines_scanned_;
  scanned.bytes_scanned = bytes_scanned_;
  return sink_.Add(std::move(scanned));
}

}  // namespace tidegate::storage
