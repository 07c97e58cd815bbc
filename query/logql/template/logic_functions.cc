#include <optional>
#include <string>

#include "absl/status/status.h"
#include "query/logql/template/functions.h"

namespace tidegate::logql {
namespace {

absl::Status Incomparable() {
  return absl::InvalidArgumentError("incompatible types for comparison");
}

// As Go's templates compare: only values of one kind. nullopt: not comparable.
std::optional<bool> Equal(const Value& a, const Value& b) {
  if (a.index() != b.index()) return std::nullopt;
  if (const auto* text = std::get_if<std::string>(&a)) return *text == std::get<std::string>(b);
  if (const auto* number = std::get_if<int64_t>(&a)) return *number == std::get<int64_t>(b);
  if (const auto* number = std::get_if<double>(&a)) return *number == std::get<double>(b);
  if (const auto* flag = std::get_if<bool>(&a)) return *flag == std::get<bool>(b);
  return std::nullopt;
}

std::optional<bool> Less(const Value& a, const Value& b) {
  if (a.index() != b.index()) return std::nullopt;
  if (const auto* text = std::get_if<std::string>(&a)) return *text < std::get<std::string>(b);
  if (const auto* number = std::get_if<int64_t>(&a)) return *number < std::get<int64_t>(b);
  if (const auto* number = std::get_if<double>(&a)) return *number < std::get<double>(b);
  return std::nullopt;
}

// The first equals any of the others.
absl::StatusOr<Value> Eq(Arguments args) {
  for (size_t i = 1; i < args.size(); ++i) {
    const std::optional<bool> equal = Equal(args[0], args[i]);
    if (!equal) return Incomparable();
    if (*equal) return Value(true);
  }
  return Value(false);
}

absl::StatusOr<Value> Ne(Arguments args) {
  const std::optional<bool> equal = Equal(args[0], args[1]);
  if (!equal) return Incomparable();
  return Value(!*equal);
}

absl::StatusOr<Value> Lt(Arguments args) {
  const std::optional<bool> less = Less(args[0], args[1]);
  if (!less) return Incomparable();
  return Value(*less);
}

// Not the opposite of gt: nothing is less than, equal to or greater than NaN.
absl::StatusOr<Value> Le(Arguments args) {
  const std::optional<bool> less = Less(args[0], args[1]);
  if (!less) return Incomparable();
  return Value(*less || *Equal(args[0], args[1]));
}

absl::StatusOr<Value> Gt(Arguments args) { return Lt({{args[1], args[0]}}); }
absl::StatusOr<Value> Ge(Arguments args) { return Le({{args[1], args[0]}}); }
absl::StatusOr<Value> Not(Arguments args) { return Value(!IsTrue(args[0])); }

absl::StatusOr<Value> Default(Arguments args) {
  return args.size() > 1 && IsTrue(args[1]) ? args[1] : args[0];
}

}  // namespace

absl::Span<const TemplateFunction> LogicFunctions() {
  static constexpr TemplateFunction kFunctions[] = {
      {"default", 1, 2, Default}, {"eq", 2, TemplateFunction::kAny, Eq},
      {"ge", 2, 2, Ge},           {"gt", 2, 2, Gt},
      {"le", 2, 2, Le},           {"lt", 2, 2, Lt},
      {"ne", 2, 2, Ne},           {"not", 1, 1, Not},
  };
  return kFunctions;
}

}  // namespace tidegate::logql
