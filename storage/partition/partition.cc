#include "storage/partition/partition.h"

#include <algorithm>

namespace tidegate::storage {

PartitionSpan SpanContaining(model::TimestampMs timestamp, int64_t width) {
  int64_t offset = timestamp % width;
  if (offset < 0) offset += width;
  return {.begin = timestamp - offset, .duration = width};
}

PartitionSpan PartitionFor(model::TimestampMs timestamp, model::TimestampMs now) {
  for (size_t i = 0; i < kPartitionWidenAge.size(); ++i) {
    const PartitionSpan span = SpanContaining(timestamp, kPartitionWidths[i]);
    if (span.end() > now - kPartitionWidenAge[i]) return span;
  }
  return SpanContaining(timestamp, kPartitionWidths.back());
}

bool Covers(const PartitionSpan& outer, const PartitionSpan& inner) {
  return outer.begin <= inner.begin && inner.end() <= outer.end();
}

model::TimeRange RangeOf(const PartitionSpan& span) {
  return {.min = span.begin, .max = span.end() - 1};
}

bool IsValidSpan(const PartitionSpan& span) {
  return std::find(kPartitionWidths.begin(), kPartitionWidths.end(), span.duration) !=
             kPartitionWidths.end() &&
         span.begin % span.duration == 0;
}

}  // namespace tidegate::storage
