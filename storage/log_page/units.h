// The columns of a log page as byte strings: large ones are compressed by themselves, so that each
// can be read alone, small ones together (docs/formats/log-page.md).
#ifndef TIDEGATE_STORAGE_LOG_PAGE_UNITS_H_
#define TIDEGATE_STORAGE_LOG_PAGE_UNITS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/codec/bytes.h"

struct ZSTD_CCtx_s;

namespace tidegate::storage {

// zstd's working memory for writing, kept from page to page. Owned by one thread.
class Compressor {
 public:
  Compressor();
  // The frame of `raw`, or `raw` itself where a frame is not smaller by a thirty-second.
  std::string Compress(std::string_view raw);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
  std::vector<char> frame_;
};

// Exactly raw_size bytes out of a frame, or the bytes themselves when the sizes are equal.
// DataLoss when that is not what the bytes are.
absl::Status Decompress(std::string_view stored, uint64_t raw_size, std::string* raw);

// Small units share a frame with those whose bytes have about the same range: an entropy coder
// packs like with like best. Bytes below 4, 16, 64, 128, any; printable ASCII.
inline constexpr size_t kSharedFrames = 6;

// Collects units; they are numbered from 0. Owned by one thread.
class UnitWriter {
 public:
  explicit UnitWriter(Compressor* compressor) : compressor_(*compressor) {}
  void Add(std::string_view bytes);
  // Appends to the directory what UnitReader::Parse reads; returns the blob. Called once, last.
  std::string Finish(std::string* directory);

 private:
  struct Unit {
    uint64_t raw_size = 0;
    // Below kSharedFrames: the number of its shared frame; else that and its stored size.
    uint64_t place = 0;
  };
  Compressor& compressor_;
  std::vector<Unit> units_;
  std::array<std::string, kSharedFrames> shared_;
  std::string own_;
};

// Immutable; owned by one thread, because shared frames are decompressed when they are first
// wanted.
class UnitReader {
 public:
  UnitReader() = default;
  // DataLoss when directory and blob do not agree.
  static absl::StatusOr<UnitReader> Parse(ByteReader* directory, std::string blob);

  size_t size() const { return units_.size(); }
  // The bytes of a unit, which must have `size` of them; in `memory` or in the reader, where they
  // stay.
  absl::StatusOr<std::string_view> Read(uint32_t unit, uint64_t size, std::string* memory);
  // The size that the directory says; 0 for a unit that is not there.
  uint64_t SizeOf(uint32_t unit) const { return unit < units_.size() ? units_[unit].raw_size : 0; }

 private:
  struct Unit {
    uint64_t raw_size = 0;
    uint64_t place = 0;
    uint64_t begin = 0;  // In the blob, or in the shared frame.
  };
  struct SharedFrame {
    uint64_t raw_size = 0;
    uint64_t stored_size = 0;
    uint64_t begin = 0;  // In the blob.
    std::string bytes;   // Once it is ready.
    bool ready = false;
  };
  std::vector<Unit> units_;
  std::string blob_;
  std::array<SharedFrame, kSharedFrames> shared_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_UNITS_H_
