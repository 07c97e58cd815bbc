// A column of unsigned integers, as planes of bytes that zstd's entropy coder packs close to what
// they tell (docs/formats/log-page.md).
#ifndef TIDEGATE_STORAGE_LOG_PAGE_INT_COLUMN_H_
#define TIDEGATE_STORAGE_LOG_PAGE_INT_COLUMN_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "storage/codec/bytes.h"
#include "storage/log_page/units.h"

namespace tidegate::storage {

// First byte of a column's header. Values are stored.
enum class IntColumnMode : uint8_t {
  kConstant = 0,    // varint(value), no unit
  kFrame = 1,       // varint(least) u8(shift) u8(planes)
  kDelta = 2,       // varint(first) zigzag(least difference) u8(shift) u8(planes)
  kDictionary = 3,  // varint(distinct), the header of the distinct values, that of their numbers
};

// Appends the header; adds a unit for each plane, the lowest byte first. Any values, at least one.
void EncodeIntColumn(std::span<const uint64_t> values, std::string* header, UnitWriter* units);

// A column whose header has been read. A value; owned by one thread.
class IntColumn {
 public:
  // Reads a header and takes its units: `*next_unit` moves behind them. False (and a failed reader)
  // when the bytes are not a header.
  bool Parse(ByteReader* in, uint32_t count, uint32_t* next_unit);

  uint32_t count() const { return count_; }
  bool constant() const { return mode_ == IntColumnMode::kConstant; }
  uint64_t constant_value() const { return base_; }
  // Overwrites `values` with all of them. DataLoss.
  absl::Status Decode(UnitReader* units, std::vector<uint64_t>* values) const;

 private:
  bool ParsePlain(ByteReader* in, uint32_t count, uint32_t* next_unit);
  absl::Status ReadPlanes(UnitReader* units, uint32_t count, std::vector<uint64_t>* values) const;
  absl::Status DecodeDictionary(UnitReader* units, std::vector<uint64_t>* values) const;

  IntColumnMode mode_ = IntColumnMode::kConstant;
  uint32_t count_ = 0;
  uint64_t base_ = 0;  // The constant, the least, or the first value.
  int64_t least_delta_ = 0;
  uint8_t shift_ = 0;
  uint8_t planes_ = 0;
  uint32_t first_unit_ = 0;
  std::vector<IntColumn> parts_;  // kDictionary: the distinct values, their numbers.
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_INT_COLUMN_H_
