// Time zones by name.
#ifndef TIDEGATE_QUERY_LOGQL_TEMPLATE_TIME_ZONES_H_
#define TIDEGATE_QUERY_LOGQL_TEMPLATE_TIME_ZONES_H_

#include <string_view>

#include "absl/time/time.h"

namespace tidegate::logql {

// UTC when there is no such zone. Thread safe. Names may come from lines: what is not a zone's name
// is not looked up on disk, and only so many names are remembered.
absl::TimeZone FindTimeZone(std::string_view name);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_TEMPLATE_TIME_ZONES_H_
