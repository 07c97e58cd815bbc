// Series as JSON lines.

#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/decode/decompress.h"
#include "ingest/decode/json_lines/json_lines.h"
#include "tests/fuzz/metric_push/decoded_batch.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate;  // NOLINT
  std::string padded(reinterpret_cast<const char*>(data), size);
  padded.append(ingest::kReadableBehind, ' ');
  ingest::DecodedPush push;
  const std::string_view body = std::string_view(padded).substr(0, size);
  if (ingest::DecodeJsonLines(body, 1 << 20, &push).ok()) ingest::CheckDecodedBatch(push);
  return 0;
}
