#include "storage/codec/value_block.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "model/sample.h"
#include "storage/codec/decimal.h"

namespace tidegate::storage {
namespace {

// First byte of a block: the exponent, or kBitPatterns; kHasExceptions may be added.
constexpr uint8_t kBitPatterns = 31;
constexpr uint8_t kHasExceptions = 0x40;
constexpr int kNoExponent = -1;

// First byte of a summary.
enum class SummaryKind : uint8_t {
  kOpaque = 0,
  kConstantDecimal = 1,  // u8(exponent) zigzag(first)
  kConstantBits = 2,     // first
  kDecimal = 3,          // u8(exponent) zigzag(first) zigzag(last - first) varint(first - min)
                         // varint(max - first) varint(resets)
  kBits = 4,             // first last min max varint(resets)
};

using Integers = std::array<int64_t, kMaxBlockValues>;

size_t MostExceptions(size_t count) { return count / 16 + 1; }

// The exponent that fits all values but a few; kNoExponent when there are too many true doubles.
int PickExponent(std::span<const double> values) {
  int exponent = 0;
  size_t misfits = 0;
  int64_t unused;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0 && model::SameBits(values[i], values[i - 1])) continue;
    if (ToDecimal(values[i], exponent, &unused)) continue;
    const int larger = LeastExponent(values[i], exponent + 1);
    if (larger >= 0) {
      exponent = larger;
    } else if (++misfits > MostExceptions(values.size())) {
      return kNoExponent;
    }
  }
  return exponent;
}

// Fills `integers`; a misfit takes the integer of its neighbour, which costs no bits.
size_t ToIntegers(std::span<const double> values, int exponent, Integers* integers,
                  std::array<uint8_t, kMaxBlockValues>* misfits) {
  size_t misfit_count = 0;
  size_t first_fit = values.size();
  for (size_t i = 0; i < values.size(); ++i) {
    if (ToDecimal(values[i], exponent, &(*integers)[i])) {
      first_fit = std::min(first_fit, i);
    } else {
      (*misfits)[misfit_count++] = static_cast<uint8_t>(i);
      (*integers)[i] = i > 0 ? (*integers)[i - 1] : 0;
    }
  }
  if (first_fit < values.size()) {
    std::fill(integers->begin(), integers->begin() + static_cast<ptrdiff_t>(first_fit),
              (*integers)[first_fit]);
  }
  return misfit_count;
}

void EncodeBitPatterns(std::span<const double> values, std::string* out) {
  Integers integers;
  for (size_t i = 0; i < values.size(); ++i) integers[i] = std::bit_cast<int64_t>(values[i]);
  PutU8(kBitPatterns, out);
  EncodeIntBlock({integers.data(), values.size()}, out);
}

bool ReadExceptions(ByteReader* in, std::span<double> out, std::string_view* positions,
                    std::string_view* bits) {
  const uint64_t count = in->Count(9);
  *positions = in->Take(count);
  *bits = in->Take(count * sizeof(double));
  if (!in->ok()) return false;
  return std::all_of(positions->begin(), positions->end(),
                     [&](char at) { return static_cast<uint8_t>(at) < out.size(); });
}

bool DecodeDecimals(ByteReader* in, uint8_t first_byte, std::span<double> out) {
  const int exponent = first_byte & 0x3F;
  if (exponent > kMaxDecimalExponent) return false;
  std::string_view positions, bits;
  if ((first_byte & kHasExceptions) != 0 && !ReadExceptions(in, out, &positions, &bits)) {
    return false;
  }
  Integers integers;
  if (!DecodeIntBlock(in, {integers.data(), out.size()})) return false;
  const double power = kPowersOfTen[static_cast<size_t>(exponent)];
  for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<double>(integers[i]) / power;
  for (size_t i = 0; i < positions.size(); ++i) {
    std::memcpy(&out[static_cast<uint8_t>(positions[i])], bits.data() + 8 * i, sizeof(double));
  }
  return true;
}

// One exponent for all four, or kNoExponent.
int SummaryExponent(const BlockSummary& summary) {
  const double all[] = {summary.first, summary.last, summary.min, summary.max};
  int exponent = 0;
  for (const double value : all) {
    exponent = LeastExponent(value, exponent);
    if (exponent < 0) return kNoExponent;
  }
  int64_t unused;
  const bool fits = std::all_of(std::begin(all), std::end(all),
                                [&](double v) { return ToDecimal(v, exponent, &unused); });
  return fits ? exponent : kNoExponent;
}

void EncodeConstant(double value, std::string* out) {
  const int exponent = LeastExponent(value, 0);
  int64_t integer;
  if (exponent >= 0 && ToDecimal(value, exponent, &integer)) {
    PutU8(static_cast<uint8_t>(SummaryKind::kConstantDecimal), out);
    PutU8(static_cast<uint8_t>(exponent), out);
    PutZigzag(integer, out);
    return;
  }
  PutU8(static_cast<uint8_t>(SummaryKind::kConstantBits), out);
  PutFixed(value, out);
}

void EncodeDecimalSummary(const BlockSummary& summary, int exponent, std::string* out) {
  int64_t first, last, min, max;
  ToDecimal(summary.first, exponent, &first);
  ToDecimal(summary.last, exponent, &last);
  ToDecimal(summary.min, exponent, &min);
  ToDecimal(summary.max, exponent, &max);
  PutU8(static_cast<uint8_t>(SummaryKind::kDecimal), out);
  PutU8(static_cast<uint8_t>(exponent), out);
  PutZigzag(first, out);
  PutZigzag(last - first, out);
  PutVarint(static_cast<uint64_t>(first - min), out);
  PutVarint(static_cast<uint64_t>(max - first), out);
  PutVarint(summary.resets, out);
}

