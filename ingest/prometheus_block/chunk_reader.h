// Chunks of Prometheus' TSDB (prometheus/tsdb/chunkenc) as samples.
#ifndef TIDEGATE_INGEST_PROMETHEUS_BLOCK_CHUNK_READER_H_
#define TIDEGATE_INGEST_PROMETHEUS_BLOCK_CHUNK_READER_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "model/histogram.h"
#include "model/sample.h"

namespace tidegate::ingest {

// Values are those of the format.
enum class BlockChunkEncoding : uint8_t { kXor = 1, kHistogram = 2, kFloatHistogram = 3 };

struct ChunkSamples {
  std::vector<model::TimestampMs> timestamps;  // Of floats; parallel to values.
  std::vector<double> values;
  std::vector<model::HistogramSample> histograms;

  void Clear() {
    timestamps.clear();
    values.clear();
    histograms.clear();
  }
};

// Appends the samples of a chunk. DataLoss when its bytes end early or mean nothing; `samples` has
// the points before that. Never allocates more than a small multiple of the bytes.
absl::Status ReadChunk(BlockChunkEncoding encoding, std::string_view bytes, ChunkSamples* samples);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_PROMETHEUS_BLOCK_CHUNK_READER_H_
