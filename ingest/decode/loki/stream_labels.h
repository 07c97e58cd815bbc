// A stream's labels as Loki's clients write them: {app="x", env="y"}.
#ifndef TIDEGATE_INGEST_DECODE_LOKI_STREAM_LABELS_H_
#define TIDEGATE_INGEST_DECODE_LOKI_STREAM_LABELS_H_

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "ingest/decode/byte_arena.h"
#include "model/labels.h"

namespace tidegate::ingest {

// Reads the text of a series as Prometheus' ParseMetric does: an optional metric name, then labels
// in braces, in any order, with an optional comma at the end; names may be quoted; values are in
// double or single quotes with escapes, or in backquotes; white space and # comments go between.
// Labels with an empty value are dropped; a name may occur twice (that is for the limits to say).
// Sorted by name, labels of one name in the order of the text. The views point into `text` or
// `arena`. InvalidArgument says where and what.
absl::Status ParseStreamLabels(std::string_view text, ByteArena* arena,
                               std::vector<model::Label>* labels);

// The bytes of labels as they stand (model/labels.h), in `arena`.
std::string_view LabelBytes(const std::vector<model::Label>& labels, ByteArena* arena);

// Sorts by name, keeping the order of equal names, and drops labels without a value.
void SortLabels(std::vector<model::Label>* labels);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_LOKI_STREAM_LABELS_H_
