// Doubles that are short decimals, as integers: 12.34 is 1234 at scale 2.
//
// Most gauges and counters are integers or were printed with a few decimals; their differences are
// short as integers and noise as XORed bits.
#ifndef TIDEGATE_STORAGE_CHUNK_DECIMAL_H_
#define TIDEGATE_STORAGE_CHUNK_DECIMAL_H_

#include <bit>
#include <cmath>
#include <cstdint>

namespace tidegate::storage {

inline constexpr int kMaxDecimalScale = 6;
inline constexpr double kPowersOfTen[kMaxDecimalScale + 1] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
// Integers beyond this are not all doubles.
inline constexpr double kMaxDecimalInteger = 9007199254740992.0;  // 2^53

// The double that `integer` stands for. A division, because x.yz was parsed as the double nearest to
// xyz / 100, which multiplying by 0.01 does not always reach.
inline double FromDecimal(int64_t integer, int scale) {
  return static_cast<double>(integer) / kPowersOfTen[scale];
}

// True when `value` comes back bit for bit from `integer`; NaN, infinities and -0.0 never do.
inline bool ToDecimal(double value, int scale, int64_t* integer) {
  const double scaled = value * kPowersOfTen[scale];
  if (!(std::fabs(scaled) < kMaxDecimalInteger)) return false;
  *integer = static_cast<int64_t>(std::rint(scaled));
  return std::bit_cast<uint64_t>(FromDecimal(*integer, scale)) == std::bit_cast<uint64_t>(value);
}

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_CHUNK_DECIMAL_H_
