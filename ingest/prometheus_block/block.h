// A block of Prometheus' TSDB: a directory with an index, files of chunks, and deletions.
#ifndef TIDEGATE_INGEST_PROMETHEUS_BLOCK_BLOCK_H_
#define TIDEGATE_INGEST_PROMETHEUS_BLOCK_BLOCK_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/prometheus_block/chunk_reader.h"
#include "model/sample.h"

namespace tidegate::ingest {

// What a block says about itself in meta.json.
struct BlockMeta {
  std::string directory;
  model::TimeRange range;  // Both ends belong to it.
  uint64_t series = 0;
  uint64_t samples = 0;
};

// The blocks in a data directory, or the directory itself when it is one; ascending by time.
// NotFound when there is none; DataLoss when what a block says cannot be read.
absl::StatusOr<std::vector<BlockMeta>> FindBlocks(const std::string& directory);

struct BlockReadStats {
  uint64_t damaged_chunks = 0;  // Left out.
  std::string first_damage;
};

// Calls series_fn for every series that has samples, with all of them, ascending by time; deleted
// ones are left out. The files are mapped, and memory is that of one series. A chunk that does not
// check is left out and counted in `stats`. An error of series_fn ends it and is returned. DataLoss
// when the index is damaged.
absl::Status ReadBlock(
    const BlockMeta& block,
    const std::function<absl::Status(std::string_view label_bytes, const ChunkSamples& samples,
                                     double progress)>& series_fn,
    BlockReadStats* stats);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_PROMETHEUS_BLOCK_BLOCK_H_
