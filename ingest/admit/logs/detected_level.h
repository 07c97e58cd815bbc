// Adds the metadata `detected_level` to entries.
#ifndef TIDEGATE_INGEST_ADMIT_LOGS_DETECTED_LEVEL_H_
#define TIDEGATE_INGEST_ADMIT_LOGS_DETECTED_LEVEL_H_

#include <string_view>
#include <vector>

#include "ingest/decode/byte_arena.h"
#include "model/labels.h"

namespace tidegate::ingest {

// For the entries of one stream. Owned by one thread.
class DetectedLevel {
 public:
  // A level label of the stream decides for all of its entries. `stream` must outlive this.
  DetectedLevel(model::LabelsView stream, ByteArena* arena);

  // The entry's metadata with its level: what is there already (then only spelt as usual), the
  // stream's level label, the metadata's, OpenTelemetry's severity number, the line. A label or
  // metadata that is no known level is taken as it is. Canonical bytes in and out; new
  // ones lie in the arena.
  std::string_view Add(std::string_view line, std::string_view metadata);

 private:
  std::string_view LevelOf(std::string_view line, model::LabelsView metadata) const;
  std::string_view With(std::string_view metadata, std::string_view level);

  std::string_view of_stream_;
  ByteArena& arena_;
  std::vector<model::Label> labels_;  // Reused from entry to entry.
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_ADMIT_LOGS_DETECTED_LEVEL_H_
