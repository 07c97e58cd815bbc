#include "storage/codec/bit_packing.h"

#include <algorithm>
#include <cstring>

namespace tidegate::storage {
namespace {

uint64_t Mask(int width) { return width == 64 ? ~uint64_t{0} : (uint64_t{1} << width) - 1; }

uint64_t LoadUpTo8(std::string_view bytes, size_t at) {
  uint64_t word = 0;
  if (at < bytes.size()) {
    std::memcpy(&word, bytes.data() + at, std::min<size_t>(8, bytes.size() - at));
  }
  return word;
}

// Any width, any position: the number may lie in nine bytes.
uint64_t UnpackOne(std::string_view bytes, int width, size_t index) {
  const size_t bit = index * static_cast<size_t>(width);
  const int shift = static_cast<int>(bit % 8);
  uint64_t value = LoadUpTo8(bytes, bit / 8) >> shift;
  if (shift + width > 64) value |= LoadUpTo8(bytes, bit / 8 + 8) << (64 - shift);
  return value & Mask(width);
}

}  // namespace

void PackBits(std::span<const uint64_t> values, int width, std::string* out) {
  if (width == 0) return;
  const size_t begin = out->size();
  const size_t size = PackedSize(values.size(), width);
  out->resize(begin + (values.size() * static_cast<size_t>(width) + 63) / 64 * 8);
  char* at = out->data() + begin;
  uint64_t word = 0;
  int filled = 0;
  for (const uint64_t value : values) {
    word |= value << filled;
    filled += width;
    if (filled >= 64) {
      std::memcpy(at, &word, 8);
      at += 8;
      filled -= 64;
      word = filled == 0 ? 0 : value >> (width - filled);
    }
  }
  if (filled > 0) std::memcpy(at, &word, 8);
  out->resize(begin + size);
}

void UnpackBits(std::string_view bytes, int width, std::span<uint64_t> out) {
  if (width == 0) {
    std::fill(out.begin(), out.end(), 0);
    return;
  }
  size_t i = 0;
  if (width <= 56 && bytes.size() >= 8) {
    // One unaligned load holds the whole number as long as eight bytes are left.
    const size_t last_load = bytes.size() - 8;
    const uint64_t mask = Mask(width);
    size_t bit = 0;
    for (; i < out.size() && bit / 8 <= last_load; ++i, bit += static_cast<size_t>(width)) {
      uint64_t word;
      std::memcpy(&word, bytes.data() + bit / 8, 8);
      out[i] = (word >> (bit % 8)) & mask;
    }
  }
  for (; i < out.size(); ++i) out[i] = UnpackOne(bytes, width, i);
}

}  // namespace tidegate::storage
