// Remote write 2.0: io.prometheus.write.v2.Request to a batch, in one pass over the wire bytes.
//
// Labels come as references to a table of symbols. Their canonical bytes are written into the
// push's arena and hashed there, so that a series has the same identity whichever version brought
// it. References may come in any order of names. Source of the rules: the remote write 2.0
// specification (prometheus/docs/specs/prw/remote_write_spec_2_0.md) and Prometheus' receiver
// (storage/remote/write_handler.go).
#ifndef TIDEGATE_INGEST_DECODE_REMOTE_WRITE_2_H_
#define TIDEGATE_INGEST_DECODE_REMOTE_WRITE_2_H_

#include <cstddef>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "ingest/decode/decoded_push.h"
#include "ingest/decode/symbol_table.h"

namespace tidegate::ingest {

// Fills `push`, which must be clear; `symbols` is scratch space that lives as long as `push` is
// used. `message` is the uncompressed body and must outlive both. A series with references that
// lead nowhere, or without any point or exemplar, costs itself and is in push->refused_series.
//
// `charge_fn` is asked before label bytes are written, for a MiB or so at a time: small references
// may stand for large symbols. Its error is returned. Other errors leave `push` half full:
//   InvalidArgument  the bytes are no Request (the text names the offset), or its first symbol is
//                    not empty
//   OutOfRange       the batch would take far more memory than its bytes (millions of empty
//                    messages), or its labels take more than `max_label_bytes` when written out
//                    (0 = any)
absl::Status DecodeRemoteWrite2(std::string_view message, size_t max_label_bytes,
                                absl::FunctionRef<absl::Status(size_t)> charge_fn,
                                SymbolTable* symbols, DecodedPush* push);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_REMOTE_WRITE_2_H_
