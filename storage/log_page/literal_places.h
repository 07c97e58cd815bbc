// Where a literal can lie in the lines of a template.
#ifndef TIDEGATE_STORAGE_LOG_PAGE_LITERAL_PLACES_H_
#define TIDEGATE_STORAGE_LOG_PAGE_LITERAL_PLACES_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "storage/log_page/line_template.h"
#include "storage/log_page/variable_column.h"

namespace tidegate::storage {

// What a variable must be like for the literal to lie there.
struct LiteralPiece {
  uint32_t variable = 0;  // Of the template.
  PieceKind kind = PieceKind::kHolds;
  std::string_view text;  // Part of the literal.
};

// One way in which it can lie: all pieces hold. None: it stands in the template itself.
using LiteralPlace = std::vector<LiteralPiece>;

// All ways; a line holds the literal exactly when one of them is true of it. False when there are
// too many to tell. The literal is not empty and outlives the places.
bool FindLiteralPlaces(const LineTemplate& lines, std::string_view literal,
                       std::vector<LiteralPlace>* places);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_LITERAL_PLACES_H_
