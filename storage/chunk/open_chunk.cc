#include "storage/chunk/open_chunk.h"

#include <algorithm>
#include <cstring>

#include "storage/chunk/stream_grammar.h"
#include "storage/codec/decimal.h"

namespace tidegate::storage::chunk {
namespace {

constexpr size_t kHandleBytes = sizeof(PieceHandle);
constexpr size_t kWordBytes = sizeof(uint32_t);

uint64_t LowBits(uint64_t bits, int size) {
  return size == 64 ? bits : bits & ((uint64_t{1} << size) - 1);
}

void StoreWord(uint32_t word, uint8_t* to) {
  word = __builtin_bswap32(word);
  std::memcpy(to, &word, kWordBytes);
}

}  // namespace

void OpenChunk::AppendChange(model::TimestampMs timestamp, uint64_t bits, PiecePool& pool) {
  if (count_ == 0) {
    first_timestamp_ = timestamp;
    last_timestamp_ = timestamp;
    last_bits_ = bits;
    count_ = 1;
    return;
  }
  const int64_t delta = timestamp - last_timestamp_;
  if (count_ == 1 && bits == last_bits_) {  // The state still says it all.
    last_timestamp_ = timestamp;
    delta_ = delta;
    count_ = 2;
    return;
  }
  if (!streaming_) StartStream(pool);
  FlushRun(pool);
  const bool regular = delta == delta_;
  if (!regular) {
    Put(static_cast<uint64_t>(Symbol::kIrregular), 4, pool);
    // Subtracted as unsigned: between the bounds of model/sample.h it never wraps, elsewhere it
    // does so without harm.
    PutDeltaOfDelta(
        static_cast<int64_t>(static_cast<uint64_t>(delta) - static_cast<uint64_t>(delta_)), pool);
    delta_ = delta;
  }
  PutValue(regular, bits, pool);
  last_timestamp_ = timestamp;
  last_bits_ = bits;
  ++count_;
}

// The state alone described a constant, regular series so far: write its beginning down.
void OpenChunk::StartStream(PiecePool& pool) {
  streaming_ = true;
  Put64(last_bits_, 64, pool);
  if (count_ < 2) return;
  Put(static_cast<uint64_t>(Symbol::kIrregular), 4, pool);
  PutDeltaOfDelta(delta_, pool);
  Put(static_cast<uint64_t>(ValueKind::kSame), kValueKindBits, pool);
}

void OpenChunk::FlushRun(PiecePool& pool) {
  if (run_ >= kMinCountedRun) {
    Put(static_cast<uint64_t>(Symbol::kRun) << kRunBits | run_, 4 + kRunBits, pool);
  } else if (run_ > 0) {
    Put(0, run_, pool);
  }
  run_ = 0;
}

void OpenChunk::PutDeltaOfDelta(int64_t dod, PiecePool& pool) {
  const int width = SignedWidth(dod);
  int width_class = 0;
  while (kDeltaWidths[width_class] < width) ++width_class;
  Put(static_cast<uint64_t>(width_class), 2, pool);
  Put64(static_cast<uint64_t>(dod), kDeltaWidths[width_class], pool);
}

void OpenChunk::PutValue(bool regular, uint64_t bits, PiecePool& pool) {
  if (bits == last_bits_) {  // Only irregular samples come here with the same value.
    Put(static_cast<uint64_t>(ValueKind::kSame), kValueKindBits, pool);
    return;
  }
  int scale;
  int64_t difference;
  if (FindDecimal(std::bit_cast<double>(bits), &scale, &difference)) {
    if (regular) {
      Put(static_cast<uint64_t>(Symbol::kInteger), 2, pool);
    } else {
      Put(static_cast<uint64_t>(ValueKind::kInteger), kValueKindBits, pool);
    }
    PutInteger(difference, scale, pool);
    last_was_xor_ = false;
    return;
  }
  if (regular) {
    Put(static_cast<uint64_t>(Symbol::kXor), 3, pool);
  } else {
    Put(static_cast<uint64_t>(ValueKind::kXor), kValueKindBits, pool);
  }
  PutXor(bits ^ last_bits_, pool);
  last_was_xor_ = true;
}

// Finds a scale at which the last value and this one are integers. The current scale comes first;
// the others are tried when a series leaves it and then only now and again: true doubles fit none.
bool OpenChunk::FindDecimal(double value, int* scale, int64_t* difference) const {
  int64_t to;
  int64_t from;
  const auto fits = [&](int at) {
    if (!ToDecimal(value, at, &to) || !ToDecimal(last_value(), at, &from)) return false;
    *scale = at;
    *difference = to - from;  // Both below 2^53.
    return true;
  };
  if (fits(coding_.scale)) return true;
  if (last_was_xor_ && count_ % 8 != 0) return false;
  for (int at = 0; at <= kMaxDecimalScale; ++at) {
    if (at != coding_.scale && fits(at)) return true;
  }
  return false;
}

void OpenChunk::PutInteger(int64_t difference, int scale, PiecePool& pool) {
  const int width = SignedWidth(difference);
  if (scale == coding_.scale && width <= coding_.integer_bits &&
      width + kMaxWastedIntegerBits >= coding_.integer_bits) {
    Put64(LowBits(static_cast<uint64_t>(difference), coding_.integer_bits),
          coding_.integer_bits + 1, pool);
    return;
  }
  Put(uint64_t{1} << (kIntegerWidthBits + kScaleBits) |
          static_cast<uint64_t>(width - 1) << kScaleBits | static_cast<uint64_t>(scale),
      1 + kIntegerWidthBits + kScaleBits, pool);
  Put64(static_cast<uint64_t>(difference), width, pool);
  coding_.integer_bits = static_cast<uint8_t>(width);
  coding_.scale = static_cast<uint8_t>(scale);
}

void OpenChunk::PutXor(uint64_t bits, PiecePool& pool) {
  const int leading = __builtin_clzll(bits);
  const int trailing = __builtin_ctzll(bits);
  const int window_trailing = 64 - coding_.leading_zeros - coding_.significant_bits;
  const int width = 64 - leading - trailing;
  if (coding_.significant_bits != 0 && leading >= coding_.leading_zeros &&
      trailing >= window_trailing && width + kMaxWastedXorBits >= coding_.significant_bits) {
    Put(0, 1, pool);
    Put64(bits >> window_trailing, coding_.significant_bits, pool);
    return;
  }
  Put(uint64_t{1} << (kLeadingZerosBits + kSignificantBits) |
          static_cast<uint64_t>(leading) << kSignificantBits | static_cast<uint64_t>(width - 1),
      1 + kLeadingZerosBits + kSignificantBits, pool);
  Put64(bits >> trailing, width, pool);
  coding_.leading_zeros = static_cast<uint8_t>(leading);
  coding_.significant_bits = static_cast<uint8_t>(width);
}

// `size` is 1..32; higher bits of `bits` are ignored.
void OpenChunk::Put(uint64_t bits, int size, PiecePool& pool) {
  accumulator_ = accumulator_ << size | LowBits(bits, size);
  accumulator_bits_ = static_cast<uint8_t>(accumulator_bits_ + size);
  if (accumulator_bits_ >= 32) FlushWord(pool);
}

// `size` is 1..64; higher bits of `bits` are ignored.
void OpenChunk::Put64(uint64_t bits, int size, PiecePool& pool) {
  if (size > 32) {
    Put(bits >> 32, size - 32, pool);
    size = 32;
  }
  Put(bits, size, pool);
}

void OpenChunk::FlushWord(PiecePool& pool) {
  if (tail_used_ + kWordBytes > tail_units_ * PiecePool::kUnitBytes || tail_ == 0) {
    const size_t bytes =
        tail_ == 0 ? PiecePool::kUnitBytes
                   : std::min(2 * tail_units_ * PiecePool::kUnitBytes, PiecePool::kMaxPieceBytes);
    const PieceHandle piece = pool.Allocate(bytes);
    std::memset(pool.At(piece), 0, kHandleBytes);
    if (tail_ == 0) {
      head_ = piece;
    } else {
      std::memcpy(pool.At(tail_), &piece, kHandleBytes);
    }
    tail_ = piece;
    tail_units_ = static_cast<uint8_t>(bytes / PiecePool::kUnitBytes);
    tail_used_ = kHandleBytes;
  }
  accumulator_bits_ = static_cast<uint8_t>(accumulator_bits_ - 32);
  StoreWord(static_cast<uint32_t>(accumulator_ >> accumulator_bits_), pool.At(tail_) + tail_used_);
  tail_used_ = static_cast<uint8_t>(tail_used_ + kWordBytes);
}

void OpenChunk::CopyStream(const PiecePool& pool, std::string* out) const {
  size_t bytes = PiecePool::kUnitBytes;  // The size of a piece follows from its place in the list.
  for (PieceHandle piece = head_; piece != 0;) {
    const uint8_t* data = pool.At(piece);
    const size_t used = piece == tail_ ? tail_used_ : bytes;
    out->append(reinterpret_cast<const char*>(data + kHandleBytes), used - kHandleBytes);
    std::memcpy(&piece, data, kHandleBytes);
    bytes = std::min(2 * bytes, PiecePool::kMaxPieceBytes);
  }
  if (accumulator_bits_ == 0) return;
  uint8_t word[kWordBytes];
  StoreWord(static_cast<uint32_t>(accumulator_ << (32 - accumulator_bits_)), word);
  out->append(reinterpret_cast<const char*>(word), kWordBytes);
}

}  // namespace tidegate::storage::chunk
