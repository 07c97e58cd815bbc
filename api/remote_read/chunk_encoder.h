// Samples in Prometheus' chunk encodings, for the streamed answer of remote read.
#ifndef TIDEGATE_API_REMOTE_READ_CHUNK_ENCODER_H_
#define TIDEGATE_API_REMOTE_READ_CHUNK_ENCODER_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/histogram.h"
#include "model/sample.h"

namespace tidegate::api {

// Values are those of prompb.Chunk.Encoding.
enum class ChunkEncoding : uint8_t { kXor = 1, kHistogram = 2, kFloatHistogram = 3 };

struct EncodedChunk {
  ChunkEncoding encoding = ChunkEncoding::kXor;
  model::TimeRange range;  // Of the samples inside.
  std::string data;
};

// As many samples as Prometheus puts into one chunk.
inline constexpr size_t kSamplesPerChunk = 120;

// Columns of equal length, ascending by time.
std::vector<EncodedChunk> EncodeFloats(std::span<const model::TimestampMs> timestamps,
                                       std::span<const double> values);

// Ascending by time. A chunk ends where the kind, the bucket layout or the reset hint asks for it,
// or where a count falls: a reader takes all but the first histogram of a chunk for "no reset".
std::vector<EncodedChunk> EncodeHistograms(std::span<const model::HistogramSample> samples);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_REMOTE_READ_CHUNK_ENCODER_H_
