// Constants of the format of log pages (docs/formats/log-page.md).
#ifndef TIDEGATE_STORAGE_LOG_PAGE_LOG_PAGE_FORMAT_H_
#define TIDEGATE_STORAGE_LOG_PAGE_LOG_PAGE_FORMAT_H_

#include <array>
#include <cstdint>

#include "model/log_entry.h"
#include "model/sample.h"

namespace tidegate::storage {

// Most entries of one page: a damaged count costs at most a few megabytes.
inline constexpr uint32_t kMaxPageRows = 1 << 16;
// Most bytes of lines of one page.
inline constexpr uint64_t kMaxPageText = uint64_t{1} << 30;

// How the lines of a template are stored. Values are stored.
enum class TemplateKind : uint8_t {
  kPlain = 0,    // As they are; a filter says what they cannot contain.
  kPattern = 1,  // What is the same in all of them once, what varies in columns.
};

// Units that steps of time are counted in, in nanoseconds. The index is stored.
inline constexpr std::array<uint64_t, 4> kTimeScales = {1, 1'000, 1'000'000, 1'000'000'000};

// Whole milliseconds, rounded towards minus infinity: what indexes know of a nanosecond.
constexpr model::TimestampMs ToMilliseconds(model::TimestampNs timestamp) {
  const model::TimestampMs rounded = timestamp / 1'000'000;
  return timestamp % 1'000'000 < 0 ? rounded - 1 : rounded;
}

// Which characters a variable is made of, in a column's shape. Values are stored.
enum CharacterClasses : uint8_t {
  kDigitClass = 1,
  kLowHexClass = 2,     // a..f
  kLowLetterClass = 4,  // g..z
  kUpHexClass = 8,      // A..F
  kUpLetterClass = 16,  // G..Z
  kOtherClass = 32,
  kTextClasses = 63,     // What texts are made of.
  kDelimiterClass = 64,  // Stands between words and in no variable.
};

constexpr std::array<uint8_t, 256> MakeCharacterClasses() {
  std::array<uint8_t, 256> classes{};
  for (size_t c = 0; c < classes.size(); ++c) {
    classes[c] = kOtherClass;
    if (c >= '0' && c <= '9') classes[c] = kDigitClass;
    if (c >= 'a' && c <= 'z') classes[c] = c <= 'f' ? kLowHexClass : kLowLetterClass;
    if (c >= 'A' && c <= 'Z') classes[c] = c <= 'F' ? kUpHexClass : kUpLetterClass;
  }
  for (const char c : {' ', '\t', '\n', '\r', '"', '\'', ',', ';', '=', '|', '(', ')', '[', ']',
                       '{', '}', '<', '>'}) {
    classes[static_cast<size_t>(c)] = kDelimiterClass;
  }
  return classes;
}
inline constexpr std::array<uint8_t, 256> kCharacterClasses = MakeCharacterClasses();

constexpr uint8_t CharacterClass(char c) { return kCharacterClasses[static_cast<uint8_t>(c)]; }

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_LOG_PAGE_FORMAT_H_
