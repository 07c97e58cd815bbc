#include "ingest/decode/metadata_message.h"

#include <string>
#include <string_view>

namespace tidegate::ingest {
namespace {

constexpr uint32_t kType = WireTag(1, WireType::kVarint);
constexpr uint32_t kMetricFamilyName = WireTag(2, WireType::kBytes);
constexpr uint32_t kHelp = WireTag(4, WireType::kBytes);
constexpr uint32_t kUnit = WireTag(5, WireType::kBytes);

bool ReadType(WireCursor& in, model::MetricType* type) {
  uint64_t value = 0;
  if (!in.ReadVarint(&value)) return false;
  const uint32_t number = static_cast<uint32_t>(value);  // Enums are cut to 32 bits.
  *type = number <= static_cast<uint32_t>(model::MetricType::kStateset)
              ? static_cast<model::MetricType>(number)
              : model::MetricType::kUnknown;
  return true;
}

bool ReadText(WireCursor& in, std::string* text) {
  std::string_view bytes;
  if (!in.ReadBytes(&bytes)) return false;
  *text = bytes;
  return true;
}

bool ReadField(WireCursor& in, uint32_t tag, model::MetricMetadata* metadata) {
  switch (tag) {
    case kType:
      return ReadType(in, &metadata->type);
    case kMetricFamilyName:
      return ReadText(in, &metadata->metric_family);
    case kHelp:
      return ReadText(in, &metadata->help);
    case kUnit:
      return ReadText(in, &metadata->unit);
    default:
      return in.SkipField(tag);
  }
}

}  // namespace

bool ReadMetadataMessage(WireCursor message, model::MetricMetadata* metadata) {
  while (!message.done()) {
    uint32_t tag = 0;
    if (!message.ReadTag(&tag) || !ReadField(message, tag, metadata)) return false;
  }
  return true;
}

}  // namespace tidegate::ingest
