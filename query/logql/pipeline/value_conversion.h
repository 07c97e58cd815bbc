// From the text of a label to the number that comparisons and unwrap compute with.
#ifndef TIDEGATE_QUERY_LOGQL_PIPELINE_VALUE_CONVERSION_H_
#define TIDEGATE_QUERY_LOGQL_PIPELINE_VALUE_CONVERSION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidegate::logql {

enum class ValueKind : uint8_t {
  kNumber,    // Go's strconv.ParseFloat.
  kDuration,  // Go's time.ParseDuration; nanoseconds.
  kBytes,     // go-humanize's ParseBytes.
};

// Nothing when the text is none of that kind.
std::optional<double> ConvertValue(ValueKind kind, std::string_view text);

// Why ConvertValue gave nothing, in the words that Loki's users know from __error_details__.
std::string ConversionError(ValueKind kind, std::string_view text);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_PIPELINE_VALUE_CONVERSION_H_
