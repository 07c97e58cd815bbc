// The functions that templates may call, by name.
#ifndef TIDEGATE_QUERY_LOGQL_TEMPLATE_FUNCTIONS_H_
#define TIDEGATE_QUERY_LOGQL_TEMPLATE_FUNCTIONS_H_

#include <cstddef>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "query/logql/template/value.h"

namespace re2 {
class RE2;
}

namespace tidegate::logql {

class TemplateInput;

// A piped value is the last argument.
using Arguments = absl::Span<const Value>;

struct TemplateFunction {
  static constexpr size_t kAny = ~size_t{0};

  std::string_view name;
  size_t least;
  size_t most;  // kAny: no bound.
  absl::StatusOr<Value> (*call)(Arguments);
  // What Go's functions take: one letter an argument, the last one for all that follow. s: a text;
  // i: an integer; f: a number; t: a time; a: anything. Empty: anything.
  std::string_view types = {};
  // For functions whose first argument is a regular expression: with the expression compiled
  // already, which `call` does on every call. The first argument is not looked at.
  absl::StatusOr<Value> (*with_regex)(const re2::RE2&, Arguments) = nullptr;
  // For functions that look at what is rendered; instead of `call`.
  absl::StatusOr<Value> (*with_input)(const TemplateInput&, Arguments) = nullptr;
};

// Whether a function takes `value` as its argument number `index` (from 0). `call` may rely on it.
// InvalidArgument, as Go words it, when it does not.
absl::Status CheckArgument(const TemplateFunction& function, size_t index, const Value& value);

// Functions that make a text longer (repeat, replace, print ...) return none that is longer than
// this, or an error.
inline constexpr size_t kMaxTemplateText = 1 << 20;

// Families. Each is a table sorted by nothing in particular.
absl::Span<const TemplateFunction> CollectionFunctions();  // len, index, slice, fromJson.
absl::Span<const TemplateFunction> EscapeFunctions();      // URLs, HTML, JavaScript, base64.
absl::Span<const TemplateFunction> LogicFunctions();       // Comparisons, not, default.
absl::Span<const TemplateFunction> MathFunctions();
absl::Span<const TemplateFunction> PrintFunctions();
absl::Span<const TemplateFunction> RegexFunctions();
absl::Span<const TemplateFunction> TextFunctions();
absl::Span<const TemplateFunction> TimeFunctions();
absl::Span<const TemplateFunction> UnitFunctions();

// LogQL's functions. Null: there is no such function.
const TemplateFunction* FindTemplateFunction(std::string_view name);
// Those of them that Go's text/template has itself.
const TemplateFunction* FindGoFunction(std::string_view name);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_TEMPLATE_FUNCTIONS_H_
