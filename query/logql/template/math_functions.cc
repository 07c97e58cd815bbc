#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "query/logql/template/functions.h"
#include "query/vector/go_float.h"

namespace tidegate::logql {
namespace {

// Integers wrap around, as Go's do.
template <typename Operation>
int64_t Wrapping(int64_t a, int64_t b, Operation operation) {
  return static_cast<int64_t>(operation(static_cast<uint64_t>(a), static_cast<uint64_t>(b)));
}

absl::StatusOr<Value> Add(Arguments args) {
  int64_t sum = 0;
  for (const Value& value : args) {
    sum = Wrapping(sum, ToInt(value), [](uint64_t a, uint64_t b) { return a + b; });
  }
  return Value(sum);
}

absl::StatusOr<Value> Sub(Arguments args) {
  return Value(
      Wrapping(ToInt(args[0]), ToInt(args[1]), [](uint64_t a, uint64_t b) { return a - b; }));
}

absl::StatusOr<Value> Mul(Arguments args) {
  int64_t product = ToInt(args[0]);
  for (const Value& value : args.subspan(1)) {
    product = Wrapping(product, ToInt(value), [](uint64_t a, uint64_t b) { return a * b; });
  }
  return Value(product);
}

absl::StatusOr<Value> Div(Arguments args) {
  const int64_t divisor = ToInt(args[1]);
  if (divisor == 0) return absl::InvalidArgumentError("integer divide by zero");
  // The smallest number has no opposite.
  if (divisor == -1) {
    return Value(Wrapping(0, ToInt(args[0]), [](uint64_t a, uint64_t b) { return a - b; }));
  }
  return Value(ToInt(args[0]) / divisor);
}

absl::StatusOr<Value> Mod(Arguments args) {
  const int64_t divisor = ToInt(args[1]);
  if (divisor == 0) return absl::InvalidArgumentError("integer divide by zero");
  return Value(divisor == -1 ? int64_t{0} : ToInt(args[0]) % divisor);
}

// Sprig computes with decimal numbers, so 0.1 and 0.2 are 0.3. Made of the digits that print the
// number, with the bits that a double lacks, results round to the same doubles.
long double Decimal(const Value& value) {
  const double number = ToFloat(value);
  if (!std::isfinite(number)) return number;
  const std::string digits = query::FormatG(number);
  long double decimal = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), decimal);
  return decimal;
}

template <typename Operation>
Value Fold(Arguments args, Operation operation) {
  long double result = Decimal(args[0]);
  for (const Value& value : args.subspan(1)) result = operation(result, Decimal(value));
  return Value(static_cast<double>(result));
}

absl::StatusOr<Value> AddF(Arguments args) {
  return Fold(args, [](long double a, long double b) { return a + b; });
}
absl::StatusOr<Value> SubF(Arguments args) {
  return Fold(args, [](long double a, long double b) { return a - b; });
}
absl::StatusOr<Value> MulF(Arguments args) {
  return Fold(args, [](long double a, long double b) { return a * b; });
}
absl::StatusOr<Value> DivF(Arguments args) {
  for (const Value& value : args.subspan(1)) {
    if (ToFloat(value) == 0) return absl::InvalidArgumentError("decimal division by 0");
  }
  return Fold(args, [](long double a, long double b) { return a / b; });
}
absl::StatusOr<Value> MaxF(Arguments args) {
  return Fold(args, [](long double a, long double b) { return std::max(a, b); });
}
absl::StatusOr<Value> MinF(Arguments args) {
  return Fold(args, [](long double a, long double b) { return std::min(a, b); });
}

absl::StatusOr<Value> Max(Arguments args) {
  int64_t result = ToInt(args[0]);
  for (const Value& value : args) result = std::max(result, ToInt(value));
  return Value(result);
}
absl::StatusOr<Value> Min(Arguments args) {
  int64_t result = ToInt(args[0]);
  for (const Value& value : args) result = std::min(result, ToInt(value));
  return Value(result);
}

absl::StatusOr<Value> Ceil(Arguments args) { return Value(std::ceil(ToFloat(args[0]))); }
absl::StatusOr<Value> Floor(Arguments args) { return Value(std::floor(ToFloat(args[0]))); }

// round x digits [where to round up, 0.5].
absl::StatusOr<Value> Round(Arguments args) {
  const double up = args.size() > 2 ? ToFloat(args[2]) : 0.5;
  const double scale = std::pow(10, static_cast<double>(ToInt(args[1])));
  const double scaled = scale * ToFloat(args[0]);
  double whole = 0;
  const double fraction = std::modf(scaled, &whole);
  return Value((fraction >= up ? std::ceil(scaled) : std::floor(scaled)) / scale);
}

absl::StatusOr<Value> Int(Arguments args) { return Value(ToInt(args[0])); }
absl::StatusOr<Value> Float64(Arguments args) { return Value(ToFloat(args[0])); }

}  // namespace

absl::Span<const TemplateFunction> MathFunctions() {
  constexpr size_t kAny = TemplateFunction::kAny;
  static constexpr TemplateFunction kFunctions[] = {
      {"add", 0, kAny, Add},   {"addf", 1, kAny, AddF},
      {"ceil", 1, 1, Ceil},    {"div", 2, 2, Div},
      {"divf", 1, kAny, DivF}, {"float64", 1, 1, Float64},
      {"floor", 1, 1, Floor},  {"int", 1, 1, Int},
      {"max", 1, kAny, Max},   {"maxf", 1, kAny, MaxF},
      {"min", 1, kAny, Min},   {"minf", 1, kAny, MinF},
      {"mod", 2, 2, Mod},      {"mul", 1, kAny, Mul},
      {"mulf", 1, kAny, MulF}, {"round", 2, 3, Round, "aif"},
      {"sub", 2, 2, Sub},      {"subf", 1, kAny, SubF},
  };
  return kFunctions;
}

}  // namespace tidegate::logql
