#include "ingest/decode/snappy_block.h"

#include <snappy.h>

#include <cstdint>
#include <limits>

#include "absl/status/status.h"
#include "fmt/format.h"

namespace tidegate::ingest {
namespace {

// The densest element is a copy with a two-byte offset: three bytes that produce 64.
constexpr size_t kMaxRatio = 22;

}  // namespace

absl::StatusOr<size_t> DecompressedSize(std::string_view block, size_t max_bytes) {
  size_t size = 0;
  if (!snappy::GetUncompressedLength(block.data(), block.size(), &size)) {
    return absl::InvalidArgumentError("the body is no snappy block: it has no length");
  }
  if (max_bytes != 0 && size > max_bytes) {
    return absl::OutOfRangeError(fmt::format(
        "the body declares {} bytes after decompression, the limit is {}", size, max_bytes));
  }
  if (size > std::numeric_limits<int32_t>::max()) {
    return absl::OutOfRangeError(
        fmt::format("the body declares {} bytes after decompression, more than 2 GiB", size));
  }
  if (size > block.size() * kMaxRatio) {
    return absl::InvalidArgumentError(
        fmt::format("the body declares {} bytes after decompression, which {} compressed bytes "
                    "cannot hold",
                    size, block.size()));
  }
  return size;
}

absl::StatusOr<std::string_view> DecompressSnappyBlock(std::string_view block, size_t size,
                                                       ByteBuffer* buffer) {
  char* const bytes = buffer->Reserve(size);
  if (!snappy::RawUncompress(block.data(), block.size(), bytes)) {
    return absl::InvalidArgumentError("the body is corrupt: it does not decompress with snappy");
  }
  return std::string_view(bytes, size);
}

}  // namespace tidegate::ingest
