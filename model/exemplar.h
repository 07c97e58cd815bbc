// Exemplars: single observations with a pointer to a trace.
#ifndef TIDEGATE_MODEL_EXEMPLAR_H_
#define TIDEGATE_MODEL_EXEMPLAR_H_

#include "model/labels.h"
#include "model/sample.h"

namespace tidegate::model {

// At most 128 runes of label names and values together (OpenMetrics 1.0); ingest enforces it.
struct Exemplar {
  Labels labels;
  double value = 0;
  TimestampMs timestamp = 0;
};

inline bool operator==(const Exemplar& a, const Exemplar& b) {
  return a.timestamp == b.timestamp && SameBits(a.value, b.value) && a.labels == b.labels;
}

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_EXEMPLAR_H_
