// What the values of a field look like.
#ifndef TIDEGATE_QUERY_LOGQL_DETECT_VALUE_TYPE_H_
#define TIDEGATE_QUERY_LOGQL_DETECT_VALUE_TYPE_H_

#include <string_view>

namespace tidegate::logql {

// int, float, boolean, duration, bytes or string: the first that reads the value (Loki's order).
const char* DetectedType(std::string_view value);

// Whether a value tells things apart rather than kinds of things: a number, except 0 and 1, or a
// UUID.
bool IsIdentifier(std::string_view value);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_DETECT_VALUE_TYPE_H_
