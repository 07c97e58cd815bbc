// Loki's two JSON pushes: whatever arrives, views stay inside the body or the push, and metadata is
// canonical.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ingest/decode/decoded_push.h"
#include "ingest/decode/decompress.h"
#include "ingest/decode/loki/loki_json.h"
#include "model/labels.h"

namespace {

// Reading every byte is what counts.
volatile size_t g_sum = 0;

void Check(const tidegate::ingest::DecodedPush& push) {
  size_t sum = 0;
  for (const auto& entry : push.batch.entries) {
    for (const char c : entry.line) sum += static_cast<uint8_t>(c);
    if (!tidegate::model::CheckLabelBytes(entry.structured_metadata).ok()) std::abort();
  }
  for (const auto& series : push.batch.series) {
    if (series.entries_end > push.batch.entries.size()) std::abort();
    for (const auto& label : tidegate::model::LabelsView(series.label_bytes)) {
      sum += label.name.size();
    }
  }
  g_sum = sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate::ingest;
  std::string body(reinterpret_cast<const char*>(data), size);
  body.append(kReadableBehind, '\0');
  const std::string_view json = std::string_view(body).substr(0, size);
  DecodedPush push;
  if (DecodeLokiJson(json, &push).ok()) Check(push);
  push.Clear();
  if (DecodeLegacyLokiJson(json, &push).ok()) Check(push);
  return 0;
}
