// What targets expose: the first byte of the input chooses the format, the rest is the body.

#include <cstdint>
#include <string_view>

#include "ingest/decode/exposition/exposition_push.h"
#include "tests/fuzz/metric_push/decoded_batch.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate;  // NOLINT
  if (size == 0) return 0;
  const std::vector<std::pair<std::string, std::string>> labels = {{"job", "j"}, {"x", ""}};
  ingest::ExpositionRules rules;
  rules.kind = static_cast<ingest::ExpositionKind>(data[0] % 3);
  rules.now = 1;
  rules.labels = &labels;
  rules.max_label_bytes = 1 << 20;
  ingest::DecodedPush push;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (ingest::DecodeExposition(body, rules, &push).ok()) ingest::CheckDecodedBatch(push);
  return 0;
}
