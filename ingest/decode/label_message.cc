#include "ingest/decode/label_message.h"

namespace tidegate::ingest {
namespace {

constexpr uint32_t kName = WireTag(1, WireType::kBytes);
constexpr uint32_t kValue = WireTag(2, WireType::kBytes);

}  // namespace

bool ReadLabelMessage(WireCursor message, model::Label* label) {
  while (!message.done()) {
    uint32_t tag = 0;
    if (!message.ReadTag(&tag)) return false;
    const bool read = tag == kName    ? message.ReadBytes(&label->name)
                      : tag == kValue ? message.ReadBytes(&label->value)
                                      : message.SkipField(tag);
    if (!read) return false;
  }
  return true;
}

}  // namespace tidegate::ingest
