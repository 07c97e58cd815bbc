// An open chunk: the newest float samples of one series as an append-only bit stream.
#ifndef TIDEGATE_STORAGE_CHUNK_OPEN_CHUNK_H_
#define TIDEGATE_STORAGE_CHUNK_OPEN_CHUNK_H_

#include <bit>
#include <cstdint>
#include <string>
#include <type_traits>

#include "model/sample.h"
#include "storage/chunk/piece_pool.h"

namespace tidegate::storage::chunk {

// What encoder and decoder both remember of the value stream.
struct ValueCoding {
  uint8_t leading_zeros;     // Window of the last XOR...
  uint8_t significant_bits;  // ...0 = there was none.
  uint8_t integer_bits;      // Width of integer differences; 0 = there was none.
  uint8_t scale;             // Decimal scale of the integers (storage/codec/decimal.h).
};

// State of one series' chunk: one cache line, and all there is while the series is constant. All
// zero bytes are an empty chunk. Samples are strictly ascending by timestamp. Not thread safe.
//
// The stream (in memory only, the format may change with every build; the grammar is in README.md)
// is written through a 64-bit accumulator in words of 32 bits into pieces of 32, 64, then 128
// bytes; each piece starts with the handle of the next one.
class OpenChunk {
 public:
  // A full chunk takes no more, so that looking into a chunk has a bounded cost.
  static constexpr int kMaxSamples = 512;

  // `timestamp` is above last_timestamp(); the chunk is not full.
  void Append(model::TimestampMs timestamp, double value, PiecePool& pool) {
    const uint64_t bits = std::bit_cast<uint64_t>(value);
    const int64_t delta = timestamp - last_timestamp_;
    if (delta == delta_ && bits == last_bits_ && count_ > 1) {  // Nothing new: count it.
      last_timestamp_ = timestamp;
      ++run_;
      ++count_;
      return;
    }
    AppendChange(timestamp, bits, pool);
  }

  int count() const { return count_; }
  bool empty() const { return count_ == 0; }
  bool full() const { return count_ >= kMaxSamples; }
  // Unspecified while empty.
  model::TimestampMs first_timestamp() const { return first_timestamp_; }
  model::TimestampMs last_timestamp() const { return last_timestamp_; }
  uint64_t last_bits() const { return last_bits_; }
  double last_value() const { return std::bit_cast<double>(last_bits_); }
  model::TimeRange range() const {
    return empty() ? model::TimeRange{1, 0} : model::TimeRange{first_timestamp_, last_timestamp_};
  }

  // Appends the stream's bytes to `out`: enough, with a copy of this state, for DecodeChunk.
  void CopyStream(const PiecePool& pool, std::string* out) const;

  // For the owner: an index into data beside the chunk, kept here to share the cache line.
  uint32_t side() const { return side_; }
  void set_side(uint32_t side) { side_ = side; }

 private:
  friend class ChunkDecoder;

  void AppendChange(model::TimestampMs timestamp, uint64_t bits, PiecePool& pool);
  void StartStream(PiecePool& pool);
  void FlushRun(PiecePool& pool);
  void PutDeltaOfDelta(int64_t dod, PiecePool& pool);
  void PutInteger(int64_t difference, int scale, PiecePool& pool);
  void PutXor(uint64_t bits, PiecePool& pool);
  bool FindDecimal(double value, int* scale, int64_t* difference) const;
  void PutValue(bool regular, uint64_t bits, PiecePool& pool);
  void Put(uint64_t bits, int size, PiecePool& pool);
  void Put64(uint64_t bits, int size, PiecePool& pool);
  void FlushWord(PiecePool& pool);

  // No initialisers: chunks live in zeroed memory.
  model::TimestampMs first_timestamp_;
  model::TimestampMs last_timestamp_;
  uint64_t last_bits_;
  int64_t delta_;
  uint64_t accumulator_;  // The low accumulator_bits_ bits are not in a piece yet.
  uint32_t side_;
  PieceHandle head_;
  PieceHandle tail_;
  uint16_t count_;
  uint16_t run_;  // Samples at the end that repeat delta and value and are not in the stream yet.
  ValueCoding coding_;
  uint8_t accumulator_bits_;  // Below 32 between calls.
  uint8_t tail_used_;         // Bytes, with the handle in front.
  uint8_t tail_units_;
  // False while everything is said by the state: one value at regular times.
  bool streaming_ : 1;
  bool last_was_xor_ : 1;  // Then decimals are tried less often.
};

static_assert(sizeof(OpenChunk) == 64, "one cache line per series");
static_assert(std::is_trivial_v<OpenChunk>, "chunks are made by zeroing memory");

}  // namespace tidegate::storage::chunk

#endif  // TIDEGATE_STORAGE_CHUNK_OPEN_CHUNK_H_
