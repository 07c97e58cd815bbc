// The index of a block of Prometheus' TSDB, versions 1 and 2
// (prometheus/tsdb/docs/format/index.md).
#ifndef TIDEGATE_INGEST_PROMETHEUS_BLOCK_BLOCK_INDEX_H_
#define TIDEGATE_INGEST_PROMETHEUS_BLOCK_BLOCK_INDEX_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/sample.h"

namespace tidegate::ingest {

// CRC-32C, as every file of a block has it.
uint32_t BlockChecksum(std::string_view bytes);

struct BlockChunk {
  model::TimeRange range;
  uint32_t segment = 0;  // File of chunks, from 0.
  uint32_t offset = 0;   // In it.
};

struct BlockSeries {
  uint64_t reference = 0;   // As tombstones name it.
  std::string label_bytes;  // Canonical.
  std::vector<BlockChunk> chunks;
};

// Views of the file's bytes, which must outlive it. Immutable and thread safe.
class BlockIndex {
 public:
  // DataLoss: it is no index, or one of its tables is damaged.
  static absl::StatusOr<BlockIndex> Open(std::string_view file);

  // Calls series_fn for every series, in the order of the file, which is that of labels; progress
  // is a share of 1. An error of series_fn ends it and is returned. DataLoss at a damaged series:
  // those before it have been handed out.
  absl::Status ForEachSeries(const std::function<absl::Status(const BlockSeries& series,
                                                              double progress)>& series_fn) const;

 private:
  explicit BlockIndex(std::string_view file) : file_(file) {}

  absl::Status ReadSymbols(uint64_t offset);
  absl::Status ReadSeries(std::string_view entry, BlockSeries* series) const;
  bool Symbol(uint64_t reference, std::string_view* text) const;

  std::string_view file_;
  uint8_t version_ = 2;
  std::vector<std::string_view> symbols_;  // Version 2; version 1 refers to offsets of the file.
  uint64_t series_begin_ = 0, series_end_ = 0;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_PROMETHEUS_BLOCK_BLOCK_INDEX_H_
