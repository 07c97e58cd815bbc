#include "query/logql/syntax/validation.h"

#include <fmt/format.h>

#include <string>

#include "query/logql/syntax/lexer.h"

namespace tidegate::logql {
namespace {

bool TakesGrouping(RangeOp op) {
  switch (op) {
    case RangeOp::kAvg:
    case RangeOp::kStddev:
    case RangeOp::kStdvar:
    case RangeOp::kQuantile:
    case RangeOp::kMax:
    case RangeOp::kMin:
    case RangeOp::kFirst:
    case RangeOp::kLast:
      return true;
    default:
      return false;
  }
}

// Reads lines as they are.
bool CountsLines(RangeOp op) {
  switch (op) {
    case RangeOp::kBytes:
    case RangeOp::kBytesRate:
    case RangeOp::kCount:
    case RangeOp::kRate:
    case RangeOp::kAbsent:
      return true;
    default:
      return false;
  }
}

bool TakesUnwrap(RangeOp op) {
  return !CountsLines(op) || op == RangeOp::kRate || op == RangeOp::kAbsent;
}

absl::Status CheckLeg(std::string_view side, BinaryOp op, const Expr& leg) {
  if (const auto* log = std::get_if<LogExpr>(&leg)) {
    return ParseError(
        0, 0,
        fmt::format("unexpected type for {} leg of binary operation ({}): *syntax.{}Expr", side,
                    Name(op), log->stages.empty() ? "Matchers" : "Pipeline"));
  }
  const double* literal = LiteralOf(leg);
  if (literal == nullptr || !IsSetOp(op)) return absl::OkStatus();
  return ParseError(
      0, 0,
      fmt::format("unexpected literal for {} leg of logical/set binary operation ({}): {:f}", side,
                  Name(op), *literal));
}

}  // namespace

absl::Status CheckSelector(const std::vector<model::Matcher>& matchers) {
  for (const model::Matcher& matcher : matchers) {
    const absl::StatusOr<model::CompiledMatcher> compiled =
        model::CompiledMatcher::Compile(matcher);
    if (!compiled.ok()) return ParseError(0, 0, std::string(compiled.status().message()));
    if (!compiled->MatchesEmpty()) return absl::OkStatus();
  }
  return ParseError(0, 0,
                    "queries require at least one regexp or equality matcher that does not have an "
                    "empty-compatible value. For instance, app=~\".*\" does not meet this "
                    "requirement, but app=~\".+\" will");
}

absl::Status CheckAggregation(const RangeAggregation& aggregation) {
  const RangeOp op = aggregation.op;
  if (aggregation.parameter.has_value() != (op == RangeOp::kQuantile)) {
    return ParseError(0, 0,
                      op == RangeOp::kQuantile
                          ? fmt::format("parameter required for operation {}", Name(op))
                          : fmt::format("parameter {} not supported for operation {}",
                                        *aggregation.parameter, Name(op)));
  }
  if (aggregation.grouping.has_value() && !TakesGrouping(op)) {
    return ParseError(0, 0, fmt::format("grouping not allowed for {} aggregation", Name(op)));
  }
  const bool unwrap = aggregation.range.unwrap.has_value();
  if (unwrap ? TakesUnwrap(op) : CountsLines(op)) return absl::OkStatus();
  return ParseError(
      0, 0, fmt::format("invalid aggregation {} {} unwrap", Name(op), unwrap ? "with" : "without"));
}

absl::Status CheckOperands(BinaryOp op, const Expr& left, const Expr& right) {
  const absl::Status status = CheckLeg("left", op, left);
  return status.ok() ? CheckLeg("right", op, right) : status;
}

bool IsSetOp(BinaryOp op) {
  return op == BinaryOp::kOr || op == BinaryOp::kAnd || op == BinaryOp::kUnless;
}

const double* LiteralOf(const Expr& expr) {
  const auto* sample = std::get_if<SampleExprPtr>(&expr);
  if (sample == nullptr) return nullptr;
  const auto* literal = std::get_if<LiteralExpr>(&(*sample)->node);
  return literal == nullptr ? nullptr : &literal->value;
}

}  // namespace tidegate::logql
