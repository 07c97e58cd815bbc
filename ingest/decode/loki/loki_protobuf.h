// Loki's protobuf push, logproto.PushRequest, in one pass over the wire bytes.
#ifndef TIDEGATE_INGEST_DECODE_LOKI_LOKI_PROTOBUF_H_
#define TIDEGATE_INGEST_DECODE_LOKI_LOKI_PROTOBUF_H_

#include <string_view>

#include "absl/status/status.h"
#include "ingest/decode/decoded_push.h"

namespace tidegate::ingest {

// Reads what the generated class reads (fields in any order, the last of a repeated scalar wins,
// unknown fields skipped), into views of `message`, which must outlive the push. A time beyond
// int64 nanoseconds becomes the nearest one. Errors:
//   InvalidArgument  malformed, names the byte
//   OutOfRange       too many empty messages for their bytes
absl::Status DecodeLokiProtobuf(std::string_view message, DecodedPush* push);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_LOKI_LOKI_PROTOBUF_H_
