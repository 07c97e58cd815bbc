// The right side of `json a="pod.uuid"` and `logfmt a="key"`.
#ifndef TIDEGATE_QUERY_LOGQL_LINES_FIELD_PATH_H_
#define TIDEGATE_QUERY_LOGQL_LINES_FIELD_PATH_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

namespace tidegate::logql {

// A key of an object, or an index of an array.
using PathStep = std::variant<std::string, uint64_t>;
using FieldPath = std::vector<PathStep>;

// Objects that nest deeper than any path could lead are not read (json_fields.h has the same
// bound).
inline constexpr size_t kMaxPathSteps = 128;

// field | ["key"] | [index], joined: `pod.containers[0]["image name"]`. Never empty.
// InvalidArgument with the text of Loki's grammar ("syntax error: unexpected DOT, expecting
// FIELD").
absl::StatusOr<FieldPath> ParseJsonPath(std::string_view text);

// One key, plain or quoted; empty for the empty text. InvalidArgument as above.
absl::StatusOr<std::string> ParseLogfmtKey(std::string_view text);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_LINES_FIELD_PATH_H_
