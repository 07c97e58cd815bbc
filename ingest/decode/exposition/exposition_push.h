// Prometheus text, OpenMetrics and protobuf exposition as a push.
#ifndef TIDEGATE_INGEST_DECODE_EXPOSITION_EXPOSITION_PUSH_H_
#define TIDEGATE_INGEST_DECODE_EXPOSITION_EXPOSITION_PUSH_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "ingest/decode/decoded_push.h"
#include "model/sample.h"

namespace tidegate::ingest {

enum class ExpositionKind : uint8_t { kText, kOpenMetrics, kProtobuf };

struct ExpositionRules {
  ExpositionKind kind = ExpositionKind::kText;
  model::TimestampMs now = 0;  // For samples without a time of their own.
  // Set on every series, in the place of what it says itself; an empty value removes a label.
  const std::vector<std::pair<std::string, std::string>>* labels = nullptr;
  size_t max_label_bytes = 0;  // Of all series together; 0 = any.
};

// Fills `push`, which must be clear. InvalidArgument names the line or the family: the exposition
// counts as a whole, as in Prometheus. OutOfRange beyond max_label_bytes.
absl::Status DecodeExposition(std::string_view body, const ExpositionRules& rules,
                              DecodedPush* push);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_EXPOSITION_EXPOSITION_PUSH_H_
