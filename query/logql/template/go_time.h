// Times in Go's layouts: "2006-01-02T15:04:05.999Z07:00".
#ifndef TIDEGATE_QUERY_LOGQL_TEMPLATE_GO_TIME_H_
#define TIDEGATE_QUERY_LOGQL_TEMPLATE_GO_TIME_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "query/logql/template/value.h"

namespace tidegate::logql {

// Go's Time.Format.
std::string FormatGoTime(std::string_view layout, const TimeValue& time);

// Go's time.ParseInLocation: `zone` counts where the text names none. Nothing when the text is not
// as the layout says, or no such day exists.
std::optional<TimeValue> ParseGoTime(std::string_view layout, std::string_view text,
                                     absl::TimeZone zone);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_TEMPLATE_GO_TIME_H_
