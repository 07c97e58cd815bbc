// What a push body decodes to.
#ifndef TIDEGATE_INGEST_DECODE_DECODED_PUSH_H_
#define TIDEGATE_INGEST_DECODE_DECODED_PUSH_H_

#include <cstdint>
#include <deque>
#include <string>

#include "model/write_batch.h"

namespace tidegate::ingest {

// The batch, what it points into beside the request's bytes, and what was left out of it. Owned by
// one thread and reused; views in `batch` live until Clear and as long as the request's bytes.
struct DecodedPush {
  model::WriteBatch batch;
  // Label bytes of series that did not send them in one piece. A deque: elements stay where they
  // are.
  std::deque<std::string> gathered_labels;
  // Exemplars whose labels are no label set (a name twice, an empty name, invalid UTF-8).
  uint64_t invalid_exemplars = 0;

  void Clear() {
    batch.Clear();
    gathered_labels.clear();
    invalid_exemplars = 0;
  }
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_DECODED_PUSH_H_
