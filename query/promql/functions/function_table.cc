#include "query/promql/functions/function_table.h"

#include <algorithm>
#include <iterator>

#include "query/promql/functions/absent.h"
#include "query/promql/functions/changes.h"
#include "query/promql/functions/conversion.h"
#include "query/promql/functions/histogram.h"
#include "query/promql/functions/histogram_estimate.h"
#include "query/promql/functions/instant_rate.h"
#include "query/promql/functions/label.h"
#include "query/promql/functions/math.h"
#include "query/promql/functions/over_time.h"
#include "query/promql/functions/rate.h"
#include "query/promql/functions/regression.h"
#include "query/promql/functions/sort.h"
#include "query/promql/functions/time.h"
#include "query/promql/functions/trig.h"

namespace tidegate::promql {
namespace {

// Ordered by name.
constexpr FunctionImplementation kFunctions[] = {
    {.name = "abs", .instant = Abs},
    {.name = "absent", .instant = Absent},
    {.name = "absent_over_time", .range = PresentOverTime},  // The evaluator inverts it.
    {.name = "acos", .instant = Acos},
    {.name = "acosh", .instant = Acosh},
    {.name = "asin", .instant = Asin},
    {.name = "asinh", .instant = Asinh},
    {.name = "atan", .instant = Atan},
    {.name = "atanh", .instant = Atanh},
    {.name = "avg_over_time", .range = AvgOverTime},
    {.name = "ceil", .instant = Ceil},
    {.name = "changes", .range = Changes},
    {.name = "clamp", .instant = Clamp},
    {.name = "clamp_max", .instant = ClampMax},
    {.name = "clamp_min", .instant = ClampMin},
    {.name = "cos", .instant = Cos},
    {.name = "cosh", .instant = Cosh},
    {.name = "count_over_time", .range = CountOverTime},
    {.name = "day_of_month", .instant = DayOfMonth},
    {.name = "day_of_week", .instant = DayOfWeek},
    {.name = "day_of_year", .instant = DayOfYear},
    {.name = "days_in_month", .instant = DaysInMonth},
    {.name = "deg", .instant = Deg},
    {.name = "delta", .range = Delta},
    {.name = "deriv", .range = Deriv},
    {.name = "double_exponential_smoothing", .range = DoubleExponentialSmoothing},
    {.name = "exp", .instant = Exp},
    {.name = "first_over_time", .range = FirstOverTime},
    {.name = "floor", .instant = Floor},
    {.name = "histogram_avg", .instant = HistogramAvg},
    {.name = "histogram_count", .instant = HistogramCount},
    {.name = "histogram_fraction", .instant = HistogramFractionOf},
    {.name = "histogram_quantile", .instant = HistogramQuantileOf},
    {.name = "histogram_quantiles", .instant = HistogramQuantiles},
    {.name = "histogram_stddev", .instant = HistogramStddev},
    {.name = "histogram_stdvar", .instant = HistogramStdvar},
    {.name = "histogram_sum", .instant = HistogramSumOf},
    {.name = "hour", .instant = Hour},
    {.name = "idelta", .range = Idelta},
    {.name = "increase", .range = Increase},
    {.name = "irate", .range = Irate},
    {.name = "label_join", .instant = LabelJoin},
    {.name = "label_replace", .instant = LabelReplace},
    {.name = "last_over_time", .range = LastOverTime},
    {.name = "ln", .instant = Ln},
    {.name = "log10", .instant = Log10},
    {.name = "log2", .instant = Log2},
    {.name = "mad_over_time", .range = MadOverTime},
    {.name = "max_of", .instant = MaxOf},
    {.name = "max_over_time", .range = MaxOverTime},
    {.name = "min_of", .instant = MinOf},
    {.name = "min_over_time", .range = MinOverTime},
    {.name = "minute", .instant = Minute},
    {.name = "month", .instant = Month},
    {.name = "pi", .instant = Pi},
    {.name = "predict_linear", .range = PredictLinear},
    {.name = "present_over_time", .range = PresentOverTime},
    {.name = "quantile_over_time", .range = QuantileOverTime},
    {.name = "rad", .instant = Rad},
    {.name = "rate", .range = Rate},
    {.name = "resets", .range = Resets},
    {.name = "round", .instant = Round},
    {.name = "scalar", .instant = ScalarOf},
    {.name = "sgn", .instant = Sgn},
    {.name = "sin", .instant = Sin},
    {.name = "sinh", .instant = Sinh},
    {.name = "sort", .instant = Sort},
    {.name = "sort_by_label", .instant = SortByLabel},
    {.name = "sort_by_label_desc", .instant = SortByLabelDesc},
    {.name = "sort_desc", .instant = SortDesc},
    {.name = "sqrt", .instant = Sqrt},
    {.name = "stddev_over_time", .range = StddevOverTime},
    {.name = "stdvar_over_time", .range = StdvarOverTime},
    {.name = "sum_over_time", .range = SumOverTime},
    {.name = "tan", .instant = Tan},
    {.name = "tanh", .instant = Tanh},
    {.name = "time", .instant = Time},
    {.name = "timestamp", .instant = TimestampOfExpression},
    {.name = "ts_of_first_over_time", .range = TsOfFirstOverTime},
    {.name = "ts_of_last_over_time", .range = TsOfLastOverTime},
    {.name = "ts_of_max_over_time", .range = TsOfMaxOverTime},
    {.name = "ts_of_min_over_time", .range = TsOfMinOverTime},
    {.name = "vector", .instant = VectorOf},
    {.name = "year", .instant = Year},
};

static_assert(std::is_sorted(std::begin(kFunctions), std::end(kFunctions),
                             [](const FunctionImplementation& a, const FunctionImplementation& b) {
                               return a.name < b.name;
                             }));

}  // namespace

const FunctionImplementation* FindImplementation(std::string_view name) {
  const auto it = std::lower_bound(
      std::begin(kFunctions), std::end(kFunctions), name,
      [](const FunctionImplementation& f, std::string_view wanted) { return f.name < wanted; });
  return it != std::end(kFunctions) && it->name == name ? it : nullptr;
}

}  // namespace tidegate::promql
