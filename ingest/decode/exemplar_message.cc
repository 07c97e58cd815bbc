#include "ingest/decode/exemplar_message.h"

#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "ingest/decode/label_message.h"
#include "model/labels.h"

namespace tidegate::ingest {
namespace {

constexpr uint32_t kLabels = WireTag(1, WireType::kBytes);
constexpr uint32_t kValue = WireTag(2, WireType::kFixed64);
constexpr uint32_t kTimestamp = WireTag(3, WireType::kVarint);

bool AppendLabel(WireCursor& in, std::string* label_bytes) {
  WireCursor message = in;
  model::Label label;
  if (!in.ReadMessage(&message) || !ReadLabelMessage(message, &label)) return false;
  model::AppendLabelBytes(label.name, label.value, label_bytes);
  return true;
}

bool ReadField(WireCursor& in, uint32_t tag, std::string* label_bytes, model::Exemplar* exemplar) {
  switch (tag) {
    case kLabels:
      return AppendLabel(in, label_bytes);
    case kValue:
      return in.ReadDouble(&exemplar->value);
    case kTimestamp: {
      uint64_t timestamp = 0;
      if (!in.ReadVarint(&timestamp)) return false;
      exemplar->timestamp = static_cast<model::TimestampMs>(timestamp);
      return true;
    }
    default:
      return in.SkipField(tag);
  }
}

}  // namespace

ExemplarOutcome ReadExemplarMessage(WireCursor message, std::string* scratch,
                                    model::Exemplar* exemplar) {
  scratch->clear();
  while (!message.done()) {
    uint32_t tag = 0;
    if (!message.ReadTag(&tag) || !ReadField(message, tag, scratch, exemplar)) {
      return ExemplarOutcome::kMalformed;
    }
  }
  absl::StatusOr<model::Labels> labels = model::CanonicalLabels(*scratch);
  if (!labels.ok()) return ExemplarOutcome::kInvalidLabels;
  exemplar->labels = *std::move(labels);
  return ExemplarOutcome::kRead;
}

}  // namespace tidegate::ingest