void SetConstant(double value, BlockSummary* summary) {
  summary->constant = true;
  summary->first = summary->last = summary->min = summary->max = value;
}

bool ReadDecimalSummary(ByteReader* in, BlockSummary* summary) {
  const int exponent = in->U8();
  if (exponent > kMaxDecimalExponent) return false;
  const uint64_t first = static_cast<uint64_t>(in->Zigzag());
  const uint64_t last = first + static_cast<uint64_t>(in->Zigzag());
  const uint64_t min = first - in->Varint();
  const uint64_t max = first + in->Varint();
  summary->first = FromDecimal(static_cast<int64_t>(first), exponent);
  summary->last = FromDecimal(static_cast<int64_t>(last), exponent);
  summary->min = FromDecimal(static_cast<int64_t>(min), exponent);
  summary->max = FromDecimal(static_cast<int64_t>(max), exponent);
  summary->resets = static_cast<uint32_t>(in->Varint());
  return true;
}

bool ReadSummaryBody(SummaryKind kind, ByteReader* in, BlockSummary* summary) {
  switch (kind) {
    case SummaryKind::kOpaque:
      summary->opaque = true;
      return true;
    case SummaryKind::kConstantDecimal: {
      const int exponent = in->U8();
      if (exponent > kMaxDecimalExponent) return false;
      SetConstant(FromDecimal(in->Zigzag(), exponent), summary);
      return true;
    }
    case SummaryKind::kConstantBits:
      SetConstant(in->Fixed<double>(), summary);
      summary->opaque = std::isnan(summary->first);
      return true;
    case SummaryKind::kDecimal:
      return ReadDecimalSummary(in, summary);
    case SummaryKind::kBits:
      summary->first = in->Fixed<double>();
      summary->last = in->Fixed<double>();
      summary->min = in->Fixed<double>();
      summary->max = in->Fixed<double>();
      summary->resets = static_cast<uint32_t>(in->Varint());
      return true;
  }
  return false;
}

}  // namespace

BlockSummary Summarize(std::span<const double> values) {
  BlockSummary summary{.count = static_cast<uint32_t>(values.size())};
  summary.first = summary.min = summary.max = values.front();
  summary.last = values.back();
  summary.constant = true;
  double previous = values.front();
  for (const double value : values) {
    summary.constant &= model::SameBits(value, values.front());
    summary.opaque |= std::isnan(value);
    summary.min = value < summary.min ? value : summary.min;
    summary.max = value > summary.max ? value : summary.max;
    summary.resets += value < previous ? 1 : 0;
    previous = value;
  }
  return summary;
}

void EncodeSummary(const BlockSummary& summary, std::string* out) {
  if (summary.constant) return EncodeConstant(summary.first, out);
  if (summary.opaque) return PutU8(static_cast<uint8_t>(SummaryKind::kOpaque), out);
  if (const int exponent = SummaryExponent(summary); exponent != kNoExponent) {
    return EncodeDecimalSummary(summary, exponent, out);
  }
  PutU8(static_cast<uint8_t>(SummaryKind::kBits), out);
  PutFixed(summary.first, out);
  PutFixed(summary.last, out);
  PutFixed(summary.min, out);
  PutFixed(summary.max, out);
  PutVarint(summary.resets, out);
}

bool DecodeSummary(ByteReader* in, uint32_t count, BlockSummary* summary) {
  *summary = BlockSummary{.count = count};
  const SummaryKind kind = static_cast<SummaryKind>(in->U8());
  if (in->ok() && ReadSummaryBody(kind, in, summary) && in->ok()) return true;
  in->Fail();
  return false;
}

void EncodeValueBlock(std::span<const double> values, std::string* out) {
  const int exponent = PickExponent(values);
  if (exponent == kNoExponent) return EncodeBitPatterns(values, out);
  Integers integers;
  std::array<uint8_t, kMaxBlockValues> misfits;
  const size_t misfit_count = ToIntegers(values, exponent, &integers, &misfits);
  if (misfit_count > MostExceptions(values.size())) return EncodeBitPatterns(values, out);
  PutU8(static_cast<uint8_t>(exponent | (misfit_count > 0 ? kHasExceptions : 0)), out);
  if (misfit_count > 0) {
    PutVarint(misfit_count, out);
    for (size_t i = 0; i < misfit_count; ++i) PutU8(misfits[i], out);
    for (size_t i = 0; i < misfit_count; ++i) PutFixed(values[misfits[i]], out);
  }
  EncodeIntBlock({integers.data(), values.size()}, out);
}

bool DecodeValueBlock(ByteReader* in, std::span<double> out) {
  const uint8_t first_byte = in->U8();
  bool ok = in->ok() && !out.empty() && out.size() <= kMaxBlockValues;
  if (ok && first_byte == kBitPatterns) {
    Integers integers;
    ok = DecodeIntBlock(in, {integers.data(), out.size()});
    for (size_t i = 0; ok && i < out.size(); ++i) out[i] = std::bit_cast<double>(integers[i]);
  } else if (ok) {
    ok = DecodeDecimals(in, first_byte, out);
  }
  if (!ok) in->Fail();
  return ok;
}

}  // namespace tidegate::storage
