#include "query/promql/syntax/duration_resolver.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "fmt/format.h"
#include "query/promql/syntax/clone.h"
#include "query/promql/syntax/walk.h"

namespace tidegate::promql {
namespace {

enum class Sign { kPositive, kAny };

constexpr double kMaxSeconds = 9223372036854775808.0 / 1e9;  // 2^63 ns

absl::Status Fault(const Expr& expr, std::string_view reason) {
  return absl::InvalidArgumentError(
      fmt::format("{}:{}: {}", expr.position.start, expr.position.end, reason));
}

// Go's math.Min and math.Max: NaN wins over everything, unlike in fmin and fmax.
double MinOf(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::nan("");
  return std::min(a, b);
}

double MaxOf(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::nan("");
  return std::max(a, b);
}

// Resolves a tree in place.
class DurationResolver {
 public:
  explicit DurationResolver(const QueryWindow& window)
      : step_seconds_(static_cast<double>(window.step_ms) / 1000),
        range_seconds_(static_cast<double>(window.end_ms - window.start_ms) / 1000) {}

  absl::Status Resolve(Expr* expr);

 private:
  absl::Status ResolveSpec(Sign sign, DurationSpec* spec);
  // In seconds. Null, the missing operand of a sign, counts as 0.
  absl::StatusOr<double> Evaluate(const Expr* expr);
  absl::StatusOr<double> Apply(const DurationExpr& node, double lhs, double rhs);

  const double step_seconds_;
  const double range_seconds_;
};

absl::Status DurationResolver::Resolve(Expr* expr) {
  absl::Status status;
  if (auto* selector = If<VectorSelector>(expr)) {
    return ResolveSpec(Sign::kAny, &selector->time.offset);
  }
  if (auto* matrix = If<MatrixSelector>(expr)) {
    status = ResolveSpec(Sign::kPositive, &matrix->range);
  } else if (auto* subquery = If<SubqueryExpr>(expr)) {
    status = ResolveSpec(Sign::kAny, &subquery->time.offset);
    if (status.ok()) status = ResolveSpec(Sign::kPositive, &subquery->step);
    if (status.ok()) status = ResolveSpec(Sign::kPositive, &subquery->range);
  }
  ForEachChild(*expr, [this, &status](Expr& child) {
    if (status.ok()) status = Resolve(&child);
  });
  return status;
}

absl::Status DurationResolver::ResolveSpec(Sign sign, DurationSpec* spec) {
  if (spec->expr == nullptr) return absl::OkStatus();
  const absl::StatusOr<double> seconds = Evaluate(spec->expr.get());
  if (!seconds.ok()) return seconds.status();
  if (*seconds <= 0 && sign == Sign::kPositive) {
    return Fault(*spec->expr, "duration must be greater than 0");
  }
  if (!(std::abs(*seconds) < kMaxSeconds)) return Fault(*spec->expr, "duration is out of range");
  spec->ms = static_cast<int64_t>(*seconds * 1000);
  spec->expr.reset();
  return absl::OkStatus();
}

absl::StatusOr<double> DurationResolver::Evaluate(const Expr* expr) {
  if (expr == nullptr) return 0.0;
  if (const auto* number = If<NumberLiteral>(expr)) return number->value;
  const auto& node = As<DurationExpr>(*expr);
  const absl::StatusOr<double> lhs = Evaluate(node.lhs.get());
  if (!lhs.ok()) return lhs;
  const absl::StatusOr<double> rhs = Evaluate(node.rhs.get());
  if (!rhs.ok()) return rhs;
  return Apply(node, *lhs, *rhs);
}

absl::StatusOr<double> DurationResolver::Apply(const DurationExpr& node, double lhs, double rhs) {
  switch (node.op) {
    case DurationOp::kStep:
      return step_seconds_;
    case DurationOp::kRange:
      return range_seconds_;
    case DurationOp::kMinOf:
      return MinOf(lhs, rhs);
    case DurationOp::kMaxOf:
      return MaxOf(lhs, rhs);
    case DurationOp::kAdd:
      return lhs + rhs;
    case DurationOp::kSub:
      return lhs - rhs;
    case DurationOp::kMul:
      return lhs * rhs;
    case DurationOp::kDiv:
      if (rhs == 0) return Fault(node, "division by zero");
      return lhs / rhs;
    case DurationOp::kMod:
      if (rhs == 0) return Fault(node, "modulo by zero");
      return std::fmod(lhs, rhs);
    case DurationOp::kPow:
      return std::pow(lhs, rhs);
  }
  return Fault(node, "unexpected duration expression operator");
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Expr>> ResolveDurations(const Expr& expr,
                                                             const QueryWindow& window) {
  ExprPtr copy = Clone(expr);
  const absl::Status status = DurationResolver(window).Resolve(copy.get());
  if (!status.ok()) return status;
  return std::unique_ptr<const Expr>(std::move(copy));
}

}  // namespace tidegate::promql
