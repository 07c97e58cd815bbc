#include "storage/log_page/holds_bytes.h"

#include <string.h>

#include <bit>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tidegate::storage {
namespace {

bool Search(std::string_view bytes, std::string_view piece) {
  return memmem(bytes.data(), bytes.size(), piece.data(), piece.size()) != nullptr;
}

#if defined(__SSE2__)
constexpr size_t kStep = 16;

__m128i Load(const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); }

// A bit for each of 16 places where the piece's first byte stands, and its last one so much behind.
uint32_t Places(const char* at, size_t distance, __m128i first, __m128i last) {
  const __m128i both =
      _mm_and_si128(_mm_cmpeq_epi8(Load(at), first), _mm_cmpeq_epi8(Load(at + distance), last));
  return static_cast<uint32_t>(_mm_movemask_epi8(both));
}
#endif

}  // namespace

bool HoldsBytes(std::string_view bytes, std::string_view piece) {
  if (piece.size() < 2 || piece.size() > bytes.size()) return Search(bytes, piece);
#if defined(__SSE2__)
  const size_t distance = piece.size() - 1;
  const __m128i first = _mm_set1_epi8(piece.front());
  const __m128i last = _mm_set1_epi8(piece.back());
  size_t at = 0;
  for (; at + distance + 2 * kStep <= bytes.size(); at += 2 * kStep) {
    const char* const from = bytes.data() + at;
    uint32_t places =
        Places(from, distance, first, last) | Places(from + kStep, distance, first, last) << kStep;
    for (; places != 0; places &= places - 1) {
      const char* const place = from + std::countr_zero(places);
      if (memcmp(place + 1, piece.data() + 1, distance - 1) == 0) return true;
    }
  }
  return Search(bytes.substr(at), piece);
#else
  return Search(bytes, piece);
#endif
}

}  // namespace tidegate::storage
