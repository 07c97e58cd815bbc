// Evaluates expressions over series of one value a minute.
#ifndef TIDEGATE_CONTROL_MONITORS_EXPRESSION_EVALUATION_H_
#define TIDEGATE_CONTROL_MONITORS_EXPRESSION_EVALUATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "control/monitors/expression/expression.h"

namespace tidegate::control {

// Values of one evaluation; more are an error.
inline constexpr size_t kMaxExpressionValues = 10'000'000;

// Minutes since 1970, both ends included.
struct MinuteRange {
  int64_t first = 0;
  int64_t last = 0;
  size_t size() const { return static_cast<size_t>(last - first + 1); }
};

struct MinuteSeries {
  std::string name;
  std::vector<double> values;  // One for each minute of a range; NaN: none.
};

// Where values come from.
class ExpressionSource {
 public:
  virtual ~ExpressionSource() = default;
  // The series of a call of host, service, role or roleSlots over the range.
  virtual absl::StatusOr<std::vector<MinuteSeries>> Load(const Expression& leaf,
                                                         MinuteRange range) = 0;
};

// All series of the expression, as at `now` (what looks back from the current time does so from
// there). A minute has a value where its operands have one; aggregations take the series that have.
// Dividing by zero gives none. A trend that moves away from its threshold has +Inf seconds left,
// one that has crossed it within its duration none. FailedPrecondition: diff or divide of different
// numbers of series, too many values; others as the source's.
absl::StatusOr<std::vector<MinuteSeries>> EvaluateExpression(const Expression& expression,
                                                             MinuteRange range, int64_t now,
                                                             ExpressionSource* source);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_EXPRESSION_EVALUATION_H_
