// Label bytes in words, for messages to the sender.
#ifndef TIDEGATE_INGEST_ADMIT_LABEL_TEXT_H_
#define TIDEGATE_INGEST_ADMIT_LABEL_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "model/labels.h"

namespace tidegate::ingest {

// The labels in any bytes that arrived, sorted by name, duplicates and empty ones included. Empty
// when the bytes are malformed. The views point into the bytes.
std::vector<model::Label> LabelsAsSent(std::string_view label_bytes);

// {a="b", c="d"}: what was sent, also when it is no label set. "{}" for malformed bytes.
std::string LabelText(std::string_view label_bytes);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_ADMIT_LABEL_TEXT_H_
