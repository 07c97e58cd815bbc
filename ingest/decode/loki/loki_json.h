// Loki's JSON pushes: the present one and that of /api/prom/push.
#ifndef TIDEGATE_INGEST_DECODE_LOKI_LOKI_JSON_H_
#define TIDEGATE_INGEST_DECODE_LOKI_LOKI_JSON_H_

#include <string_view>

#include "absl/status/status.h"
#include "ingest/decode/decoded_push.h"

namespace tidegate::ingest {

// {"streams": [{"stream": {NAME: VALUE}, "values": [["NANOSECONDS", "LINE", {NAME: VALUE}]]}]}
//
// Timestamps and lines must be strings, metadata (the optional third element) strings too; a
// label's value may be any scalar, whose text counts. Unknown members are skipped. kReadableBehind
// bytes (ingest/decode/decompress.h) behind `body` must be readable, and `body` must outlive the
// push. InvalidArgument says which stream and value is not as it should be.
absl::Status DecodeLokiJson(std::string_view body, DecodedPush* push);

// {"streams": [{"labels": "{...}", "entries": [{"ts": RFC 3339, "line": LINE}]}]}
absl::Status DecodeLegacyLokiJson(std::string_view body, DecodedPush* push);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_LOKI_LOKI_JSON_H_
