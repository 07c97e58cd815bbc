// Doubles as scaled integers: value = integer / 10^exponent, exact to the bit.
#ifndef TIDEGATE_STORAGE_CODEC_DECIMAL_H_
#define TIDEGATE_STORAGE_CODEC_DECIMAL_H_

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

#include "model/sample.h"

namespace tidegate::storage {

// Powers of ten up to 10^15 are exact doubles, and so is an integer below 2^53: their quotient is
// rounded once, the same on every machine.
inline constexpr std::array<double, 16> kPowersOfTen = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

inline double FromDecimal(int64_t integer, int exponent) {
  return static_cast<double>(integer) / kPowersOfTen[static_cast<size_t>(exponent)];
}

// The integer that FromDecimal turns into exactly these bits; false when there is none below 2^53.
inline bool ToDecimal(double value, int exponent, int64_t* integer) {
  const double scaled = value * kPowersOfTen[static_cast<size_t>(exponent)];
  if (!(std::fabs(scaled) < 9007199254740992.0)) return false;  // 2^53; also false for a NaN.
  *integer = static_cast<int64_t>(scaled + std::copysign(0.5, scaled));
  return model::SameBits(FromDecimal(*integer, exponent), value);
}

// The least exponent, not below `from`, that has such an integer; negative when there is none.
inline int LeastExponent(double value, int from) {
  int64_t integer;
  for (int e = from; e < static_cast<int>(kPowersOfTen.size()); ++e) {
    if (ToDecimal(value, e, &integer)) return e;
  }
  return -1;
}

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_CODEC_DECIMAL_H_
