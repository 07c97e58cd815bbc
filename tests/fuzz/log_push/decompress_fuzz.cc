// Compressed bodies of every kind within a bound: never more than the bound comes out or is asked
// for.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ingest/decode/decompress.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate::ingest;
  constexpr size_t kMax = 1 << 20;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const BodyCompression compression : {BodyCompression::kGzip, BodyCompression::kDeflate,
                                            BodyCompression::kZstd, BodyCompression::kLz4}) {
    ByteBuffer buffer;
    size_t charged = 0;
    const auto result = Decompress(
        compression, body, kMax,
        [&](size_t bytes) {
          charged += bytes;
          return absl::OkStatus();
        },
        &buffer);
    if (charged > kMax + 1) std::abort();
    if (result.ok() && result->size() > kMax) std::abort();
  }
  return 0;
}
