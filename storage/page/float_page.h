// A page of float samples: chunks of sibling series over one stretch of time, columns inside
// (docs/formats/page.md).
#ifndef TIDEGATE_STORAGE_PAGE_FLOAT_PAGE_H_
#define TIDEGATE_STORAGE_PAGE_FLOAT_PAGE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "model/sample.h"
#include "storage/codec/value_block.h"
#include "storage/page/time_column_pool.h"
#include "storage/series_source.h"

namespace tidegate::storage {

// Sections of a float page, in order.
enum class FloatSection : size_t {
  kTimes = 0,      // varint(columns), per column PutBytes(time column)
  kDirectory = 1,  // varint(chunks), per chunk: varint(series - last series) varint(time column)
                   // u8(flags) varint(body bytes), a summary per block of the chunk
  kBody = 2,  // per chunk: start timestamp blocks if flagged, then a value block per block that
              // is not constant
};

// Collects chunks and encodes them. Owned by one thread; reusable after Finish.
class FloatPageBuilder {
 public:
  // Chunks come ascending by series, one per series; 1..kMaxColumnTimes samples, ascending.
  // `start_timestamps` is empty or parallel.
  void Add(uint32_t series, std::span<const model::TimestampMs> timestamps,
           std::span<const double> values, std::span<const model::TimestampMs> start_timestamps);
  bool empty() const { return chunks_ == 0; }
  // The sections, in the order of FloatSection. Forgets everything.
  std::vector<std::string> Finish();

 private:
  struct Column {
    uint64_t hash = 0;
    std::vector<model::TimestampMs> times;
  };
  size_t ColumnOf(std::span<const model::TimestampMs> timestamps);

  uint32_t chunks_ = 0;
  uint32_t last_series_ = 0;
  std::vector<Column> columns_;
  std::string directory_;
  std::string body_;
};

// The chunks of one page, decoded on demand. Immutable; owns its bytes.
class FloatPage {
 public:
  struct Chunk {
    uint32_t series = 0;
    uint32_t time_column = 0;
    uint32_t count = 0;
    bool has_starts = false;
    size_t body_begin = 0;  // Into the body section.
    size_t body_size = 0;
    std::vector<BlockSummary> blocks;
  };

  // `sections` as Finish made them. DataLoss when they are not a float page: every count, reference
  // and size is checked here.
  static absl::StatusOr<std::unique_ptr<const FloatPage>> Parse(std::vector<std::string> sections);
  FloatPage(const FloatPage&) = delete;
  FloatPage& operator=(const FloatPage&) = delete;

  std::span<const Chunk> chunks() const { return chunks_; }  // Ascending by series.
  const Chunk* Find(uint32_t series) const;                  // nullptr when there is none.
  // The chunk's timestamps, shared through the pool. DataLoss when the column is not one.
  absl::StatusOr<TimeColumn> Times(const Chunk& chunk, TimeColumnPool* pool) const;
  // Fills `values` and `starts` (empty when the chunk has none). DataLoss.
  absl::Status Decode(const Chunk& chunk, std::vector<double>* values,
                      std::vector<model::TimestampMs>* starts) const;

 private:
  FloatPage() = default;
  absl::Status ParseColumns();
  absl::Status ParseDirectory(std::string_view directory);

  struct Column {
    std::string_view bytes;  // Into times_.
    uint32_t count = 0;
  };
  std::string times_;
  std::string body_;
  std::vector<Column> columns_;
  std::vector<Chunk> chunks_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_FLOAT_PAGE_H_
