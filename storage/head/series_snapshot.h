// Compressed points of some series, copied in a hurry and decoded at leisure.
#ifndef TIDEGATE_STORAGE_HEAD_SERIES_SNAPSHOT_H_
#define TIDEGATE_STORAGE_HEAD_SERIES_SNAPSHOT_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "model/sample.h"
#include "storage/chunk/open_chunk.h"
#include "storage/head/epoch_data.h"
#include "storage/head/series_side.h"
#include "storage/head/time_column_cache.h"
#include "storage/series_source.h"

namespace tidegate::storage::head {

// Reading a series takes two steps: Copy under the lock that guards its data, which costs what
// copying the compressed bytes costs, and Decode without it. Owned by one thread and reused.
class SeriesSnapshot {
 public:
  void Clear();

  // Starts the next series.
  void BeginSeries() { series_.push_back({chunks_.size(), sides_.size()}); }
  // Adds what `data` holds of it in the range. Called once per epoch that may hold some, in any
  // order; the head keeps no timestamp in two of them, and one that is comes back once.
  void Copy(const EpochData& data, SeriesRef ref, const model::TimeRange& range);

  size_t size() const { return series_.size(); }
  // Samples and histograms of the i-th series in the range. Null timestamps and no histograms when
  // there are none; otherwise timestamps are set. DataLoss when a histogram does not decode (a
  // bug).
  absl::StatusOr<SeriesColumns> Decode(size_t i, const model::TimeRange& range,
                                       TimeColumnCache* times);

 private:
  struct Series {
    size_t chunks_begin;
    size_t sides_begin;
  };
  struct Chunk {
    chunk::OpenChunk state;
    size_t stream_begin;
    size_t stream_size;
  };
  // The parts of a SeriesSide that Select reads. Copied whole where it is rare.
  struct Side {
    size_t chunks_begin;  // The chunks of the same epoch, to which `starts` belong...
    size_t chunks_end;    // ...half open.
    std::vector<std::pair<model::TimestampMs, double>> late;
    StartTimestamps starts;
    std::vector<std::pair<model::TimestampMs, StoredHistogram>> histograms;
  };

  void CopyChunk(const chunk::OpenChunk& chunk, const chunk::PiecePool& pool);
  void CopySide(const SeriesSide& side, const model::TimeRange& range, size_t chunks_begin);
  void DecodeChunks(size_t begin, size_t end);
  void MergeSides(size_t sides_begin, size_t sides_end, size_t chunks_begin);
  absl::Status DecodeHistograms(size_t sides_begin, size_t sides_end, SeriesColumns* columns);
  SeriesColumns Clip(const model::TimeRange& range, TimeColumnCache* times) const;

  std::vector<Series> series_;
  std::vector<Chunk> chunks_;
  std::vector<Side> sides_;
  std::string streams_;
  // The series that is being decoded.
  std::vector<model::TimestampMs> timestamps_;
  std::vector<double> values_;
  std::vector<model::TimestampMs> starts_;  // Empty or parallel.
};

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_SERIES_SNAPSHOT_H_
