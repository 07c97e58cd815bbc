// The value of an expression over a grid.
#ifndef TIDEGATE_QUERY_PROMQL_VALUE_VALUE_H_
#define TIDEGATE_QUERY_PROMQL_VALUE_VALUE_H_

#include <string>
#include <variant>

#include "query/vector/step_series.h"

namespace tidegate::promql {

using query::HistogramPtr;
using query::SampleKind;
using query::ScalarColumn;
using query::StepGrid;
using query::StepSeries;
using query::StepVector;

// Instant vector, scalar or string. Range vectors are never values: functions consume them series
// by series (range_series.h).
using Value = std::variant<StepVector, ScalarColumn, std::string>;

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_VALUE_VALUE_H_
