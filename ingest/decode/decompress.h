// Bodies in any of HTTP's and OTLP's encodings, decompressed within bounds.
#ifndef TIDEGATE_INGEST_DECODE_DECOMPRESS_H_
#define TIDEGATE_INGEST_DECODE_DECOMPRESS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/decode/byte_buffer.h"

namespace tidegate::ingest {

enum class BodyCompression : uint8_t {
  kGzip,     // RFC 1952, one member or several.
  kDeflate,  // RFC 1951, as Go's clients send it, or inside RFC 1950, as the HTTP standard has it.
  kZstd,
  kLz4,  // The frame format.
};

// What may be read behind the end of a decompressed body: parsers load whole vectors.
inline constexpr size_t kReadableBehind = 64;

// Memory grows with what comes out; no size that the body declares is believed. `charge_fn` is
// asked before each growth, with the bytes that it adds. The view lies in `buffer`, until its next
// use. Errors:
//   InvalidArgument  not of this format, cut off, or with something behind its end
//   OutOfRange       more than `max_bytes` come out (zero = 2 GiB)
//   what charge_fn answers
absl::StatusOr<std::string_view> Decompress(BodyCompression compression, std::string_view body,
                                            size_t max_bytes,
                                            absl::FunctionRef<absl::Status(size_t)> charge_fn,
                                            ByteBuffer* buffer);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_DECOMPRESS_H_
