// A page of records: anything that is a timestamp and some bytes, in chunks of sibling series.
// Histograms and exemplars are stored so (docs/formats/page.md).
#ifndef TIDEGATE_STORAGE_PAGE_RECORD_PAGE_H_
#define TIDEGATE_STORAGE_PAGE_RECORD_PAGE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tidegate::storage {

// Sections of a record page, in order.
enum class RecordSection : size_t {
  kDirectory = 0,  // varint(chunks), per chunk: varint(series - last series) varint(records)
                   // u8(columns) varint(column bytes) varint(record bytes)
  kColumns = 1,    // per chunk: int blocks of the timestamps, the record sizes, and the optional
                   // columns that its entry names
  kRecords = 2,    // the records, back to back
};

// One record. Timestamps are milliseconds. Absent columns are all zero.
struct Record {
  int64_t timestamp = 0;
  int64_t start_timestamp = 0;  // Histograms: 0 = unknown.
  int64_t hint = 0;             // Histograms: the counter reset hint.
  std::string_view bytes;
};

// Collects chunks and encodes them. Owned by one thread; reusable after Finish.
class RecordPageBuilder {
 public:
  // Chunks come ascending by series, one per series; records in the order to keep, at least one.
  void Add(uint32_t series, std::span<const Record> records);
  bool empty() const { return chunks_ == 0; }
  // Raw bytes collected so far.
  size_t size() const { return columns_.size() + records_.size(); }
  // The sections, in the order of RecordSection. Forgets everything.
  std::vector<std::string> Finish();

 private:
  uint32_t chunks_ = 0;
  uint32_t last_series_ = 0;
  std::string directory_;
  std::string columns_;
  std::string records_;
};

// The chunks of one page. Immutable; owns its bytes.
class RecordPage {
 public:
  struct Chunk {
    uint32_t series = 0;
    uint32_t count = 0;
    uint8_t columns = 0;
    size_t columns_begin = 0, columns_size = 0;
    size_t records_begin = 0, records_size = 0;
  };

  // DataLoss when the sections are not a record page.
  static absl::StatusOr<std::unique_ptr<const RecordPage>> Parse(std::vector<std::string> sections);
  RecordPage(const RecordPage&) = delete;
  RecordPage& operator=(const RecordPage&) = delete;

  std::span<const Chunk> chunks() const { return chunks_; }  // Ascending by series.
  const Chunk* Find(uint32_t series) const;                  // nullptr when there is none.
  // The records point into the page. DataLoss.
  absl::StatusOr<std::vector<Record>> Decode(const Chunk& chunk) const;

 private:
  RecordPage() = default;

  std::string columns_;
  std::string records_;
  std::vector<Chunk> chunks_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_RECORD_PAGE_H_
