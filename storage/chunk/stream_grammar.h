// Constants of the open chunk's bit stream, shared by encoder and decoder (README.md, "The
// stream").
#ifndef TIDEGATE_STORAGE_CHUNK_STREAM_GRAMMAR_H_
#define TIDEGATE_STORAGE_CHUNK_STREAM_GRAMMAR_H_

#include <cstdint>

namespace tidegate::storage::chunk {

// One symbol per sample, or per run of samples, as a prefix code. "Regular" = the same delta as the
// sample before. A regular sample with the same value is a single 0.
enum class Symbol : uint8_t {
  kInteger = 0b10,      // Regular; integer value code follows.
  kXor = 0b110,         // Regular; XOR value code follows.
  kIrregular = 0b1110,  // Delta of delta, then 2 bits of ValueKind, then its value code.
  kRun = 0b1111,        // kRunBits: this many regular samples with the same value.
};

enum class ValueKind : uint8_t { kSame = 0, kInteger = 1, kXor = 2 };
inline constexpr int kValueKindBits = 2;

inline constexpr int kRunBits = 9;  // Runs are shorter than a chunk (512).
// A shorter run is written as zeros.
inline constexpr int kMinCountedRun = 4 + kRunBits + 1;

// Width of a delta of delta, chosen by 2 bits: jitter of a scrape, a missed scrape, a pause, any.
inline constexpr int kDeltaWidths[4] = {7, 17, 32, 64};

// Integer code: 0 and the difference in the width of the last one; or 1, width - 1, scale and the
// difference in that width. Differences are two's complement.
inline constexpr int kIntegerWidthBits = 6;
inline constexpr int kScaleBits = 3;
inline constexpr int kMaxDecimalScale = 6;  // Tried when a series needs decimals.
// A narrower difference keeps the width unless it would waste more than this.
inline constexpr int kMaxWastedIntegerBits = 6;

// XOR code: 0 and the bits in the last window; or 1, leading zeros, width - 1 and the bits.
inline constexpr int kLeadingZerosBits = 6;
inline constexpr int kSignificantBits = 6;
inline constexpr int kMaxWastedXorBits = 10;

// Bits that two's complement needs for `value`: 1..64.
inline int SignedWidth(int64_t value) {
  return 65 - __builtin_clzll(static_cast<uint64_t>(value ^ (value >> 63)) | 1) -
         (value == 0 || value == -1 ? 1 : 0);
}

}  // namespace tidegate::storage::chunk

#endif  // TIDEGATE_STORAGE_CHUNK_STREAM_GRAMMAR_H_
