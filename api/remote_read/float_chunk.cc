#include <algorithm>

#include "api/remote_read/bit_writer.h"
#include "api/remote_read/chunk_encoder.h"

namespace tidegate::api {
namespace {

// Whether the difference of differences fits into so many bits.
bool Fits(int64_t value, int bits) {
  return -((int64_t{1} << (bits - 1)) - 1) <= value && value <= (int64_t{1} << (bits - 1));
}

void WriteDeltaOfDelta(int64_t value, BitWriter* out) {
  if (value == 0) return out->Bit(false);
  if (Fits(value, 14)) {
    out->Bits(0b10, 2);
    return out->Bits(static_cast<uint64_t>(value), 14);
  }
  if (Fits(value, 17)) {
    out->Bits(0b110, 3);
    return out->Bits(static_cast<uint64_t>(value), 17);
  }
  if (Fits(value, 20)) {
    out->Bits(0b1110, 4);
    return out->Bits(static_cast<uint64_t>(value), 20);
  }
  out->Bits(0b1111, 4);
  out->Bits(static_cast<uint64_t>(value), 64);
}

EncodedChunk EncodeOne(std::span<const model::TimestampMs> timestamps,
                       std::span<const double> values) {
  EncodedChunk chunk;
  chunk.range = {timestamps.front(), timestamps.back()};
  BitWriter out(&chunk.data);
  out.Bits(timestamps.size(), 16);
  XorColumn column;
  int64_t delta = 0;
  for (size_t i = 0; i < timestamps.size(); ++i) {
    if (i == 0) {
      out.Signed(timestamps[0]);
      column.First(values[0], &out);
      continue;
    }
    const int64_t next = timestamps[i] - timestamps[i - 1];
    if (i == 1) {
      out.Unsigned(static_cast<uint64_t>(next));
    } else {
      WriteDeltaOfDelta(next - delta, &out);
    }
    delta = next;
    column.Next(values[i], &out);
  }
  return chunk;
}

}  // namespace

std::vector<EncodedChunk> EncodeFloats(std::span<const model::TimestampMs> timestamps,
                                       std::span<const double> values) {
  std::vector<EncodedChunk> chunks;
  for (size_t begin = 0; begin < timestamps.size(); begin += kSamplesPerChunk) {
    const size_t count = std::min(kSamplesPerChunk, timestamps.size() - begin);
    chunks.push_back(EncodeOne(timestamps.subspan(begin, count), values.subspan(begin, count)));
  }
  return chunks;
}

}  // namespace tidegate::api
