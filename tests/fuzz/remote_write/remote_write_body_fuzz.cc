// A compressed body as it arrives: bounded decompression, then the decoder. Neither may crash, nor
// take more memory than the bound that was given.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ingest/decode/byte_buffer.h"
#include "ingest/decode/decoded_push.h"
#include "ingest/decode/remote_write.h"
#include "ingest/decode/snappy_block.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate::ingest;
  constexpr size_t kMaxBytes = 1 << 20;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto declared = DecompressedSize(body, kMaxBytes);
  if (!declared.ok()) return 0;
  if (*declared > kMaxBytes) std::abort();
  ByteBuffer buffer;
  const auto message = DecompressSnappyBlock(body, *declared, &buffer);
  if (!message.ok()) return 0;
  if (message->size() != *declared || buffer.capacity() > kMaxBytes) std::abort();
  DecodedPush push;
  if (!DecodeRemoteWrite(*message, &push).ok()) return 0;
  if (push.batch.timestamps.size() > message->size()) std::abort();
  return 0;
}
