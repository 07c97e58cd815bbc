// From the entries of one stream to the batches of a selection.
#ifndef TIDEGATE_STORAGE_LOGS_STREAM_BATCHES_H_
#define TIDEGATE_STORAGE_LOGS_STREAM_BATCHES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "model/labels.h"
#include "model/log_entry.h"
#include "model/sample.h"
#include "storage/log_source.h"
#include "storage/logs/line_filter.h"

namespace tidegate::storage {

// A batch is full with this many entries, or when its lines have passed this many bytes: by one
// line at most.
inline constexpr size_t kMaxBatchEntries = 64 << 10;
inline constexpr size_t kMaxBatchBytes = 1 << 20;

// The milliseconds that a range touches, both inclusive: for indexes, which know no finer times.
// Empty when the range is.
model::TimeRange MillisecondsOf(const LogRange& range);

// All of these milliseconds, as far as nanoseconds can tell.
LogRange NanosecondsOf(const model::TimeRange& range);

// Hands out what the selection wants of one stream. `entries` ascend by time, then by arrival, and
// none is there twice; `memory` keeps what they view. Nothing is added when nothing is left.
// Errors: the sink's.
absl::Status AddStreamBatches(model::Labels stream, std::span<const model::LogEntryView> entries,
                              std::shared_ptr<const void> memory, const LogSelection& selection,
                              const LineFilter& filter, Sink<LogBatch>& sink);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOGS_STREAM_BATCHES_H_
