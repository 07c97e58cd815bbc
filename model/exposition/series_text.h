// A series as an exposition writes it: name{label="value"}, or with the name quoted inside the
// braces.
#ifndef TIDEGATE_MODEL_EXPOSITION_SERIES_TEXT_H_
#define TIDEGATE_MODEL_EXPOSITION_SERIES_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace tidegate::model {

// The two text formats: Prometheus' own 0.0.4 (and 1.0.0, which adds quoted names), and OpenMetrics
// 1.0, which allows no blanks but the ones it asks for.
enum class ExpositionFormat : uint8_t { kPrometheusText, kOpenMetrics };

// The size of the series in front of `line`, up to and without the blank before the value. Quotes
// are respected, the rest is not checked. npos when a brace or a quote is left open.
size_t SeriesTextSize(std::string_view line);

using LabelPairs = std::vector<std::pair<std::string, std::string>>;

// Reads what SeriesTextSize measured, in the order written; the name becomes __name__. A label with
// an empty value is kept: whether it is there may matter to relabelling. InvalidArgument says what
// was expected: no name, a name twice, a label twice, broken quoting, a blank in OpenMetrics, bytes
// that are not UTF-8.
absl::Status ParseSeriesText(std::string_view text, ExpositionFormat format, LabelPairs* labels);

// Reads a label set in braces alone, as exemplars have it.
absl::Status ParseLabelSetText(std::string_view text, ExpositionFormat format, LabelPairs* labels);

// \\, \" and \n become what they stand for; other escapes stay as they are.
std::string UnescapeExposition(std::string_view text);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_EXPOSITION_SERIES_TEXT_H_
