// Points in time and plain samples.
//
// All timestamps in Tidegate are signed milliseconds since the Unix epoch; negative values (before
// 1970) are legal. All values are IEEE 754 doubles and are kept bit for bit.
#ifndef TIDEGATE_MODEL_SAMPLE_H_
#define TIDEGATE_MODEL_SAMPLE_H_

#include <bit>
#include <cstdint>
#include <limits>

namespace tidegate::model {

// Milliseconds since the Unix epoch.
using TimestampMs = int64_t;

// Bounds that every stored timestamp keeps; they leave room to add a lookback or an offset without
// overflow.
inline constexpr TimestampMs kMinTimestamp = std::numeric_limits<int64_t>::min() / 4;
inline constexpr TimestampMs kMaxTimestamp = std::numeric_limits<int64_t>::max() / 4;

// A closed interval of time: both ends belong to it. Empty when min > max.
struct TimeRange {
  TimestampMs min = kMinTimestamp;
  TimestampMs max = kMaxTimestamp;

  bool empty() const { return min > max; }
  bool Contains(TimestampMs t) const { return min <= t && t <= max; }
  bool Overlaps(const TimeRange& other) const { return min <= other.max && other.min <= max; }
  friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

// The NaN that ends a series (Prometheus' staleness marker, model/value/value.go). Nothing else may
// use these bits, and they survive every copy because values are compared and stored as bits.
inline constexpr uint64_t kStaleNanBits = 0x7ff0000000000002;
// The NaN that arithmetic yields in Prometheus; the query engine answers with these bits.
inline constexpr uint64_t kNormalNanBits = 0x7ff8000000000001;

inline bool IsStaleNan(double value) { return std::bit_cast<uint64_t>(value) == kStaleNanBits; }
inline double StaleNan() { return std::bit_cast<double>(kStaleNanBits); }
// Equality as the store understands it: the same bits.
inline bool SameBits(double a, double b) {
  return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b);
}

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_SAMPLE_H_
