// A fuzz target for replay_test.sh: prints a checksum of all inputs it has seen, and aborts on an
// input that is no seed but one mutation away from one.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

struct Recorder {
  ~Recorder() { std::printf("checksum %llx\n", checksum); }
  unsigned long long checksum = 0xcbf29ce484222325;  // FNV-1a
};

Recorder recorder;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  for (size_t i = 0; i < size; ++i)
    recorder.checksum = (recorder.checksum ^ data[i]) * 0x100000001b3;
  recorder.checksum = (recorder.checksum ^ size) * 0x100000001b3;
  if (size == 4 && std::memcmp(data, "cras", 4) == 0) std::abort();
  return 0;
}
