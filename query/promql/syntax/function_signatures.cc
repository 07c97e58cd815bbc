#include "query/promql/syntax/function_signatures.h"

#include <algorithm>
#include <initializer_list>

namespace tidegate::promql {
namespace {

// Short names keep the table one line a row: a range vector, an instant vector, a scalar, a string.
constexpr ValueType kM = ValueType::kMatrix;
constexpr ValueType kV = ValueType::kVector;
constexpr ValueType kS = ValueType::kScalar;
constexpr ValueType kT = ValueType::kString;

enum Status { kStable, kExperimental };

constexpr FunctionSignature Row(std::string_view name, std::initializer_list<ValueType> args,
                                int variadic, ValueType result, Status status) {
  FunctionSignature row{.name = name,
                        .arg_types = {},
                        .arg_type_count = static_cast<int>(args.size()),
                        .variadic = variadic,
                        .return_type = result,
                        .experimental = status == kExperimental};
  std::copy(args.begin(), args.end(), row.arg_types.begin());
  return row;
}

// Ordered by name.
constexpr std::array kFunctions = {
    Row("abs", {kV}, 0, kV, kStable),
    Row("absent", {kV}, 0, kV, kStable),
    Row("absent_over_time", {kM}, 0, kV, kStable),
    Row("acos", {kV}, 0, kV, kStable),
    Row("acosh", {kV}, 0, kV, kStable),
    Row("asin", {kV}, 0, kV, kStable),
    Row("asinh", {kV}, 0, kV, kStable),
    Row("atan", {kV}, 0, kV, kStable),
    Row("atanh", {kV}, 0, kV, kStable),
    Row("avg_over_time", {kM}, 0, kV, kStable),
    Row("ceil", {kV}, 0, kV, kStable),
    Row("changes", {kM}, 0, kV, kStable),
    Row("clamp", {kV, kS, kS}, 0, kV, kStable),
    Row("clamp_max", {kV, kS}, 0, kV, kStable),
    Row("clamp_min", {kV, kS}, 0, kV, kStable),
    Row("cos", {kV}, 0, kV, kStable),
    Row("cosh", {kV}, 0, kV, kStable),
    Row("count_over_time", {kM}, 0, kV, kStable),
    Row("day_of_month", {kV}, 1, kV, kStable),
    Row("day_of_week", {kV}, 1, kV, kStable),
    Row("day_of_year", {kV}, 1, kV, kStable),
    Row("days_in_month", {kV}, 1, kV, kStable),
    Row("deg", {kV}, 0, kV, kStable),
    Row("delta", {kM}, 0, kV, kStable),
    Row("deriv", {kM}, 0, kV, kStable),
    Row("double_exponential_smoothing", {kM, kS, kS}, 0, kV, kExperimental),
    Row("end", {}, 0, kS, kExperimental),
    Row("exp", {kV}, 0, kV, kStable),
    Row("first_over_time", {kM}, 0, kV, kStable),
    Row("floor", {kV}, 0, kV, kStable),
    Row("histogram_avg", {kV}, 0, kV, kStable),
    Row("histogram_count", {kV}, 0, kV, kStable),
    Row("histogram_fraction", {kS, kS, kV}, 0, kV, kStable),
    Row("histogram_quantile", {kS, kV}, 0, kV, kStable),
    Row("histogram_quantiles", {kV, kT, kS, kS}, 9, kV, kExperimental),
    Row("histogram_stddev", {kV}, 0, kV, kStable),
    Row("histogram_stdvar", {kV}, 0, kV, kStable),
    Row("histogram_sum", {kV}, 0, kV, kStable),
    Row("hour", {kV}, 1, kV, kStable),
    Row("idelta", {kM}, 0, kV, kStable),
    Row("increase", {kM}, 0, kV, kStable),
    Row("info", {kV, kV}, 1, kV, kExperimental),
    Row("irate", {kM}, 0, kV, kStable),
    Row("label_join", {kV, kT, kT, kT}, -1, kV, kStable),
    Row("label_replace", {kV, kT, kT, kT, kT}, 0, kV, kStable),
    Row("last_over_time", {kM}, 0, kV, kStable),
    Row("ln", {kV}, 0, kV, kStable),
    Row("log10", {kV}, 0, kV, kStable),
    Row("log2", {kV}, 0, kV, kStable),
    Row("mad_over_time", {kM}, 0, kV, kExperimental),
    Row("max_of", {kS, kS}, 0, kS, kExperimental),
    Row("max_over_time", {kM}, 0, kV, kStable),
    Row("min_of", {kS, kS}, 0, kS, kExperimental),
    Row("min_over_time", {kM}, 0, kV, kStable),
    Row("minute", {kV}, 1, kV, kStable),
    Row("month", {kV}, 1, kV, kStable),
    Row("pi", {}, 0, kS, kStable),
    Row("predict_linear", {kM, kS}, 0, kV, kStable),
    Row("present_over_time", {kM}, 0, kV, kStable),
    Row("quantile_over_time", {kS, kM}, 0, kV, kStable),
    Row("rad", {kV}, 0, kV, kStable),
    Row("range", {}, 0, kS, kExperimental),
    Row("rate", {kM}, 0, kV, kStable),
    Row("resets", {kM}, 0, kV, kStable),
    Row("round", {kV, kS}, 1, kV, kStable),
    Row("scalar", {kV}, 0, kS, kStable),
    Row("sgn", {kV}, 0, kV, kStable),
    Row("sin", {kV}, 0, kV, kStable),
    Row("sinh", {kV}, 0, kV, kStable),
    Row("sort", {kV}, 0, kV, kStable),
    Row("sort_by_label", {kV, kT}, -1, kV, kExperimental),
    Row("sort_by_label_desc", {kV, kT}, -1, kV, kExperimental),
    Row("sort_desc", {kV}, 0, kV, kStable),
    Row("sqrt", {kV}, 0, kV, kStable),
    Row("start", {}, 0, kS, kExperimental),
    Row("start_timestamp", {kV}, 0, kV, kExperimental),
    Row("stddev_over_time", {kM}, 0, kV, kStable),
    Row("stdvar_over_time", {kM}, 0, kV, kStable),
    Row("step", {}, 0, kS, kExperimental),
    Row("sum_over_time", {kM}, 0, kV, kStable),
    Row("tan", {kV}, 0, kV, kStable),
    Row("tanh", {kV}, 0, kV, kStable),
    Row("time", {}, 0, kS, kStable),
    Row("timestamp", {kV}, 0, kV, kStable),
    Row("ts_of_first_over_time", {kM}, 0, kV, kExperimental),
    Row("ts_of_last_over_time", {kM}, 0, kV, kExperimental),
    Row("ts_of_max_over_time", {kM}, 0, kV, kExperimental),
    Row("ts_of_min_over_time", {kM}, 0, kV, kExperimental),
    Row("vector", {kS}, 0, kV, kStable),
    Row("year", {kV}, 1, kV, kStable),
};

constexpr bool ByName(const FunctionSignature& a, const FunctionSignature& b) {
  return a.name < b.name;
}

static_assert(std::is_sorted(kFunctions.begin(), kFunctions.end(), ByName));

}  // namespace

std::span<const FunctionSignature> AllFunctions() { return kFunctions; }

const FunctionSignature* FindFunction(std::string_view name) {
  const auto* found = std::lower_bound(
      kFunctions.begin(), kFunctions.end(), name,
      [](const FunctionSignature& row, std::string_view wanted) { return row.name < wanted; });
  return found != kFunctions.end() && found->name == name ? found : nullptr;
}

}  // namespace tidegate::promql
