#include "ingest/admit/logs/level_word.h"

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSSE3__)
#include <immintrin.h>
#endif

namespace tidegate::ingest {
namespace {

struct Word {
  std::string_view text;
  LogLevel level;
};

constexpr Word kWords[] = {
    {"trace", LogLevel::kTrace},  {"debug", LogLevel::kDebug}, {"info", LogLevel::kInfo},
    {"warning", LogLevel::kWarn}, {"warn", LogLevel::kWarn},   {"error", LogLevel::kError},
    {"err", LogLevel::kError},    {"fatal", LogLevel::kFatal}, {"critical", LogLevel::kCritical},
};

bool IsAlnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool MayComeBefore(char c) {
  return !IsAlnum(c) && c != '_' && c != '-' && c != '/' && c != ':' && c != '.';
}
bool MayComeBehind(char c) { return !IsAlnum(c) && c != '_' && c != '-' && c != '/'; }

bool EqualsLower(std::string_view text, std::string_view lower) {
  for (size_t i = 0; i < lower.size(); ++i) {
    if ((text[i] | 0x20) != lower[i]) return false;
  }
  return true;
}

// The level of the word that starts at `at`, which is no letter's successor.
LogLevel WordAt(std::string_view text, size_t at) {
  if (at > 0 && !MayComeBefore(text[at - 1])) return LogLevel::kUnknown;
  for (const Word& word : kWords) {
    const size_t end = at + word.text.size();
    if (end > text.size() || !EqualsLower(text.substr(at), word.text)) continue;
    if (end == text.size() || MayComeBehind(text[end])) return word.level;
  }
  return LogLevel::kUnknown;
}

bool StartsLikeALevel(char first, char second) {
  second = static_cast<char>(second | 0x20);
  switch (first | 0x20) {
    case 't':
    case 'c':
      return second == 'r';
    case 'd':
      return second == 'e';
    case 'i':
      return second == 'n';
    case 'w':
    case 'f':
      return second == 'a';
    case 'e':
      return second == 'r';
    default:
      return false;
  }
}

LogLevel ScanBytes(std::string_view text, size_t from, size_t to) {
  for (size_t i = from; i < to && i + 1 < text.size(); ++i) {
    if (!StartsLikeALevel(text[i], text[i + 1])) continue;
    const LogLevel level = WordAt(text, i);
    if (level != LogLevel::kUnknown) return level;
  }
  return LogLevel::kUnknown;
}

#if defined(__SSSE3__)

// Which of the 16 bytes at p, with their successors, may start a level's name and follow no letter.
// Letters are told apart by the low four bits; what else has the same bits is sorted out later.
uint32_t Candidates(const char* p) {
  // Bits: 1 t d, 2 f, 4 c, 8 e, 16 w, 32 i.
  const __m128i first = _mm_setr_epi8(0, 0, 0, 4, 1, 8, 2, 16, 0, 32, 0, 0, 0, 0, 0, 0);
  // r follows t c e, e follows d, a follows f w, n follows i.
  const __m128i second =
      _mm_setr_epi8(0, 2 | 16, 1 | 4 | 8, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 32, 0);
  const __m128i low = _mm_set1_epi8(0x0f);
  const __m128i before = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p - 1));
  const __m128i here = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  const __m128i next = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 1));
  const __m128i pair = _mm_and_si128(_mm_shuffle_epi8(first, _mm_and_si128(here, low)),
                                     _mm_shuffle_epi8(second, _mm_and_si128(next, low)));
  // A letter: (c | 0x20) - 'a' <= 25, unsigned.
  const auto letters = [](__m128i bytes) {
    const __m128i offset =
        _mm_sub_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
    return _mm_cmpeq_epi8(_mm_min_epu8(offset, _mm_set1_epi8(25)), offset);
  };
  const __m128i none = _mm_cmpeq_epi8(pair, _mm_setzero_si128());
  const __m128i wanted = _mm_andnot_si128(_mm_or_si128(letters(before), none), letters(here));
  return static_cast<uint32_t>(_mm_movemask_epi8(wanted));
}

#endif

}  // namespace

LogLevel FirstLevelWord(std::string_view text) {
  size_t at = 0;
#if defined(__SSSE3__)
  // The byte before the first and the one behind the last must be readable.
  if (text.size() >= 18) {
    const LogLevel first = ScanBytes(text, 0, 1);
    if (first != LogLevel::kUnknown) return first;
    for (at = 1; at + 17 <= text.size(); at += 16) {
      for (uint32_t found = Candidates(text.data() + at); found != 0; found &= found - 1) {
        const LogLevel level = WordAt(text, at + std::countr_zero(found));
        if (level != LogLevel::kUnknown) return level;
      }
    }
  }
#endif
  return ScanBytes(text, at, text.size());
}

}  // namespace tidegate::ingest
