#include "query/promql/functions/trig.h"

#include <cmath>
#include <numbers>

#include "query/promql/functions/map_floats.h"

namespace tidegate::promql {

absl::StatusOr<Value> Sin(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::sin(v); });
}

absl::StatusOr<Value> Cos(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::cos(v); });
}

absl::StatusOr<Value> Tan(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::tan(v); });
}

absl::StatusOr<Value> Asin(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::asin(v); });
}

absl::StatusOr<Value> Acos(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::acos(v); });
}

absl::StatusOr<Value> Atan(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::atan(v); });
}

absl::StatusOr<Value> Sinh(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::sinh(v); });
}

absl::StatusOr<Value> Cosh(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::cosh(v); });
}

absl::StatusOr<Value> Tanh(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::tanh(v); });
}

absl::StatusOr<Value> Asinh(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::asinh(v); });
}

absl::StatusOr<Value> Acosh(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::acosh(v); });
}

absl::StatusOr<Value> Atanh(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::atanh(v); });
}

absl::StatusOr<Value> Rad(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return v * std::numbers::pi / 180; });
}

absl::StatusOr<Value> Deg(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return v * 180 / std::numbers::pi; });
}

absl::StatusOr<Value> Pi(InstantCall& call) {
  return Value(ScalarColumn(call.grid.size(), std::numbers::pi));
}

}  // namespace tidegate::promql
