// Whether some bytes stand in others.
#ifndef TIDEGATE_STORAGE_LOG_PAGE_HOLDS_BYTES_H_
#define TIDEGATE_STORAGE_LOG_PAGE_HOLDS_BYTES_H_

#include <string_view>

namespace tidegate::storage {

// Several bytes a cycle where the piece is not there, whatever the bytes are: memmem, which is best
// on text, takes a quarter of that on packed numbers. Any piece, the empty one too.
bool HoldsBytes(std::string_view bytes, std::string_view piece);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_HOLDS_BYTES_H_
