// Finds the level field of lines that are JSON objects or logfmt.
#ifndef TIDEGATE_INGEST_ADMIT_LOGS_LEVEL_FIELD_H_
#define TIDEGATE_INGEST_ADMIT_LOGS_LEVEL_FIELD_H_

#include <string_view>

namespace tidegate::ingest {

// Whether the first and the last character that is no white space are braces.
bool LooksLikeJson(std::string_view line);

// The value, as it stands, of the first string member in the order of the text, depth first, of the
// object and the objects in it, whose name is one of the level fields. Reading ends at the first
// syntax error. Empty when there is none.
std::string_view JsonLevelField(std::string_view line);

// The value, as it stands, of the level field whose name comes first in the list of names, without
// regard to case. Reading ends at the first syntax error.
std::string_view LogfmtLevelField(std::string_view line);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_ADMIT_LOGS_LEVEL_FIELD_H_
