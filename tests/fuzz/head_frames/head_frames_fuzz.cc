// Any bytes as frames of the log: decoding never crashes, what decodes survives another round trip,
// and a head that replays it keeps answering. Frames are separated by their length in two bytes, so
// that one input can define a series in one frame and use it in the next.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "model/request_context.h"
#include "storage/head.h"
#include "storage/head/log_record.h"
#include "storage/log/fake_log.h"

namespace tidegate::storage {
namespace {

class SampleCounter final : public Sink<SelectedSeries> {
 public:
  absl::Status Add(SelectedSeries item) override {
    if (item.columns.timestamps->size() != item.columns.values.size()) std::abort();
    samples += item.columns.values.size() + item.columns.histograms.size();
    return absl::OkStatus();
  }
  uint64_t samples = 0;
};

void CheckRoundTrip(std::string_view frame) {
  head::LogRecord record;
  if (!head::DecodeLogRecord(frame, &record).ok()) return;
  std::string encoded;
  head::EncodeLogRecord(record, &encoded);
  head::LogRecord again;
  if (!head::DecodeLogRecord(encoded, &again).ok()) std::abort();
  if (again.samples.size() != record.samples.size() ||
      again.definitions.size() != record.definitions.size() ||
      again.entries.size() != record.entries.size()) {
    std::abort();
  }
  std::string encoded_again;
  head::EncodeLogRecord(again, &encoded_again);
  if (encoded_again != encoded) std::abort();
}

void ReplayFrames(std::string_view input) {
  FakeLog log;
  std::unique_ptr<Head> head = CreateHead({}, &log);
  while (input.size() >= 2) {
    const size_t size = std::min<size_t>(
        static_cast<uint8_t>(input[0]) + 256 * static_cast<uint8_t>(input[1]), input.size() - 2);
    const std::string_view frame = input.substr(2, size);
    CheckRoundTrip(frame);
    (void)head->Replay({}, frame);
    input.remove_prefix(2 + size);
  }
  uint64_t samples = 0;
  for (const std::string& tenant : head->Tenants()) {
    model::RequestContext context;
    context.tenant = tenant;
    SampleCounter counter;
    if (!head->Select(context, {}, counter).ok()) std::abort();
    samples += counter.samples;
  }
  if (samples != head->Stats("").samples) std::abort();
  auto cut = head->Cut();
  if (!cut.ok()) std::abort();
  head->Release(**cut);
}

}  // namespace
}  // namespace tidegate::storage

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tidegate::storage::ReplayFrames({reinterpret_cast<const char*>(data), size});
  return 0;
}
