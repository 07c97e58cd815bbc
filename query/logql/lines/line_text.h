// Text inside of lines: characters, and what stands for others.
#ifndef TIDEGATE_QUERY_LOGQL_LINES_LINE_TEXT_H_
#define TIDEGATE_QUERY_LOGQL_LINES_LINE_TEXT_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "query/logql/lines/line_arena.h"

namespace tidegate::logql {

// Bytes of the character that `text` (not empty) begins with; 1 for a byte that begins none.
size_t RuneLength(std::string_view text);

// Whether there is U+FFFD or a byte that is no UTF-8 (which reads as U+FFFD).
bool HasBadRune(std::string_view text);

// The text with a space for each of those; itself if there is none.
std::string_view WithoutBadRunes(std::string_view text, LineArena* arena);

enum class Escapes {
  kJson,    // Half a surrogate pair is an error.
  kLogfmt,  // \' too; half a surrogate pair reads as U+FFFD.
};

// Decodes \" \\ \/ \b \f \n \r \t \uXXXX; itself if there is no backslash. nullopt: an escape that
// does not exist.
std::optional<std::string_view> Unescape(std::string_view text, Escapes escapes, LineArena* arena);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_LINES_LINE_TEXT_H_
