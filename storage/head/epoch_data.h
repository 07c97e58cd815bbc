// All points that a tenant's head took between two cuts.
#ifndef TIDEGATE_STORAGE_HEAD_EPOCH_DATA_H_
#define TIDEGATE_STORAGE_HEAD_EPOCH_DATA_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/exemplar.h"
#include "model/log_entry.h"
#include "model/sample.h"
#include "storage/chunk/open_chunk.h"
#include "storage/chunk/piece_pool.h"
#include "storage/head/log_record.h"
#include "storage/head/paged_array.h"
#include "storage/head/series_side.h"
#include "storage/head/text_arena.h"

namespace tidegate::storage::head {

// The samples of the chunk that was decoded last: many late samples of one series decode it once.
// Owned by one thread.
struct ChunkCache {
  uint32_t epoch = 0;  // 0 = empty.
  SeriesRef ref = 0;
  model::TimestampMs first_timestamp = 0;
  int count = 0;
  std::string stream;
  std::vector<model::TimestampMs> timestamps;
  std::vector<double> values;
};

// What a series holds at one timestamp.
struct StoredPoint {
  enum Kind { kNone, kFloat, kHistogram } kind = kNone;
  double value = 0;          // kFloat.
  std::string_view encoded;  // kHistogram; valid until the data changes.
};

// What became of a point.
enum class Outcome : uint8_t {
  kAdded,
  kDuplicate,  // Known with the same bits: nothing to do.
  kConflict,   // Another value or kind is known at this timestamp and stays.
};

// `known` is not kNone.
Outcome CompareToKnown(const StoredPoint& known, double value);
Outcome CompareToKnown(const StoredPoint& known, std::string_view encoded_histogram);

// A scrape brings one exemplar a series. Beyond this many of one series between two cuts they are
// no examples any more, and putting them in order would take long.
inline constexpr size_t kMaxExemplars = 4096;

// Points by series number. Freezing is moving this object: nothing in it depends on its address.
// Not thread safe (TenantHead guards it); immutable once frozen.
class EpochData {
 public:
  // `epoch` (not 0) is unique within the tenant: it names this data in a ChunkCache.
  explicit EpochData(uint32_t epoch) : epoch_(epoch) {}
  EpochData(EpochData&&) = default;
  EpochData& operator=(EpochData&&) = default;

  uint32_t epoch() const { return epoch_; }

  // True when a sample is the newest of a series that has only ever seen samples in order: nothing
  // can be known at its timestamp.
  bool IsPlainlyNew(SeriesRef ref, model::TimestampMs timestamp) const {
    const chunk::OpenChunk* chunk = chunks_.Find(ref);
    return chunk != nullptr && !chunk->empty() && chunk->side() == 0 &&
           timestamp > chunk->last_timestamp();
  }
  bool HasOpenChunk(SeriesRef ref) const {
    const chunk::OpenChunk* chunk = chunks_.Find(ref);
    return chunk != nullptr && !chunk->empty();
  }
  StoredPoint Lookup(SeriesRef ref, model::TimestampMs timestamp, ChunkCache* cache) const;

  // The first sample of an open chunk must lie above `floor`; older ones are late.
  Outcome AddSample(const LogRecord::Sample& sample, model::TimestampMs floor, ChunkCache* cache) {
    chunk::OpenChunk& chunk = chunks_.At(sample.ref);
    if (chunk.side() == 0 && !chunk.empty() && sample.timestamp > chunk.last_timestamp() &&
        !chunk.full() && sample.start_timestamp == 0) {
      chunk.Append(sample.timestamp, sample.value, pool_);
      CountSample(sample.timestamp);
      return Outcome::kAdded;
    }
    return AddSampleSlowly(sample, chunk, floor, cache);
  }
  Outcome AddHistogram(const LogRecord::Histogram& histogram, ChunkCache* cache);
  // At most kMaxExemplars per series are kept; those beyond count as known.
  Outcome AddExemplar(SeriesRef ref, model::Exemplar exemplar);
  // SettleEntries must follow before anything is read.
  void AddEntry(SeriesRef ref, const model::LogEntryView& entry);
  void SettleEntries();

  bool HasExemplar(SeriesRef ref, const model::Exemplar& exemplar) const;
  size_t ExemplarCount(SeriesRef ref) const;

  // nullptr when the series has none.
  const chunk::OpenChunk* chunk(SeriesRef ref) const {
    const chunk::OpenChunk* chunk = chunks_.Find(ref);
    return chunk == nullptr || chunk->empty() ? nullptr : chunk;
  }
  const SeriesSide* side(SeriesRef ref) const {
    const chunk::OpenChunk* chunk = chunks_.Find(ref);
    return chunk == nullptr || chunk->side() == 0 ? nullptr : sides_[chunk->side() - 1].get();
  }
  const chunk::PiecePool& pool() const { return pool_; }
  // Series numbers that can have points are below this.
  SeriesRef bound() const { return static_cast<SeriesRef>(chunks_.bound()); }

  // Of float samples and histograms of a series; empty when there are none.
  model::TimeRange MetricRange(SeriesRef ref) const;

  bool HasMetrics(SeriesRef ref, const model::TimeRange& range) const {
    const model::TimeRange own = MetricRange(ref);
    return !own.empty() && own.Overlaps(range);
  }

  bool empty() const { return points_ == 0; }
  uint64_t samples() const { return samples_; }  // Floats and histograms.
  model::TimeRange range() const { return range_; }
  size_t memory_bytes() const;  // Of all.
  // Keeps the bytes of log entries alive.
  std::shared_ptr<const void> text_memory() const { return texts_.memory(); }
  // Of log entries.
  size_t entry_bytes() const { return texts_.used_bytes() + entries_ * sizeof(EntryList::Entry); }

 private:
  static constexpr size_t kChunksPerPage = 512;

  Outcome AddSampleSlowly(const LogRecord::Sample& sample, chunk::OpenChunk& chunk,
                          model::TimestampMs floor, ChunkCache* cache);
  SeriesSide& MakeSide(chunk::OpenChunk& chunk);
  bool FindInChunks(SeriesRef ref, model::TimestampMs timestamp, ChunkCache* cache,
                    double* value) const;
  bool FindInChunk(const chunk::OpenChunk& chunk, SeriesRef ref, model::TimestampMs timestamp,
                   ChunkCache* cache, double* value) const;
  void CountSample(model::TimestampMs timestamp) {
    ++samples_;
    ++points_;
    if (timestamp < range_.min) range_.min = timestamp;
    if (timestamp > range_.max) range_.max = timestamp;
  }

  uint32_t epoch_;
  chunk::PiecePool pool_;
  PagedArray<chunk::OpenChunk, kChunksPerPage> chunks_;
  std::vector<std::unique_ptr<SeriesSide>> sides_;
  TextArena texts_;
  std::vector<EntryList*> unsettled_;
  uint64_t entries_ = 0;
  uint64_t samples_ = 0;
  uint64_t points_ = 0;  // Of all kinds.
  uint64_t side_bytes_ = 0;
  model::TimeRange range_{model::kMaxTimestamp, model::kMinTimestamp};
};

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_EPOCH_DATA_H_
