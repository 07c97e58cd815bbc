// Series as JSON lines (docs/formats/json-lines.md).
#ifndef TIDEGATE_API_EXPORT_SERIES_LINE_H_
#define TIDEGATE_API_EXPORT_SERIES_LINE_H_

#include <cstddef>
#include <functional>
#include <string_view>

#include "query/query_service.h"

namespace tidegate::api {

// Hands the lines of a series to `line_fn`, each with its newline and with at most `max_rows`
// points; floats first. False as soon as line_fn says so.
bool WriteSeriesLines(const storage::SelectedSeries& series, size_t max_rows,
                      const std::function<bool(std::string_view line)>& line_fn);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_EXPORT_SERIES_LINE_H_
