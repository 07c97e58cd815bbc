// The language of expression monitors.
#ifndef TIDEGATE_CONTROL_MONITORS_EXPRESSION_EXPRESSION_H_
#define TIDEGATE_CONTROL_MONITORS_EXPRESSION_EXPRESSION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tidegate::control {

// Source: Mackerel's help, "Displaying customized graphs".
enum class ExpressionFunction : uint8_t {
  kHost,
  kService,
  kRole,
  kRoleSlots,
  kAvg,
  kMax,
  kMin,
  kSum,
  kStddev,
  kProduct,
  kPercentile,
  kDiff,
  kDivide,
  kScale,
  kOffset,
  kTimeShift,
  kMovingAverage,
  kLinearRegression,
  kTimeLeftForecast,
  kGroup,
  kStack,
  kAlias,
};

inline constexpr size_t kMaxExpressionBytes = 8192;
inline constexpr int kMaxExpressionDepth = 32;
// What all durations of an expression may reach into the past together.
inline constexpr absl::Duration kMaxExpressionReach = absl::Hours(24 * 400);

// A call of one function. Immutable once parsed.
struct Expression {
  ExpressionFunction function = ExpressionFunction::kGroup;
  std::string subject;               // Of host, service, role, roleSlots: whose metrics.
  std::string metric;                // The same; * and # stand for one part between dots.
  std::string name;                  // Of alias.
  double factor = 0;                 // Of scale, offset, percentile, timeLeftForecast.
  absl::Duration duration;           // Of timeShift and all that look back.
  std::vector<Expression> operands;  // Metrics that it works on.

  friend bool operator==(const Expression&, const Expression&) = default;
};

// InvalidArgument says what is wrong and at which character (from 1): syntax, an unknown function,
// other arguments than it takes, a percentage that is not between 0 and 100, a duration or nesting
// that is too much.
absl::StatusOr<Expression> ParseExpression(std::string_view text);

// Whether the result is one series whatever hosts there are.
bool GivesOneSeries(const Expression& expression);

// How far it looks behind the time it is asked for.
absl::Duration ReachOf(const Expression& expression);

// In a form that parses to the same.
std::string FormatExpression(const Expression& expression);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_EXPRESSION_EXPRESSION_H_
