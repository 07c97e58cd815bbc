// The wire layout that every known sender writes, read straight from the bytes.
//
// Each function takes what it recognises and says that it does not recognise the rest, malformed
// bytes included: that is left to a WireCursor, which follows the generated decoder's rules.
#ifndef TIDEGATE_INGEST_DECODE_USUAL_WIRE_H_
#define TIDEGATE_INGEST_DECODE_USUAL_WIRE_H_

#include <bit>
#include <cstdint>
#include <cstring>

namespace tidegate::ingest {

inline uint8_t WireByte(const char* p) { return static_cast<uint8_t>(*p); }

// The end of a field that starts at p with the one-byte tag `tag` and a minimal length of one or
// two bytes, and lies in [p, end); nullptr when it is anything else. `content` is where the field's
// content starts.
inline const char* UsualField(const char* p, const char* end, uint32_t tag, const char** content) {
  if (end - p < 2 || WireByte(p) != tag) return nullptr;
  int64_t length = WireByte(p + 1);
  *content = p + 2;
  if (length >= 0x80) {
    if (end - p < 3 || WireByte(p + 2) == 0 || WireByte(p + 2) >= 0x80) return nullptr;
    length = (length & 0x7f) | (WireByte(p + 2) << 7);
    *content = p + 3;
  }
  return length <= end - *content ? *content + length : nullptr;
}

// A varint of 1..8 bytes, with eight bytes readable at p: its size, which the caller compares with
// the end of its field. 0: it is longer.
inline int UsualVarint(const char* p, uint64_t* value) {
  uint64_t word = 0;
  std::memcpy(&word, p, sizeof(word));
  const uint64_t stops = ~word & 0x8080808080808080;
  const int bits = std::countr_zero(stops) + 1;  // 65 when there is no last byte.
  if (bits > 64) return 0;
  word &= 0x7f7f7f7f7f7f7f7f & (~uint64_t{0} >> (64 - bits));
  // Closes the gaps between groups of 7, 14 and 28 bits.
  word = ((word & 0x7f007f007f007f00) >> 1) | (word & 0x007f007f007f007f);
  word = ((word & 0x3fff00003fff0000) >> 2) | (word & 0x00003fff00003fff);
  *value = ((word & 0x0fffffff00000000) >> 4) | (word & 0x000000000fffffff);
  return bits / 8;
}

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_USUAL_WIRE_H_
