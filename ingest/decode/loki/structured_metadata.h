// Structured metadata of an entry on its way to canonical bytes.
#ifndef TIDEGATE_INGEST_DECODE_LOKI_STRUCTURED_METADATA_H_
#define TIDEGATE_INGEST_DECODE_LOKI_STRUCTURED_METADATA_H_

#include <string_view>
#include <vector>

#include "ingest/decode/byte_arena.h"
#include "model/labels.h"

namespace tidegate::ingest {

// The name as Loki stores it (prometheus/otlptranslator's label names): runs of anything but ASCII
// letters and digits become one underscore, a leading digit gets key_ in front. Empty when nothing
// but underscores is left. The view is `name` itself or lies in `arena`.
std::string_view NormalizedName(std::string_view name, ByteArena* arena);

// The text with a space for every byte that is no UTF-8 and for U+FFFD, as Loki stores values.
std::string_view ValidText(std::string_view text, ByteArena* arena);

// Collects the pairs of one entry. Owned by one thread, reused entry by entry.
class StructuredMetadata {
 public:
  explicit StructuredMetadata(ByteArena* arena) : arena_(*arena) {}

  // Pairs whose name cannot be normalised are left out.
  void Add(std::string_view name, std::string_view value);
  bool empty() const { return labels_.empty(); }
  // Canonical bytes of the pairs added since the last call: sorted, the last of a name wins, empty
  // values left out. They lie in the arena.
  std::string_view Finish();

 private:
  ByteArena& arena_;
  std::vector<model::Label> labels_;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_LOKI_STRUCTURED_METADATA_H_
