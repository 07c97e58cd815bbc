// What a push body decodes to.
#ifndef TIDEGATE_INGEST_DECODE_DECODED_PUSH_H_
#define TIDEGATE_INGEST_DECODE_DECODED_PUSH_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "ingest/decode/byte_arena.h"
#include "model/write_batch.h"

namespace tidegate::ingest {

// A log stream whose labels cannot be read; its entries are lost, others of the push are not.
struct UnreadableStream {
  std::string reason;  // For the sender.
  uint64_t entries = 0;
};

// The batch, what it points into beside the request's bytes, and what was left out of it. Owned by
// one thread and reused; views in `batch` live until Clear and as long as the request's bytes.
struct DecodedPush {
  model::WriteBatch batch;
  // Label bytes of series that did not send them in one piece. A deque: elements stay where they
  // are.
  std::deque<std::string> gathered_labels;
  // Exemplars whose labels are no label set (a name twice, an empty name, invalid UTF-8).
  uint64_t invalid_exemplars = 0;
  // What label bytes, lines and metadata point into when they do not lie in the request.
  ByteArena arena;
  std::shared_ptr<const void> parsed;
  std::vector<UnreadableStream> unreadable_streams;

  void Clear() {
    batch.Clear();
    gathered_labels.clear();
    invalid_exemplars = 0;
    arena.Clear();
    parsed.reset();
    unreadable_streams.clear();
  }
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_DECODED_PUSH_H_
