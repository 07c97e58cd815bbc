#include "query/logql/template/functions.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace tidegate::logql {

absl::Status CheckArgument(const TemplateFunction& function, size_t index, const Value& value) {
  if (function.types.empty()) return absl::OkStatus();
  const char type = function.types[std::min(index, function.types.size() - 1)];
  bool fits = true;
  const char* wanted = "";
  switch (type) {
    case 's':
      fits = std::holds_alternative<std::string>(value);
      wanted = "string";
      break;
    case 'i':
      fits = std::holds_alternative<int64_t>(value);
      wanted = "int";
      break;
    case 'f':
      fits = std::holds_alternative<int64_t>(value) || std::holds_alternative<double>(value);
      wanted = "float64";
      break;
    case 't':
      fits = std::holds_alternative<TimeValue>(value);
      wanted = "time.Time";
      break;
    default:
      break;
  }
  if (fits) return absl::OkStatus();
  if (std::holds_alternative<std::monostate>(value)) {
    return absl::InvalidArgumentError(std::string("invalid value; expected ") + wanted);
  }
  return absl::InvalidArgumentError(std::string("wrong type for value; expected ") + wanted +
                                    "; got " + TypeName(value));
}

const TemplateFunction* FindTemplateFunction(std::string_view name) {
  for (const auto family :
       {CollectionFunctions(), EscapeFunctions(), LogicFunctions(), MathFunctions(),
        PrintFunctions(), RegexFunctions(), TextFunctions(), TimeFunctions(), UnitFunctions()}) {
    for (const TemplateFunction& function : family) {
      if (function.name == name) return &function;
    }
  }
  return nullptr;
}

const TemplateFunction* FindGoFunction(std::string_view name) {
  static constexpr std::string_view kNames[] = {
      "call", "eq", "ge",  "gt",    "html",   "index",   "js",    "le",      "len",
      "lt",   "ne", "not", "print", "printf", "println", "slice", "urlquery"};
  if (std::find(std::begin(kNames), std::end(kNames), name) == std::end(kNames)) return nullptr;
  return FindTemplateFunction(name);
}

}  // namespace tidegate::logql
