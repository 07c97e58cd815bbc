#include "query/promql/functions/math.h"

#include <cmath>
#include <limits>

#include "query/promql/functions/map_floats.h"
#include "query/vector/go_float.h"

namespace tidegate::promql {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The bounds may differ from step to step; where they cross there is no result.
template <typename Min, typename Max>
Value ClampTo(InstantCall& call, Min min, Max max) {
  StepVector vector = std::get<StepVector>(MapFloats(call, [&](double value, size_t i) {
    return query::GoMax(min(i), query::GoMin(max(i), value));
  }));
  for (size_t i = 0; i < call.grid.size(); ++i) {
    if (!(max(i) < min(i))) continue;
    for (StepSeries& series : vector) series.ClearStep(i);
  }
  query::DropEmptySeries(&vector);
  return vector;
}

}  // namespace

absl::StatusOr<Value> Abs(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::abs(v); });
}

absl::StatusOr<Value> Ceil(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::ceil(v); });
}

absl::StatusOr<Value> Floor(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::floor(v); });
}

absl::StatusOr<Value> Exp(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::exp(v); });
}

absl::StatusOr<Value> Sqrt(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::sqrt(v); });
}

absl::StatusOr<Value> Ln(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::log(v); });
}

absl::StatusOr<Value> Log2(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::log2(v); });
}

absl::StatusOr<Value> Log10(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return std::log10(v); });
}

absl::StatusOr<Value> Sgn(InstantCall& call) {
  return MapFloats(call, [](double v, size_t) { return v < 0 ? -1.0 : v > 0 ? 1.0 : v; });
}

absl::StatusOr<Value> Round(InstantCall& call) {
  const ScalarColumn nearest =
      call.args.size() > 1 ? call.Scalar(1) : ScalarColumn(call.grid.size(), 1.0);
  return MapFloats(call, [&nearest](double v, size_t i) {
    // Multiplying by the inverse is what Prometheus does; ties go up.
    const double inverse = 1.0 / nearest[i];
    return std::floor(v * inverse + 0.5) / inverse;
  });
}

absl::StatusOr<Value> Clamp(InstantCall& call) {
  const ScalarColumn& min = call.Scalar(1);
  const ScalarColumn& max = call.Scalar(2);
  return ClampTo(
      call, [&min](size_t i) { return min[i]; }, [&max](size_t i) { return max[i]; });
}

absl::StatusOr<Value> ClampMin(InstantCall& call) {
  const ScalarColumn& min = call.Scalar(1);
  return ClampTo(
      call, [&min](size_t i) { return min[i]; }, [](size_t) { return kInfinity; });
}

absl::StatusOr<Value> ClampMax(InstantCall& call) {
  const ScalarColumn& max = call.Scalar(1);
  return ClampTo(
      call, [](size_t) { return -kInfinity; }, [&max](size_t i) { return max[i]; });
}

absl::StatusOr<Value> MaxOf(InstantCall& call) {
  ScalarColumn result = call.Scalar(0);
  for (size_t i = 0; i < result.size(); ++i) result[i] = query::GoMax(result[i], call.Scalar(1)[i]);
  return Value(std::move(result));
}

absl::StatusOr<Value> MinOf(InstantCall& call) {
  ScalarColumn result = call.Scalar(0);
  for (size_t i = 0; i < result.size(); ++i) result[i] = query::GoMin(result[i], call.Scalar(1)[i]);
  return Value(std::move(result));
}

}  // namespace tidegate::promql
