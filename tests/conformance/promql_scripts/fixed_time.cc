#include "tests/conformance/promql_scripts/fixed_time.h"

#include <algorithm>
#include <iterator>
#include <memory>

#include "query/promql/syntax/clone.h"
#include "query/promql/syntax/parser.h"
#include "query/promql/syntax/render/printer.h"
#include "query/promql/syntax/walk.h"

namespace tidegate::conformance {
namespace {

using promql::Expr;

bool LooksAtTime(std::string_view function) {
  constexpr std::string_view kFunctions[] = {
      "day_of_month", "day_of_week", "day_of_year",    "days_in_month", "end",   "hour",
      "minute",       "month",       "predict_linear", "range",         "start", "start_timestamp",
      "step",         "time",        "timestamp",      "year",
  };
  return std::find(std::begin(kFunctions), std::end(kFunctions), function) != std::end(kFunctions);
}

void Fix(int64_t time_ms, promql::TimeModifiers* time) {
  if (time->timestamp_ms.has_value() || time->anchor != promql::AtAnchor::kNone) return;
  time->timestamp_ms = time_ms;
}

bool LooksAtTime(const Expr& expr) {
  if (const auto* call = promql::If<promql::Call>(&expr)) {
    if (LooksAtTime(call->function->name)) return true;
  }
  bool looks = false;
  promql::ForEachChild(expr, [&](const Expr& child) { looks = looks || LooksAtTime(child); });
  return looks;
}

// The selectors inside a subquery follow the subquery's own time; they stay as they are.
void FixSelectors(int64_t time_ms, Expr& expr) {
  if (auto* subquery = promql::If<promql::SubqueryExpr>(&expr)) {
    Fix(time_ms, &subquery->time);
    return;
  }
  if (auto* selector = promql::If<promql::VectorSelector>(&expr)) Fix(time_ms, &selector->time);
  if (auto* call = promql::If<promql::Call>(&expr); call && call->function->name == "info") {
    FixSelectors(time_ms, *call->args[0]);  // The second argument is not a selector of its own.
    return;
  }
  promql::ForEachChild(expr, [&](Expr& child) { FixSelectors(time_ms, child); });
}

bool UsesWindow(const promql::DurationSpec& spec) { return spec.expr != nullptr; }

bool UsesWindow(const Expr& expr) {
  if (const auto* call = promql::If<promql::Call>(&expr)) {
    const std::string_view name = call->function->name;
    if (name == "start" || name == "end" || name == "range" || name == "step") return true;
  }
  if (const auto* selector = promql::If<promql::VectorSelector>(&expr)) {
    if (selector->time.anchor != promql::AtAnchor::kNone || UsesWindow(selector->time.offset)) {
      return true;
    }
  }
  if (const auto* matrix = promql::If<promql::MatrixSelector>(&expr)) {
    if (UsesWindow(matrix->range)) return true;
  }
  if (const auto* subquery = promql::If<promql::SubqueryExpr>(&expr)) {
    if (subquery->time.anchor != promql::AtAnchor::kNone || UsesWindow(subquery->time.offset) ||
        UsesWindow(subquery->range) || UsesWindow(subquery->step)) {
      return true;
    }
  }
  bool uses = false;
  promql::ForEachChild(expr, [&](const Expr& child) { uses = uses || UsesWindow(child); });
  return uses;
}

}  // namespace

std::optional<std::string> FixTime(std::string_view query, int64_t time_ms) {
  promql::ParseError error;
  const std::unique_ptr<const Expr> parsed = promql::ParseExpression(query, &error);
  if (parsed == nullptr) return std::nullopt;
  const promql::ExprPtr copy = promql::Clone(*parsed);
  if (LooksAtTime(*copy)) return std::nullopt;
  FixSelectors(time_ms, *copy);
  return promql::ToString(*copy);
}

bool DependsOnWindow(std::string_view query) {
  promql::ParseError error;
  const std::unique_ptr<const Expr> parsed = promql::ParseExpression(query, &error);
  return parsed == nullptr || UsesWindow(*parsed);
}

}  // namespace tidegate::conformance
