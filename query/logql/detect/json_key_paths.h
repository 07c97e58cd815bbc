// The keys that lead to each field that `| json` reads.
#ifndef TIDEGATE_QUERY_LOGQL_DETECT_JSON_KEY_PATHS_H_
#define TIDEGATE_QUERY_LOGQL_DETECT_JSON_KEY_PATHS_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tidegate::logql {

// By the name that the field has as a label; the first of equal names counts. What stands behind a
// broken part is not looked at. Objects nested deeper than `| json` reads are left out.
std::map<std::string, std::vector<std::string>, std::less<>> JsonKeyPaths(std::string_view line);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_DETECT_JSON_KEY_PATHS_H_
