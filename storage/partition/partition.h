// Which span of time a sample's partition covers: pure functions of the timestamp and of now.
//
// Young data lies in narrow partitions, so that a cut touches little and late samples land beside
// their neighbours; old data lies in wide ones, so that their number stays bounded. All spans are
// aligned to the Unix epoch and nest. Thread safe: no state.
#ifndef TIDEGATE_STORAGE_PARTITION_PARTITION_H_
#define TIDEGATE_STORAGE_PARTITION_PARTITION_H_

#include <array>
#include <cstdint>

#include "model/sample.h"
#include "storage/store.h"

namespace tidegate::storage {

inline constexpr int64_t kHourMs = 3'600'000;
inline constexpr int64_t kDayMs = 24 * kHourMs;

// The four widths, narrow to wide; each divides the next one.
inline constexpr std::array<int64_t, 4> kPartitionWidths = {2 * kHourMs, kDayMs, 16 * kDayMs,
                                                            1024 * kDayMs};

// Data of a span whose end lies this far in the past belongs into the next wider width; parallel to
// the first three widths.
inline constexpr std::array<int64_t, 3> kPartitionWidenAge = {kDayMs, 14 * kDayMs, 256 * kDayMs};

// The span of this width that contains `timestamp`. Rounds towards minus infinity, so it holds for
// times before 1970 too. `width` is one of kPartitionWidths; the timestamp keeps model/sample.h's
// bounds.
PartitionSpan SpanContaining(model::TimestampMs timestamp, int64_t width);

// Where a sample written at `now` belongs: the narrowest span that contains it and whose end is not
// older than its width's age. The future lies in 2 h spans.
PartitionSpan PartitionFor(model::TimestampMs timestamp, model::TimestampMs now);

// True when every time of `inner` lies in `outer`. A span covers itself.
bool Covers(const PartitionSpan& outer, const PartitionSpan& inner);

// The closed range of timestamps in the span.
model::TimeRange RangeOf(const PartitionSpan& span);

// True for an aligned span of a known width: what a catalogue may name.
bool IsValidSpan(const PartitionSpan& span);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PARTITION_PARTITION_H_
