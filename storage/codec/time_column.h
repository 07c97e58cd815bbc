// A column of strictly ascending timestamps: a regular grid with gaps, or irregular
// (docs/formats/page.md).
#ifndef TIDEGATE_STORAGE_CODEC_TIME_COLUMN_H_
#define TIDEGATE_STORAGE_CODEC_TIME_COLUMN_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/sample.h"
#include "storage/codec/bytes.h"

namespace tidegate::storage {

// Most timestamps in one column: a damaged count costs at most half a megabyte.
inline constexpr size_t kMaxColumnTimes = 1 << 16;

// First byte of a column. Values are stored.
enum class TimeKind : uint8_t {
  kGrid = 0,       // varint(count) zigzag(first) varint(step) varint(gaps), per gap:
                   // varint(samples since the last gap) varint(missing steps)
  kIrregular = 1,  // varint(count), int blocks of kMaxBlockValues timestamps
};

// Appends a column of 1..kMaxColumnTimes timestamps.
void EncodeTimeColumn(std::span<const model::TimestampMs> times, std::string* out);

// Reads one column. False (and a failed reader) when the bytes are not a column: the timestamps of
// a decoded column are strictly ascending and keep the bounds of model/sample.h.
bool DecodeTimeColumn(ByteReader* in, std::vector<model::TimestampMs>* times);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_CODEC_TIME_COLUMN_H_
