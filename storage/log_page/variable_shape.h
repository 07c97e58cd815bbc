// What the values of a column have in common, as far as it is told without reading them.
#ifndef TIDEGATE_STORAGE_LOG_PAGE_VARIABLE_SHAPE_H_
#define TIDEGATE_STORAGE_LOG_PAGE_VARIABLE_SHAPE_H_

#include <cstdint>
#include <string_view>

namespace tidegate::storage {

// `least` to `largest` characters of these classes (log_page_format.h); with `numbers`, 1 to 19
// digits that stand for a number between `lowest` and `highest`, both inclusive.
struct VariableShape {
  uint8_t classes = 0;
  uint32_t largest = 0;
  uint32_t least = 1;
  bool numbers = false;
  uint64_t lowest = 0;
  uint64_t highest = 0;
};

// What is asked of a value: to be a piece, or to begin with it, end with it, hold it.
enum class PieceKind : uint8_t { kEquals, kBegins, kEnds, kHolds };

// Whether a piece of so many of these characters fits into a value at all. Once a piece does not,
// none that it is the beginning of does.
bool FitsInto(const VariableShape& shape, std::string_view piece);

// False only when no value of this shape is like the piece, which fits.
bool MayBe(const VariableShape& shape, PieceKind kind, std::string_view piece);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_VARIABLE_SHAPE_H_
