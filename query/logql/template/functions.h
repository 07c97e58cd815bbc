// The functions that templates may call, by name.
#ifndef TIDEGATE_QUERY_LOGQL_TEMPLATE_FUNCTIONS_H_
#define TIDEGATE_QUERY_LOGQL_TEMPLATE_FUNCTIONS_H_

#include <cstddef>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "query/logql/template/value.h"

namespace tidegate::logql {

// A piped value is the last argument.
using Arguments = absl::Span<const Value>;

struct TemplateFunction {
  static constexpr size_t kAny = ~size_t{0};

  std::string_view name;
  size_t least;
  size_t most;  // kAny: no bound.
  absl::StatusOr<Value> (*call)(Arguments);
};

// Functions that make a text longer (repeat, replace, print ...) return none that is longer than
// this, or an error.
inline constexpr size_t kMaxTemplateText = 1 << 20;

// Families. Each is a table sorted by nothing in particular.
absl::Span<const TemplateFunction> LogicFunctions();  // Comparisons, not, default, print.
absl::Span<const TemplateFunction> MathFunctions();
absl::Span<const TemplateFunction> RegexFunctions();  // Compile their expression on every call.
absl::Span<const TemplateFunction> TextFunctions();
absl::Span<const TemplateFunction> UnitFunctions();

// Null: there is no such function.
const TemplateFunction* FindTemplateFunction(std::string_view name);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_TEMPLATE_FUNCTIONS_H_
