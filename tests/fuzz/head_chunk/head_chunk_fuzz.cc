// Open chunks: any samples come back bit for bit, and any bytes in place of the stream are decoded
// into as many samples as the chunk has, without a crash.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "model/sample.h"
#include "storage/chunk/chunk_decoder.h"
#include "storage/chunk/open_chunk.h"
#include "storage/chunk/piece_pool.h"

namespace tidegate::storage::chunk {
namespace {

// Small choices out of the front of the input; zeros when it has run out.
class Choices {
 public:
  explicit Choices(std::string_view input) : input_(input) {}
  bool empty() const { return input_.empty(); }
  std::string_view rest() const { return input_; }
  uint64_t Next(size_t bytes) {
    uint64_t value = 0;
    bytes = std::min(bytes, input_.size());
    if (bytes > 0) std::memcpy(&value, input_.data(), bytes);
    input_.remove_prefix(bytes);
    return value;
  }

 private:
  std::string_view input_;
};

struct Samples {
  std::vector<model::TimestampMs> timestamps;
  std::vector<double> values;
};

// One sample per step: a byte chooses how time and value go on.
Samples MakeSamples(Choices* choices) {
  Samples samples;
  model::TimestampMs time = static_cast<model::TimestampMs>(choices->Next(6));
  double value = 0;
  model::TimestampMs step = 15'000;
  while (!choices->empty() && samples.values.size() < OpenChunk::kMaxSamples) {
    const uint64_t choice = choices->Next(1);
    if ((choice & 1) != 0) step = 1 + static_cast<model::TimestampMs>(choices->Next(choice >> 5));
    switch (choice >> 1 & 3) {
      case 0:
        break;
      case 1:
        value += static_cast<double>(static_cast<int8_t>(choices->Next(1)));
        break;
      case 2:
        value = static_cast<double>(choices->Next(4)) / 100;
        break;
      default:
        value = std::bit_cast<double>(choices->Next(8));
    }
    samples.timestamps.push_back(time);
    samples.values.push_back(value);
    time += step;
  }
  return samples;
}

void Check(std::string_view input) {
  Choices choices(input);
  const Samples samples = MakeSamples(&choices);
  PiecePool pool;
  OpenChunk chunk = {};
  for (size_t i = 0; i < samples.values.size(); ++i) {
    chunk.Append(samples.timestamps[i], samples.values[i], pool);
  }
  std::string stream;
  chunk.CopyStream(pool, &stream);
  Samples decoded;
  DecodeChunk(chunk, stream, &decoded.timestamps, &decoded.values);
  if (decoded.timestamps != samples.timestamps) std::abort();
  for (size_t i = 0; i < samples.values.size(); ++i) {
    if (!model::SameBits(decoded.values[i], samples.values[i])) std::abort();
  }

  Samples foreign;
  DecodeChunk(chunk, input, &foreign.timestamps, &foreign.values);
  if (foreign.values.size() != samples.values.size()) std::abort();
}

}  // namespace
}  // namespace tidegate::storage::chunk

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tidegate::storage::chunk::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
