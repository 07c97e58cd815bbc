#include "storage/log_page/variable_shape.h"

#include <algorithm>
#include <array>

#include "storage/log_page/log_page_format.h"

namespace tidegate::storage {
namespace {

// Every number of 19 digits is below the last.
constexpr uint32_t kMostDigits = 19;
constexpr std::array<uint64_t, kMostDigits + 1> kPowersOfTen = [] {
  std::array<uint64_t, kMostDigits + 1> powers{};
  uint64_t power = 1;
  for (uint64_t& one : powers) {
    one = power;
    power *= 10;
  }
  return powers;
}();

// Some numbers, both ends inclusive.
struct Range {
  uint64_t low = 0;
  uint64_t high = 0;
};

// Whether one of the numbers has this remainder.
bool HasRemainder(const Range& range, uint64_t remainder, uint64_t modulus) {
  const uint64_t own = range.low % modulus;
  const uint64_t distance = remainder >= own ? remainder - own : modulus - (own - remainder);
  return distance <= range.high - range.low;
}

bool MayBeNumber(const VariableShape& shape, PieceKind kind, std::string_view piece) {
  uint64_t wanted = 0;
  for (const char digit : piece) wanted = wanted * 10 + static_cast<uint64_t>(digit - '0');
  const Range all = {shape.lowest, shape.highest};
  const auto digits = static_cast<uint32_t>(piece.size());
  if (kind == PieceKind::kEquals) return all.low <= wanted && wanted <= all.high;
  if (kind == PieceKind::kEnds) return HasRemainder(all, wanted, kPowersOfTen[digits]);
  // So many digits behind the piece.
  for (uint32_t behind = 0; behind + digits <= shape.largest; ++behind) {
    const uint64_t unit = kPowersOfTen[behind];
    const Range before = {all.low / unit, all.high / unit};
    const bool begins = before.low <= wanted && wanted <= before.high;
    if (begins && behind + digits >= shape.least) return true;
    if (kind == PieceKind::kHolds && HasRemainder(before, wanted, kPowersOfTen[digits]))
      return true;
  }
  return false;
}

}  // namespace

bool FitsInto(const VariableShape& shape, std::string_view piece) {
  return piece.size() <= shape.largest && std::all_of(piece.begin(), piece.end(), [&](char c) {
           return (CharacterClass(c) & shape.classes) != 0;
         });
}

bool MayBe(const VariableShape& shape, PieceKind kind, std::string_view piece) {
  if (kind == PieceKind::kEquals && piece.size() < shape.least) return false;
  return !shape.numbers || MayBeNumber(shape, kind, piece);
}

}  // namespace tidegate::storage
