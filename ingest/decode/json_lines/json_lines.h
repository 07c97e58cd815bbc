// JSON lines of series (docs/formats/json-lines.md) to a batch.
#ifndef TIDEGATE_INGEST_DECODE_JSON_LINES_JSON_LINES_H_
#define TIDEGATE_INGEST_DECODE_JSON_LINES_JSON_LINES_H_

#include <cstddef>
#include <string_view>

#include "absl/status/status.h"
#include "ingest/decode/decoded_push.h"

namespace tidegate::ingest {

// Fills `push`, which must be clear. kReadableBehind bytes (ingest/decode/decompress.h) behind
// `body` must be readable. InvalidArgument names the line (from 1); nothing of the body counts
// then. OutOfRange when labels take more than `max_label_bytes` (0 = any).
absl::Status DecodeJsonLines(std::string_view body, size_t max_label_bytes, DecodedPush* push);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_JSON_LINES_JSON_LINES_H_
