// Floats as Go prints and computes them, where clients see the difference.
#ifndef TIDEGATE_QUERY_VECTOR_GO_FLOAT_H_
#define TIDEGATE_QUERY_VECTOR_GO_FLOAT_H_

#include <optional>
#include <string>
#include <string_view>

namespace tidegate::query {

// Go's %g: the shortest digits that read back, with an exponent below 1e-4 and from 1e6 on
// ("1e+06", "1e-05"); NaN, +Inf, -Inf.
std::string FormatG(double value);
// Go's %.2g: at most two significant digits.
std::string FormatG2(double value);
// Like %g, with ".0" added to what would read as an integer (OpenMetrics labels: le="1.0").
std::string FormatOpenMetricsFloat(double value);
// Go's strconv.ParseFloat as bucket bounds need it: decimal and hexadecimal numbers, inf, infinity
// and nan in any case. nullopt when malformed.
std::optional<double> ParseFloat(std::string_view text);

// math.Max and math.Min: NaN wins over everything but the infinity on their side.
double GoMax(double a, double b);
double GoMin(double a, double b);
// math.Mod: the sign of the dividend; NaN for a zero divisor.
double GoMod(double a, double b);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_VECTOR_GO_FLOAT_H_
