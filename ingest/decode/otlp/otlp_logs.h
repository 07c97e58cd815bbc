// OTLP's log export requests, protobuf and JSON.
#ifndef TIDEGATE_INGEST_DECODE_OTLP_OTLP_LOGS_H_
#define TIDEGATE_INGEST_DECODE_OTLP_OTLP_LOGS_H_

#include <string_view>

#include "absl/status/status.h"
#include "ingest/decode/decoded_push.h"
#include "ingest/decode/otlp/otlp_streams.h"

namespace tidegate::ingest {

// opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest, in one pass over the wire bytes
// (plus one over each resource and scope to find what describes it). `message` must outlive the
// push. InvalidArgument: malformed, or values nest deeper than kMaxOtlpDepth.
absl::Status DecodeOtlpProtobuf(std::string_view message, const OtlpRules& rules,
                                DecodedPush* push);

// The same in OTLP's JSON mapping: lowerCamelCase or original names, ids in hexadecimal, 64-bit
// numbers as numbers or strings, enumerations as numbers or names. kReadableBehind bytes
// (ingest/decode/decompress.h) behind `body` must be readable, and `body` must outlive the push.
absl::Status DecodeOtlpJson(std::string_view body, const OtlpRules& rules, DecodedPush* push);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_OTLP_OTLP_LOGS_H_
