// The first byte is the encoding, the rest the chunk. What is read is encoded and read again.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "api/remote_read/chunk_encoder.h"
#include "ingest/prometheus_block/chunk_reader.h"

namespace {

using tidegate::ingest::BlockChunkEncoding;
using tidegate::ingest::ChunkSamples;
using tidegate::ingest::ReadChunk;

ChunkSamples Again(const ChunkSamples& samples) {
  ChunkSamples again;
  for (const auto& chunk : tidegate::api::EncodeFloats(samples.timestamps, samples.values)) {
    if (!ReadChunk(BlockChunkEncoding::kXor, chunk.data, &again).ok()) std::abort();
  }
  for (const auto& chunk : tidegate::api::EncodeHistograms(samples.histograms)) {
    const auto encoding = static_cast<BlockChunkEncoding>(chunk.encoding);
    if (!ReadChunk(encoding, chunk.data, &again).ok()) std::abort();
  }
  return again;
}

// What the encoder is made for.
bool IsSeries(const ChunkSamples& samples) {
  constexpr int64_t kBound = int64_t{1} << 60;
  const auto fits = [](int64_t before, int64_t time) { return before < time && time < kBound; };
  int64_t before = -kBound;
  for (const int64_t time : samples.timestamps) {
    if (!fits(before, time)) return false;
    before = time;
  }
  before = -kBound;
  for (const auto& sample : samples.histograms) {
    if (!fits(before, sample.timestamp) || tidegate::model::IsStale(sample.histogram)) return false;
    before = sample.timestamp;
  }
  return true;
}

void Compare(const ChunkSamples& a, const ChunkSamples& b) {
  if (a.timestamps != b.timestamps || a.values.size() != b.values.size() ||
      a.histograms.size() != b.histograms.size()) {
    std::abort();
  }
  for (size_t i = 0; i < a.values.size(); ++i) {
    if (!tidegate::model::SameBits(a.values[i], b.values[i])) std::abort();
  }
  for (size_t i = 0; i < a.histograms.size(); ++i) {
    if (a.histograms[i].timestamp != b.histograms[i].timestamp) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  ChunkSamples samples;
  const std::string_view chunk(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto encoding = static_cast<BlockChunkEncoding>(1 + data[0] % 3);
  (void)ReadChunk(encoding, chunk, &samples);
  if (IsSeries(samples)) Compare(samples, Again(samples));
  return 0;
}
