// Texts of streams and lines: labels that were read are written and read again as the same; the
// level of a line does not depend on where the line lies, and is the same for a copy.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/admit/logs/level_detection.h"
#include "ingest/admit/logs/stream_checks.h"
#include "ingest/decode/loki/stream_labels.h"
#include "ingest/decode/loki/structured_metadata.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate;
  // Of exactly this size, so that a byte read behind it is found.
  const std::unique_ptr<char[]> copy(new char[size]);
  for (size_t i = 0; i < size; ++i) copy[i] = static_cast<char>(data[i]);
  const std::string_view text(copy.get(), size);

  ingest::ByteArena arena;
  std::vector<model::Label> labels;
  if (ingest::ParseStreamLabels(text, &arena, &labels).ok()) {
    bool plain = true;
    for (const model::Label& label : labels) {
      plain = plain && ingest::NormalizedName(label.name, &arena) == label.name;
    }
    std::vector<model::Label> again;
    const std::string printed = ingest::StreamText(labels);
    if (plain && (!ingest::ParseStreamLabels(printed, &arena, &again).ok() || again != labels)) {
      std::abort();
    }
  }
  const std::string moved = "\n" + std::string(text);
  if (ingest::DetectLevel(text) != ingest::DetectLevel(std::string(text))) std::abort();
  ingest::DetectLevel(moved);
  const std::string_view name = ingest::NormalizedName(text, &arena);
  if (ingest::NormalizedName(name, &arena) != name) std::abort();
  const std::string_view valid = ingest::ValidText(text, &arena);
  if (!model::IsValidUtf8(valid)) std::abort();
  return 0;
}
