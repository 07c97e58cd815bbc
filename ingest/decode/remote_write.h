// Remote write 1.0: prometheus.WriteRequest to a batch, in one pass over the wire bytes.
//
// The label bytes of a series are delimited and hashed as they lie; what is inside them is looked
// at only when a series is new (canonicalisation at admission). So a broken label costs its series
// and not the request; everything else follows the generated protobuf decoder (tests/fuzz holds the
// two against each other).
#ifndef TIDEGATE_INGEST_DECODE_REMOTE_WRITE_H_
#define TIDEGATE_INGEST_DECODE_REMOTE_WRITE_H_

#include <string_view>

#include "absl/status/status.h"
#include "ingest/decode/decoded_push.h"

namespace tidegate::ingest {

// Fills `push`, which must be clear. `message` is the uncompressed body and must outlive what
// `push` is used for. Errors leave `push` half full:
//   InvalidArgument  the bytes are no WriteRequest; the text names the offset
//   OutOfRange       the batch would take far more memory than its bytes (millions of empty
//                    messages): more than eight times their size and 4 MiB
absl::Status DecodeRemoteWrite(std::string_view message, DecodedPush* push);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_REMOTE_WRITE_H_
