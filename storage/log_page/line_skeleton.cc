#include "storage/log_page/line_skeleton.h"

#include <array>
#include <bit>
#include <cstring>

#include "storage/log_page/log_page_format.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tidegate::storage {
namespace {

constexpr size_t kMaxNumberDigits = 19;
constexpr size_t kLeastHexWord = 4;
constexpr int kMostRuns = 4;  // Of letters or digits, in a word whose digits vary by themselves.
constexpr uint8_t kLastReserved = 3;

// A bit for each of 16 bytes.
struct Masks {
  uint32_t digits = 0;
  uint32_t words = 0;
  uint32_t reserved = 0;
};

#if defined(__SSE2__)
// Bits of the bytes from `first` to `first + range`.
uint32_t InRange(__m128i bytes, char first, char range) {
  const __m128i distance = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
  const __m128i inside = _mm_cmpeq_epi8(_mm_min_epu8(distance, _mm_set1_epi8(range)), distance);
  return static_cast<uint32_t>(_mm_movemask_epi8(inside));
}

Masks MasksOf(const char* text) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
  const __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
  Masks masks;
  masks.digits = InRange(bytes, '0', 9);
  masks.words = masks.digits | InRange(lower, 'a', 25);
  masks.reserved = InRange(bytes, 0, kLastReserved);
  return masks;
}
#else
Masks MasksOf(const char* text) {
  Masks masks;
  for (int i = 0; i < 16; ++i) {
    const uint8_t found = CharacterClass(text[i]);
    if (found == kDigitClass) masks.digits |= 1u << i;
    if ((found & (kOtherClass | kDelimiterClass)) == 0) masks.words |= 1u << i;
    if (static_cast<uint8_t>(text[i]) <= kLastReserved) masks.reserved |= 1u << i;
  }
  return masks;
}
#endif

// The first position >= at, below `end`, whose bit is set after `flip`; `end` when there is none.
template <size_t kWords>
size_t NextBit(const std::array<uint64_t, kWords>& bits, size_t at, size_t end, uint64_t flip) {
  if (at >= end) return end;
  size_t word = at / 64;
  uint64_t rest = (bits[word] ^ flip) & (~uint64_t{0} << (at % 64));
  while (rest == 0) {
    if (++word * 64 >= end) return end;
    rest = bits[word] ^ flip;
  }
  const size_t found = word * 64 + static_cast<size_t>(std::countr_zero(rest));
  return found < end ? found : end;
}

uint64_t ToNumber(std::string_view digits) {
  uint64_t number = 0;
  for (const char digit : digits) number = number * 10 + static_cast<uint64_t>(digit - '0');
  return number;
}

bool LooksHexadecimal(std::string_view word) {
  if (word.size() < kLeastHexWord) return false;
  uint8_t classes = 0;
  for (const char c : word) classes |= CharacterClass(c);
  return (classes & ~(kDigitClass | kLowHexClass)) == 0 ||
         (classes & ~(kDigitClass | kUpHexClass)) == 0;
}

// Where the groups of a UUID end: 8-4-4-4-12 digits.
constexpr std::array<size_t, 5> kUuidGroups = {8, 13, 18, 23, 36};

bool IsUuid(std::string_view text) {
  if (text.size() < kUuidGroups.back()) return false;
  uint8_t classes = 0;
  size_t begin = 0;
  for (const size_t end : kUuidGroups) {
    for (size_t i = begin; i < end; ++i) classes |= CharacterClass(text[i]);
    if (end != kUuidGroups.back() && text[end] != '-') return false;
    begin = end + 1;
  }
  return (classes & ~(kDigitClass | kLowHexClass)) == 0 ||
         (classes & ~(kDigitClass | kUpHexClass)) == 0;
}

int RunsOf(std::string_view word) {
  int runs = 1;
  for (size_t i = 1; i < word.size(); ++i) {
    const bool digit = CharacterClass(word[i]) == kDigitClass;
    runs += digit != (CharacterClass(word[i - 1]) == kDigitClass) ? 1 : 0;
  }
  return runs;
}

}  // namespace

