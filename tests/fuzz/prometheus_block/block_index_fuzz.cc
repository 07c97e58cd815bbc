// An index whose table of contents checks: offsets in the first 48 bytes of the input, the rest is
// the file between header and table. Checksums of symbols and series are as the input has them.

#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/prometheus_block/block_index.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate;  // NOLINT
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto read = [](std::string_view file) {
    const auto index = ingest::BlockIndex::Open(file);
    if (!index.ok()) return;
    (void)index->ForEachSeries([](const ingest::BlockSeries&, double) { return absl::OkStatus(); });
  };
  read(input);
  if (size < 49) return 0;
  std::string file("\xBA\xAA\xD7\x00", 4);
  file.push_back(static_cast<char>(1 + input[48] % 2));
  file.append(input.substr(49));
  const std::string_view toc = input.substr(0, 48);
  const uint32_t checksum = ingest::BlockChecksum(toc);
  file.append(toc);
  for (int shift = 24; shift >= 0; shift -= 8) file.push_back(static_cast<char>(checksum >> shift));
  read(file);
  return 0;
}
