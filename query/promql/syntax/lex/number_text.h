// Numbers from and to text, by the rules of PromQL (which are Go's).
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_NUMBER_TEXT_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_NUMBER_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tidegate::promql {

// The value of a number token: a decimal or hexadecimal integer, an octal one with a leading zero,
// a decimal fraction with or without exponent, `inf` or `nan` in any case. `_` may separate digits.
// InvalidArgument with Go's text if it is malformed or too large; too small a value becomes 0.
absl::StatusOr<double> ParseNumber(std::string_view text);

// A decimal count without sign or separators, for repetitions. InvalidArgument with Go's text.
absl::StatusOr<uint64_t> ParseCount(std::string_view text);

// The shortest digits that read back as `value`, never with an exponent: 0.000001, 1e21 in full,
// NaN, +Inf, -Inf.
std::string FormatNumber(double value);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_LEX_NUMBER_TEXT_H_
