// Snappy's block format, decompressed within bounds (google/snappy, format_description.txt).
#ifndef TIDEGATE_INGEST_DECODE_SNAPPY_BLOCK_H_
#define TIDEGATE_INGEST_DECODE_SNAPPY_BLOCK_H_

#include <cstddef>
#include <string_view>

#include "absl/status/statusor.h"
#include "ingest/decode/byte_buffer.h"

namespace tidegate::ingest {

// The decompressed size that the block declares, believed only when such a block can reach it.
// Nothing is allocated. Errors:
//   InvalidArgument  no snappy block, or it declares more than its bytes can produce
//   OutOfRange       it declares more than `max_bytes` (zero = no bound of ours; the format and
//                    protobuf end at 2 GiB)
absl::StatusOr<size_t> DecompressedSize(std::string_view block, size_t max_bytes);

// Decompresses a block whose DecompressedSize is `size`. The view lies in `buffer`, until its next
// use. InvalidArgument for a corrupt block.
absl::StatusOr<std::string_view> DecompressSnappyBlock(std::string_view block, size_t size,
                                                       ByteBuffer* buffer);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_SNAPPY_BLOCK_H_