// False when the line holds reserved bytes.
bool LineSplitter::Classify() {
  std::memset(line_.data() + size_, ' ', kStep);
  uint32_t reserved = 0;
  for (size_t word = 0; word * 64 < size_; ++word) {
    uint64_t digits = 0, words = 0;
    for (size_t at = word * 64; at < size_ && at < word * 64 + 64; at += kStep) {
      const Masks masks = MasksOf(line_.data() + at);
      digits |= static_cast<uint64_t>(masks.digits) << (at % 64);
      words |= static_cast<uint64_t>(masks.words) << (at % 64);
      reserved |= masks.reserved;
    }
    digits_[word] = digits;
    words_[word] = words;
  }
  return reserved == 0;
}

size_t LineSplitter::NextDigit(size_t at) const { return NextBit(digits_, at, size_, 0); }
size_t LineSplitter::EndOfDigits(size_t at) const {
  return NextBit(digits_, at, size_, ~uint64_t{0});
}
size_t LineSplitter::EndOfWord(size_t at) const { return NextBit(words_, at, size_, ~uint64_t{0}); }

size_t LineSplitter::BeginOfWord(size_t at) const {
  while (at > copied_ && (words_[(at - 1) / 64] >> ((at - 1) % 64) & 1) != 0) --at;
  return at;
}

void LineSplitter::CopyUntil(size_t end) {
  const size_t size = end - copied_;
  char* const to = skeleton_.data() + skeleton_size_;
  const char* const from = line_.data() + copied_;
  for (size_t i = 0; i < size; i += kStep) std::memcpy(to + i, from + i, kStep);
  skeleton_size_ += size;
  copied_ = end;
}

void LineSplitter::AddVariable(size_t begin, size_t end, char mark) {
  CopyUntil(begin);
  skeleton_[skeleton_size_++] = mark;
  copied_ = end;
  Variable variable{.begin = static_cast<uint32_t>(begin),
                    .size = static_cast<uint32_t>(end - begin),
                    .number = 0};
  if (mark == kNumberMark) variable.number = ToNumber({line_.data() + begin, end - begin});
  variables_.push_back(variable);
}

void LineSplitter::AddDigits(size_t begin, size_t end) {
  AddVariable(begin, end, end - begin <= kMaxNumberDigits ? kNumberMark : kWordMark);
}

void LineSplitter::AddMixedWord(size_t begin, size_t end) {
  const std::string_view word(line_.data() + begin, end - begin);
  if (LooksHexadecimal(word) || RunsOf(word) > kMostRuns) {
    return AddVariable(begin, end, kWordMark);
  }
  for (size_t at = NextDigit(begin); at < end; at = NextDigit(EndOfDigits(at))) {
    AddDigits(at, EndOfDigits(at));
  }
}

// Each group varies as a word, whether there are letters in it or not. False when there is none.
bool LineSplitter::AddUuid(size_t begin, size_t end) {
  if (end - begin != kUuidGroups[0] || line_[end] != '-' ||
      !IsUuid({line_.data() + begin, size_ - begin}) ||
      EndOfWord(begin + kUuidGroups[3] + 1) != begin + kUuidGroups[4]) {
    return false;
  }
  size_t from = begin;
  for (const size_t group : kUuidGroups) {
    AddVariable(from, begin + group, kWordMark);
    from = begin + group + 1;
  }
  return true;
}

bool LineSplitter::Split(std::string_view line) {
  if (line.size() > kMaxSplitLine) return false;
  size_ = line.size();
  copied_ = 0;
  skeleton_size_ = 0;
  variables_.clear();
  std::memcpy(line_.data(), line.data(), line.size());
  if (!Classify()) return false;
  for (size_t at = NextDigit(0); at < size_; at = NextDigit(copied_)) {
    const size_t begin = BeginOfWord(at);
    const size_t end = EndOfWord(at);
    if (AddUuid(begin, end)) {
      // Done.
    } else if (begin == at && EndOfDigits(at) == end) {
      AddDigits(at, end);
    } else {
      AddMixedWord(begin, end);
    }
    if (variables_.size() > kMaxVariables) return false;
  }
  CopyUntil(size_);
  return true;
}

}  // namespace tidegate::storage
