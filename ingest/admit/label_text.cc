#include "ingest/admit/label_text.h"

#include <algorithm>

#include "ingest/decode/label_message.h"
#include "ingest/decode/wire_cursor.h"

namespace tidegate::ingest {

std::vector<model::Label> LabelsAsSent(std::string_view label_bytes) {
  WireFailure failure;
  WireCursor in(label_bytes, kMaxWireDepth, &failure);
  std::vector<model::Label> labels;
  while (!in.done()) {
    uint32_t tag = 0;
    WireCursor message = in;
    if (!in.ReadTag(&tag) || tag != WireTag(1, WireType::kBytes) || !in.ReadMessage(&message) ||
        !ReadLabelMessage(message, &labels.emplace_back())) {
      return {};
    }
  }
  std::stable_sort(labels.begin(), labels.end(),
                   [](const model::Label& a, const model::Label& b) { return a.name < b.name; });
  return labels;
}

std::string LabelText(std::string_view label_bytes) {
  std::string framed;
  for (const model::Label& label : LabelsAsSent(label_bytes)) {
    model::AppendLabelBytes(label.name, label.value, &framed);
  }
  return model::ToString(model::LabelsView(framed));
}

}  // namespace tidegate::ingest
