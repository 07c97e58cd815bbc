// A block of integers: constant, frame of reference or delta, bit-packed (docs/formats/page.md).
#ifndef TIDEGATE_STORAGE_CODEC_INT_BLOCK_H_
#define TIDEGATE_STORAGE_CODEC_INT_BLOCK_H_

#include <cstdint>
#include <span>
#include <string>

#include "storage/codec/bytes.h"

namespace tidegate::storage {

// Most values in one block. The number of values is not stored: the reader knows it.
inline constexpr size_t kMaxBlockValues = 256;

// How a block stores its integers; the low two bits of its first byte. Values are stored.
enum class IntMode : uint8_t {
  kConstant = 0,  // zigzag(value)
  kFrame = 1,     // zigzag(least) u8(width) packed((value - least) >> shift)
  kDelta = 2,     // zigzag(first) zigzag(least delta) u8(width) packed((delta - least) >> shift)
};

// Appends a block of 1..kMaxBlockValues values; any int64 is legal (sums wrap).
void EncodeIntBlock(std::span<const int64_t> values, std::string* out);

// Reads a block of out.size() values. False (and a failed reader) when the bytes are not a block.
bool DecodeIntBlock(ByteReader* in, std::span<int64_t> out);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_CODEC_INT_BLOCK_H_
