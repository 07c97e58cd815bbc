// A block of doubles, exact to the bit (docs/formats/page.md).
//
// Most monitoring values are decimals with few digits. The block looks for one exponent e so that
// value * 10^e is an integer below 2^53; the integers are stored as an int block, the few values
// that do not fit (NaNs, -0.0, infinities, odd ones) as exceptions. Where too many do not fit, the
// bit patterns are stored as integers.
#ifndef TIDEGATE_STORAGE_CODEC_VALUE_BLOCK_H_
#define TIDEGATE_STORAGE_CODEC_VALUE_BLOCK_H_

#include <cstdint>
#include <span>
#include <string>

#include "storage/codec/bytes.h"
#include "storage/codec/int_block.h"

namespace tidegate::storage {

inline constexpr int kMaxDecimalExponent = 15;

// What a reader may learn about a block without decoding it. Written for every block; where
// `opaque` (a NaN is inside, so minimum and resets have no meaning) only count, and the block must
// be decoded.
struct BlockSummary {
  uint32_t count = 0;
  bool opaque = false;
  bool constant = false;  // All values have the bits of `first`; then the block has no body.
  double first = 0;
  double last = 0;
  double min = 0;
  double max = 0;
  uint32_t resets = 0;  // Times a value is smaller than the one before it, inside this block.
};

BlockSummary Summarize(std::span<const double> values);

// The count is not stored: the reader passes it.
void EncodeSummary(const BlockSummary& summary, std::string* out);
// False (and a failed reader) when the bytes are not a summary.
bool DecodeSummary(ByteReader* in, uint32_t count, BlockSummary* summary);

// Appends 1..kMaxBlockValues values.
void EncodeValueBlock(std::span<const double> values, std::string* out);
// Reads out.size() values. False (and a failed reader) when the bytes are not a block.
bool DecodeValueBlock(ByteReader* in, std::span<double> out);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_CODEC_VALUE_BLOCK_H_
