#include "storage/chunk/chunk_decoder.h"

#include <algorithm>
#include <bit>
#include <span>

#include "storage/chunk/bit_reader.h"
#include "storage/chunk/stream_grammar.h"
#include "storage/codec/decimal.h"

namespace tidegate::storage::chunk {

// Mirrors OpenChunk's encoder, symbol by symbol.
class ChunkDecoder {
 public:
  ChunkDecoder(const OpenChunk& chunk, std::string_view stream, std::span<model::TimestampMs> times,
               std::span<double> values)
      : chunk_(chunk), reader_(stream), times_(times), values_(values) {}

  void Decode() {
    time_ = static_cast<uint64_t>(chunk_.first_timestamp_);
    if (!chunk_.streaming_) {
      bits_ = chunk_.last_bits_;
      Emit();
      delta_ = static_cast<uint64_t>(chunk_.delta_);
      Repeat(times_.size());
      return;
    }
    bits_ = reader_.Read(64);
    Emit();
    const size_t streamed = times_.size() - std::min<size_t>(chunk_.run_, times_.size());
    while (at_ < streamed) DecodeSymbol(streamed);
    Repeat(times_.size());
  }

 private:
  void Emit() {
    times_[at_] = static_cast<model::TimestampMs>(time_);
    values_[at_] = std::bit_cast<double>(bits_);
    ++at_;
  }

  // Repeats delta and value up to `end`.
  void Repeat(size_t end) {
    const double value = std::bit_cast<double>(bits_);
    uint64_t time = time_;
    for (size_t i = at_; i < end; ++i) {
      time += delta_;
      times_[i] = static_cast<model::TimestampMs>(time);
      values_[i] = value;
    }
    time_ = time;
    at_ = std::max(at_, end);
  }

  void DecodeSymbol(size_t end) {
    const uint64_t next = reader_.Peek();
    const int zeros = std::countl_zero(next);
    if (zeros > 0) {
      // A sentinel-free run of zeros: only the bits that Peek vouches for.
      const size_t run = std::min<size_t>(
          {static_cast<size_t>(zeros), static_cast<size_t>(BitReader::kPeekBits), end - at_});
      reader_.Skip(static_cast<int>(run));
      Repeat(at_ + run);
      return;
    }
    switch (std::countl_one(next)) {
      case 1:
        reader_.Skip(2);
        ReadInteger();
        break;
      case 2:
        reader_.Skip(3);
        ReadXor();
        break;
      case 3:
        reader_.Skip(4);
        ReadIrregular();
        break;
      default:
        reader_.Skip(4);
        Repeat(std::min(end, at_ + static_cast<size_t>(reader_.Read(kRunBits))));
        return;
    }
    time_ += delta_;
    Emit();
  }

  void ReadIrregular() {
    const int width = kDeltaWidths[reader_.Read(2)];
    delta_ += static_cast<uint64_t>(reader_.ReadSigned(width));
    switch (static_cast<ValueKind>(reader_.Read(kValueKindBits))) {
      case ValueKind::kInteger:
        ReadInteger();
        break;
      case ValueKind::kXor:
        ReadXor();
        break;
      case ValueKind::kSame:
        break;
    }
  }

  void ReadInteger() {
    const uint64_t next = reader_.Peek();
    int64_t difference;
    if (next >> 63 == 0 && coding_.integer_bits > 0) {
      reader_.Skip(1);
      difference = reader_.ReadSigned(coding_.integer_bits);
    } else {
      reader_.Skip(1);
      coding_.integer_bits = static_cast<uint8_t>(reader_.Read(kIntegerWidthBits) + 1);
      const uint8_t scale =
          static_cast<uint8_t>(std::min<uint64_t>(reader_.Read(kScaleBits), kMaxDecimalScale));
      difference = reader_.ReadSigned(coding_.integer_bits);
      if (scale != coding_.scale) have_integer_ = false;
      coding_.scale = scale;
    }
    if (!have_integer_ && !ToDecimal(std::bit_cast<double>(bits_), coding_.scale, &integer_)) {
      integer_ = 0;  // Only foreign bytes come here.
    }
    integer_ =
        static_cast<int64_t>(static_cast<uint64_t>(integer_) + static_cast<uint64_t>(difference));
    have_integer_ = true;
    bits_ = std::bit_cast<uint64_t>(FromDecimal(integer_, coding_.scale));
  }

  void ReadXor() {
    const bool new_window = reader_.Read(1) != 0;
    if (new_window) {
      coding_.leading_zeros = static_cast<uint8_t>(reader_.Read(kLeadingZerosBits));
      coding_.significant_bits = static_cast<uint8_t>(std::min<int>(
          static_cast<int>(reader_.Read(kSignificantBits)) + 1, 64 - coding_.leading_zeros));
    }
    have_integer_ = false;
    if (coding_.significant_bits == 0) return;  // Only foreign bytes come here.
    bits_ ^= reader_.Read(coding_.significant_bits)
             << (64 - coding_.leading_zeros - coding_.significant_bits);
  }

  const OpenChunk& chunk_;
  BitReader reader_;
  std::span<model::TimestampMs> times_;
  std::span<double> values_;
  size_t at_ = 0;
  uint64_t time_ = 0;  // Of the last sample; unsigned, so that foreign bytes may wrap it.
  uint64_t delta_ = 0;
  uint64_t bits_ = 0;
  ValueCoding coding_ = {};
  int64_t integer_ = 0;  // The last value at coding_.scale, while have_integer_.
  bool have_integer_ = false;
};

void DecodeChunk(const OpenChunk& chunk, std::string_view stream,
                 std::vector<model::TimestampMs>* timestamps, std::vector<double>* values) {
  if (chunk.empty()) return;
  const size_t count = static_cast<size_t>(chunk.count());
  const size_t begin = timestamps->size();
  timestamps->resize(begin + count);
  values->resize(values->size() + count);
  ChunkDecoder(chunk, stream, std::span(*timestamps).subspan(begin),
               std::span(*values).subspan(values->size() - count))
      .Decode();
}

}  // namespace tidegate::storage::chunk
